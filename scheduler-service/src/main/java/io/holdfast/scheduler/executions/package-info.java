/** What an execution is, which changes of it are legal and what submitting one requires. Knows no database, broker or HTTP. */
@NullMarked
package io.holdfast.scheduler.executions;

import org.jspecify.annotations.NullMarked;
