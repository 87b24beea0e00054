/**
 * What becomes of the occurrences of schedules that a restore missed: those between the snapshot and the restore. Must not know how a
 * schedule's occurrences are worked out or how an execution is started.
 */
@NullMarked
package io.holdfast.scheduler.catchup;

import org.jspecify.annotations.NullMarked;
