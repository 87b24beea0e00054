package io.holdfast.messaging;

import io.holdfast.contracts.events.Event;
import java.util.List;

/**
 * A queue that a service consumes, and what is routed to it.
 *
 * @param queue its name, {@code <service>.commands}, {@code <service>.events} or {@code <service>.requests}
 * @param exchange {@link Event#EVENTS}, {@link Event#COMMANDS} or {@link Event#REQUESTS}
 * @param routingKeys topic patterns ({@code *} one word, {@code #} any number)
 */
public record QueueBinding(String queue, String exchange, List<String> routingKeys) {

    public QueueBinding {
        routingKeys = List.copyOf(routingKeys);
        if (routingKeys.isEmpty()) {
            throw new IllegalArgumentException("queue " + queue + " would get nothing: no routing keys");
        }
    }

    /** Whether programs outside send there. They are answered; what they sent is nothing that could be handled again later. */
    public boolean isForRequests() {
        return exchange.equals(Event.REQUESTS);
    }
}
