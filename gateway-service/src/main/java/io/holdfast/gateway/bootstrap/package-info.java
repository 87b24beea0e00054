/** What a new manager needs before anybody can log in. Must never overwrite what is there. */
@NullMarked
package io.holdfast.gateway.bootstrap;

import org.jspecify.annotations.NullMarked;
