/** Archives in a directory. */
@NullMarked
package io.holdfast.snapshot.store.storage;

import org.jspecify.annotations.NullMarked;
