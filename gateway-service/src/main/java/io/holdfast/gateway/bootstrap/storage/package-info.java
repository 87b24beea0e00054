/** Inserts the first rows, only where there are none. */
@NullMarked
package io.holdfast.gateway.bootstrap.storage;

import org.jspecify.annotations.NullMarked;
