/** Schedules at work: the calendar behind their rules (RFC 5545, by lib-recur). Knows no clock, no storage, no HTTP. */
@NullMarked
package io.holdfast.scheduler.schedules.app;

import org.jspecify.annotations.NullMarked;
