/** Schedules at work: making and changing them, and deciding on what is due. Knows no SQL and no HTTP. */
@NullMarked
package io.holdfast.scheduler.schedules.app;

import org.jspecify.annotations.NullMarked;
