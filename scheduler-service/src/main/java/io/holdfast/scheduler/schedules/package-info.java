/** When a schedule's occurrences fall: recurrences, weekdays, counts and iCalendar rules, in UTC. Knows no clock and no storage. */
@NullMarked
package io.holdfast.scheduler.schedules;

import org.jspecify.annotations.NullMarked;
