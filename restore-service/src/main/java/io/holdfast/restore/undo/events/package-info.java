/** Facts of other services that end an undo point. */
@NullMarked
package io.holdfast.restore.undo.events;

import org.jspecify.annotations.NullMarked;
