package io.holdfast.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the effective settings of every RabbitMQ channel: the channel's own, else the connector's. The connector's defaults lose
 * messages (no confirms, reject on failure) or ask the broker for what the embedded one refuses.
 */
public final class ChannelRules {

    private static final String CONNECTOR = "smallrye-rabbitmq";

    private static final Pattern CHANNEL =
            Pattern.compile("mp\\.messaging\\.(incoming|outgoing)\\.([^.]+)\\.connector");

    /** Beyond it, one consumer hoards work that another instance could do. */
    private static final int MOST_OUTSTANDING = 256;

    private static final Map<String, String> INCOMING = Map.of(
            "auto-acknowledgement", "false",
            "failure-strategy", "requeue",
            "queue.durable", "true",
            "queue.declare", "false",
            "exchange.declare", "false");

    private static final Map<String, String> OUTGOING = Map.of("publish-confirms", "true", "exchange.declare", "false");

    private ChannelRules() {}

    /** @param properties the merged configuration of a service: its own file over those of the modules that it uses */
    public static List<String> violations(Map<String, String> properties) {
        List<String> violations = new ArrayList<>();
        new TreeMap<>(properties).forEach((key, value) -> {
            Matcher channel = CHANNEL.matcher(key);
            if (channel.matches() && value.equals(CONNECTOR)) {
                check(properties, channel.group(1), channel.group(2), violations);
            }
        });
        return violations;
    }

    private static void check(
            Map<String, String> properties, String direction, String channel, List<String> violations) {
        Map<String, String> required = direction.equals("incoming") ? INCOMING : OUTGOING;
        new TreeMap<>(required).forEach((setting, expected) -> {
            String actual = effective(properties, direction, channel, setting);
            if (!expected.equals(actual)) {
                violations.add(
                        direction + " channel " + channel + ": " + setting + " is " + actual + ", must be " + expected);
            }
        });
        if (direction.equals("incoming")) {
            String outstanding = effective(properties, direction, channel, "max-outstanding-messages");
            if (outstanding == null
                    || !outstanding.matches("[1-9][0-9]{0,3}")
                    || Integer.parseInt(outstanding) > MOST_OUTSTANDING) {
                violations.add("incoming channel " + channel + ": max-outstanding-messages is " + outstanding
                        + ", must be 1 to " + MOST_OUTSTANDING);
            }
        }
    }

    private static @Nullable String effective(
            Map<String, String> properties, String direction, String channel, String setting) {
        String own = properties.get("mp.messaging." + direction + "." + channel + "." + setting);
        return own == null ? properties.get("mp.messaging.connector." + CONNECTOR + "." + setting) : own;
    }
}
