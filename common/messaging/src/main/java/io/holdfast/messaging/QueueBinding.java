package io.holdfast.messaging;

import java.util.List;

/**
 * A queue that a service consumes, and what is routed to it.
 *
 * @param queue its name, {@code <service>.commands} or {@code <service>.events}
 * @param exchange one of {@link io.holdfast.contracts.events.Event#EVENTS} and {@link io.holdfast.contracts.events.Event#COMMANDS}
 * @param routingKeys topic patterns ({@code *} one word, {@code #} any number)
 */
public record QueueBinding(String queue, String exchange, List<String> routingKeys) {

    public QueueBinding {
        routingKeys = List.copyOf(routingKeys);
        if (routingKeys.isEmpty()) {
            throw new IllegalArgumentException("queue " + queue + " would get nothing: no routing keys");
        }
    }
}
