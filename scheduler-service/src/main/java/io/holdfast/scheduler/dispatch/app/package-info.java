/** The loop that sleeps until something is due and the use case that claims it. */
@NullMarked
package io.holdfast.scheduler.dispatch.app;

import org.jspecify.annotations.NullMarked;
