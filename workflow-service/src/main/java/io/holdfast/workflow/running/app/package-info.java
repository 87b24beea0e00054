/** Answers started executions, in the transaction that took them in. Knows no broker. */
@NullMarked
package io.holdfast.workflow.running.app;

import org.jspecify.annotations.NullMarked;
