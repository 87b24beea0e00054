/** Ports of what the scheduler answers in lists and gets. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.scheduler.reading.app;

import org.jspecify.annotations.NullMarked;
