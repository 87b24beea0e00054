/** Which node has which archive, as the active node keeps it. */
@NullMarked
package io.holdfast.snapshot.copies.storage;

import org.jspecify.annotations.NullMarked;
