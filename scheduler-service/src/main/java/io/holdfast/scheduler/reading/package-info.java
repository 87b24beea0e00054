/** What lists say beyond the rows: the rules that make one state of many. Plain Java. */
@NullMarked
package io.holdfast.scheduler.reading;

import org.jspecify.annotations.NullMarked;
