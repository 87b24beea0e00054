/**
 * When a schedule's occurrences fall (recurrences, weekdays, counts, iCalendar rules and cron, in any zone) and what is decided on each.
 * Knows no clock and no storage.
 */
@NullMarked
package io.holdfast.scheduler.schedules;

import org.jspecify.annotations.NullMarked;
