/** Requesting log bundles, gathering what is in them, keeping not too many of them. */
@NullMarked
package io.holdfast.snapshot.bundles.app;

import org.jspecify.annotations.NullMarked;
