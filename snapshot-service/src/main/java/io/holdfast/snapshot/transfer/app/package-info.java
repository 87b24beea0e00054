/** Receiving, validating and registering archives; opening them for download. */
@NullMarked
package io.holdfast.snapshot.transfer.app;

import org.jspecify.annotations.NullMarked;
