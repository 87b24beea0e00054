/** Takes started executions and reports what became of them. Remembers what it took, and nothing of schedules. */
@NullMarked
package io.holdfast.workflow;

import org.jspecify.annotations.NullMarked;
