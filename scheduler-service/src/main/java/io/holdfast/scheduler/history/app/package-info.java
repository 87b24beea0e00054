/** Use cases on the history of executions, each one transaction. */
@NullMarked
package io.holdfast.scheduler.history.app;

import org.jspecify.annotations.NullMarked;
