/** The queue workflow.commands. Holds no rules. */
@NullMarked
package io.holdfast.workflow.running.events;

import org.jspecify.annotations.NullMarked;
