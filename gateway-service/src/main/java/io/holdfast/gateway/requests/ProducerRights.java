package io.holdfast.gateway.requests;

import io.holdfast.contracts.events.Event;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a producer's user may do at the broker, as RabbitMQ's regular expressions: write requests of its tenants, and have queues for
 * its replies. Nothing else: it sees no event, no command, and no reply of another.
 *
 * @param queues names of the queues that it may declare and read
 * @param write names of the exchanges that it may publish to
 * @param topic routing keys that it may publish with
 */
public record ProducerRights(String queues, String write, String topic) {

    /** Enough for a program and its successor side by side. */
    public static final int MOST_CONNECTIONS = 10;

    public static final int MOST_CHANNELS = 50;

    /** Matches nothing. */
    public static final String NOTHING = "^$";

    public static ProducerRights of(Producer producer) {
        return new ProducerRights(
                "^" + quoted(producer.replyQueue()) + "(\\..*)?$",
                "^" + quoted(Event.REQUESTS) + "$",
                "^request\\.("
                        + producer.tenants().stream()
                                .map(ProducerRights::quoted)
                                .collect(Collectors.joining("|"))
                        + ")\\.");
    }

    /** What an operator types who sets a user up at a RabbitMQ that we have no access to. */
    public List<String> commands(Producer producer, String virtualHost, String password) {
        String user = producer.brokerUser();
        String host = "'" + virtualHost.replace("'", "'\\''") + "'";
        return List.of(
                "rabbitmqctl add_user " + user + " '" + password + "'",
                "rabbitmqctl set_permissions -p " + host + " " + user + " '" + queues + "' '" + write + "' '" + queues
                        + "'",
                "rabbitmqctl set_topic_permissions -p " + host + " " + user + " " + Event.REQUESTS + " '" + topic
                        + "' '" + NOTHING + "'",
                "rabbitmqctl set_user_limits " + user + " '{\"max-connections\": " + MOST_CONNECTIONS
                        + ", \"max-channels\": " + MOST_CHANNELS + "}'");
    }

    private static String quoted(String text) {
        return text.replaceAll("[^A-Za-z0-9_]", "\\\\$0");
    }
}
