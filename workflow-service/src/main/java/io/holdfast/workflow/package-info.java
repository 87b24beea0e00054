/** Takes started executions and reports what became of them. Knows no state of its own, and nothing of schedules. */
@NullMarked
package io.holdfast.workflow;

import org.jspecify.annotations.NullMarked;
