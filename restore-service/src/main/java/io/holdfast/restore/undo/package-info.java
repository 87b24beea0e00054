/** The way back from a restore: the former state, kept until the next restore or snapshot. Must not know how restores are run. */
@NullMarked
package io.holdfast.restore.undo;

import org.jspecify.annotations.NullMarked;
