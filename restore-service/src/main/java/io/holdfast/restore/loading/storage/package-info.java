/** Loading into PostgreSQL: COPY writers, the content store, and the reader of our own archives. Must not know requests or the swap. */
@NullMarked
package io.holdfast.restore.loading.storage;

import org.jspecify.annotations.NullMarked;
