/** Where archives lie until somebody wants them. Knows nothing of what is in them, nor of the catalogue. */
@NullMarked
package io.holdfast.snapshot.store;

import org.jspecify.annotations.NullMarked;
