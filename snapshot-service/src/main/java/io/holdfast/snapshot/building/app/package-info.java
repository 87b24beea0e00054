/** Requesting builds, and carrying them out under a claim that dies with its process. Knows no SQL. */
@NullMarked
package io.holdfast.snapshot.building.app;

import org.jspecify.annotations.NullMarked;
