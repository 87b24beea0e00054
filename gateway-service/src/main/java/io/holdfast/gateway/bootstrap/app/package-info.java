/** Fills an empty manager at its first start. */
@NullMarked
package io.holdfast.gateway.bootstrap.app;

import org.jspecify.annotations.NullMarked;
