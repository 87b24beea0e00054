/** Use cases on executions, each one transaction. Knows no transport. */
@NullMarked
package io.holdfast.scheduler.executions.app;

import org.jspecify.annotations.NullMarked;
