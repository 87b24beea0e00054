/** The queues workflow.commands and workflow.events. Holds no rules. */
@NullMarked
package io.holdfast.workflow.running.events;

import org.jspecify.annotations.NullMarked;
