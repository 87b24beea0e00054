/** Schedules and their history in the tables of the scheduler. */
@NullMarked
package io.holdfast.scheduler.schedules.storage;

import org.jspecify.annotations.NullMarked;
