/** The gate's present state, at most a moment old. */
@NullMarked
package io.holdfast.gateway.maintenance.app;

import org.jspecify.annotations.NullMarked;
