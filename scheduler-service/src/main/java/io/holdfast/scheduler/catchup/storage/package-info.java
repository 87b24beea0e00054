/** Missed schedules in the tables of the scheduler. */
@NullMarked
package io.holdfast.scheduler.catchup.storage;

import org.jspecify.annotations.NullMarked;
