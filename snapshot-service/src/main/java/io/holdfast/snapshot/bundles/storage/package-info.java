/** The catalogue of log bundles, and what the database tells of itself. */
@NullMarked
package io.holdfast.snapshot.bundles.storage;

import org.jspecify.annotations.NullMarked;
