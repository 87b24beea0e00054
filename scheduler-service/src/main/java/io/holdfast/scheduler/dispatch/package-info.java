/** What is needed to hand due executions to a worker. Knows no database. */
@NullMarked
package io.holdfast.scheduler.dispatch;

import org.jspecify.annotations.NullMarked;
