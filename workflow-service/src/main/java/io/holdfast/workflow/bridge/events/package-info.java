/** The other product's exchanges and queues. Holds no rules about what a message says. */
@NullMarked
package io.holdfast.workflow.bridge.events;

import org.jspecify.annotations.NullMarked;
