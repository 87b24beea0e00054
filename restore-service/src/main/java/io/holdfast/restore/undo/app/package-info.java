/** Undo a restore, or drop what is kept for it. */
@NullMarked
package io.holdfast.restore.undo.app;

import org.jspecify.annotations.NullMarked;
