package io.holdfast.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the effective settings of every RabbitMQ channel: the channel's own, else the connector's. What is received goes through our
 * own connector; the defaults of SmallRye's, which is left for what is sent, lose messages (no confirms) or ask the broker for what the
 * embedded one refuses.
 */
public final class ChannelRules {

    private static final String RECEIVING = "holdfast-rabbitmq";
    private static final String SENDING = "smallrye-rabbitmq";

    private static final Pattern CHANNEL =
            Pattern.compile("mp\\.messaging\\.(incoming|outgoing)\\.([^.]+)\\.connector");

    /** Beyond it, one consumer hoards work that another instance could do. */
    private static final int MOST_OUTSTANDING = 256;

    private static final Map<String, String> OUTGOING = Map.of("publish-confirms", "true", "exchange.declare", "false");

    private ChannelRules() {}

    /** @param properties the merged configuration of a service: its own file over those of the modules that it uses */
    public static List<String> violations(Map<String, String> properties) {
        List<String> violations = new ArrayList<>();
        new TreeMap<>(properties).forEach((key, value) -> {
            Matcher channel = CHANNEL.matcher(key);
            if (channel.matches() && (value.equals(RECEIVING) || value.equals(SENDING))) {
                String name = channel.group(2);
                if (channel.group(1).equals("incoming")) {
                    checkIncoming(properties, name, value, violations);
                } else {
                    checkOutgoing(properties, name, violations);
                }
            }
        });
        return violations;
    }

    private static void checkIncoming(
            Map<String, String> properties, String channel, String connector, List<String> violations) {
        if (!connector.equals(RECEIVING)) {
            violations.add("incoming channel " + channel + ": connector is " + connector + ", must be " + RECEIVING);
        }
        String outstanding = effective(properties, "incoming." + channel, connector, "max-outstanding-messages");
        if (outstanding == null
                || !outstanding.matches("[1-9][0-9]{0,3}")
                || Integer.parseInt(outstanding) > MOST_OUTSTANDING) {
            violations.add("incoming channel " + channel + ": max-outstanding-messages is " + outstanding
                    + ", must be 1 to " + MOST_OUTSTANDING);
        }
    }

    private static void checkOutgoing(Map<String, String> properties, String channel, List<String> violations) {
        new TreeMap<>(OUTGOING).forEach((setting, expected) -> {
            String actual = effective(properties, "outgoing." + channel, SENDING, setting);
            if (!expected.equals(actual)) {
                violations.add(
                        "outgoing channel " + channel + ": " + setting + " is " + actual + ", must be " + expected);
            }
        });
    }

    private static @Nullable String effective(
            Map<String, String> properties, String channel, String connector, String setting) {
        String own = properties.get("mp.messaging." + channel + "." + setting);
        return own == null ? properties.get("mp.messaging.connector." + connector + "." + setting) : own;
    }
}
