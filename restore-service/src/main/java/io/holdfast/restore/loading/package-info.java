/**
 * What fills staged schemas from an archive, whatever product wrote it: the port that a reader of archives implements, and what it is
 * given. Must not know requests, the swap, or any single archive format.
 */
@NullMarked
package io.holdfast.restore.loading;

import org.jspecify.annotations.NullMarked;
