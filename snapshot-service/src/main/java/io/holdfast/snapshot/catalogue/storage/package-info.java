/** The catalogue in the control schema. Entities never leave it. */
@NullMarked
package io.holdfast.snapshot.catalogue.storage;

import org.jspecify.annotations.NullMarked;
