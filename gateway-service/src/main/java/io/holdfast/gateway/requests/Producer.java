package io.holdfast.gateway.requests;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A program outside that may send requests.
 *
 * @param brokerUser its user at the broker
 * @param username the user of the manager whose permissions its requests have
 * @param tenants what it may ask about, as far as the user may
 * @param ratePerSecond requests that it may send a second for long; as many at once
 */
public record Producer(
        String clientId,
        String brokerUser,
        String username,
        List<String> tenants,
        int ratePerSecond,
        String createdBy,
        Instant createdAt) {

    /** What a client id may be: part of queue names and of regular expressions, so nothing else. */
    public static final Pattern CLIENT_ID = Pattern.compile("[a-z0-9-]{1,64}");

    public static final int HIGHEST_RATE = 100_000;

    /** Names that brokers and we ourselves use. */
    private static final Set<String> TAKEN = Set.of("guest", "holdfast", "admin", "administrator", "rabbitmq", "root");

    public Producer {
        tenants = List.copyOf(tenants);
    }

    /** Whether another user of the broker may go by this name. */
    public static boolean isTaken(String clientId) {
        return TAKEN.contains(clientId) || clientId.startsWith("holdfast-");
    }

    /** The queue that it reads replies from. */
    public String replyQueue() {
        return "reply." + clientId;
    }

    /** Whether a reply may go there: the producer's own queue or one below it. We publish with rights that it does not have. */
    public boolean mayBeAnsweredAt(String queue) {
        return queue.equals(replyQueue()) || queue.startsWith(replyQueue() + ".") && queue.length() <= 255;
    }
}
