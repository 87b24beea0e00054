/** Executions, groups, schedules, events, graphs and operations as they stand in PostgreSQL, for reading only. */
@NullMarked
package io.holdfast.scheduler.reading.storage;

import org.jspecify.annotations.NullMarked;
