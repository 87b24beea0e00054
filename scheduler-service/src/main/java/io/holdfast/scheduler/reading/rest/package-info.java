/** The reading half of the scheduler's resources: parse, ask, answer. */
@NullMarked
package io.holdfast.scheduler.reading.rest;

import org.jspecify.annotations.NullMarked;
