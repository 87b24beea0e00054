/** Starts, stops and changes execution groups: use cases and their ports. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.scheduler.groups.app;

import org.jspecify.annotations.NullMarked;
