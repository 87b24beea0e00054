/**
 * What a restore makes of executions that had not ended when the snapshot was taken. Must not know how an archive is read or how the
 * staged state becomes live.
 */
@NullMarked
package io.holdfast.restore.rule;

import org.jspecify.annotations.NullMarked;
