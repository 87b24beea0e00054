/**
 * The snapshot archive: its layout, a writer, a reader that trusts nothing, and the telling apart of foreign layouts. It must not know any
 * database, broker or framework: the format outlives the software that wrote it. The format is specified in {@code docs/archive-format.md}.
 */
@NullMarked
package io.holdfast.archive;

import org.jspecify.annotations.NullMarked;
