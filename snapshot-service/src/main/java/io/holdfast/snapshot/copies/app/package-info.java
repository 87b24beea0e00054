/** Keeps this node's archives as the catalogue says, and finds one that is elsewhere. Knows no transport. */
@NullMarked
package io.holdfast.snapshot.copies.app;

import org.jspecify.annotations.NullMarked;
