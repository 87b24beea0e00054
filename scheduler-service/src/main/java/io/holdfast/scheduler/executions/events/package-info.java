/** Commands and facts that change executions. Knows no rules. */
@NullMarked
package io.holdfast.scheduler.executions.events;

import org.jspecify.annotations.NullMarked;
