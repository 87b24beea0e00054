package io.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChannelRulesTest {

    private static final Map<String, String> SAFE_CONNECTOR = Map.of(
            "mp.messaging.connector.holdfast-rabbitmq.max-outstanding-messages", "64",
            "mp.messaging.connector.smallrye-rabbitmq.exchange.declare", "false",
            "mp.messaging.connector.smallrye-rabbitmq.publish-confirms", "true");

    private static Map<String, String> with(Map<String, String> base, String... more) {
        Map<String, String> properties = new HashMap<>(base);
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    @Test
    void channelsInheritTheConnectorsSafety() {
        assertThat(ChannelRules.violations(with(
                        SAFE_CONNECTOR,
                        "mp.messaging.incoming.x-events.connector",
                        "holdfast-rabbitmq",
                        "mp.messaging.outgoing.x-out.connector",
                        "smallrye-rabbitmq")))
                .isEmpty();
    }

    @Test
    void aChannelThatLoosensASettingIsCaught() {
        assertThat(ChannelRules.violations(with(
                        SAFE_CONNECTOR,
                        "mp.messaging.incoming.x-events.connector",
                        "holdfast-rabbitmq",
                        "mp.messaging.incoming.x-events.max-outstanding-messages",
                        "1000")))
                .containsExactly("incoming channel x-events: max-outstanding-messages is 1000, must be 1 to 256");
    }

    @Test
    void aChannelThatReceivesByAnotherConnectorIsCaught() {
        assertThat(ChannelRules.violations(with(
                        SAFE_CONNECTOR,
                        "mp.messaging.incoming.x-events.connector",
                        "smallrye-rabbitmq",
                        "mp.messaging.incoming.x-events.max-outstanding-messages",
                        "64")))
                .containsExactly(
                        "incoming channel x-events: connector is smallrye-rabbitmq, must be holdfast-rabbitmq");
    }

    @Test
    void theConnectorsOwnDefaultsAreNotSafe() {
        assertThat(ChannelRules.violations(Map.of("mp.messaging.outgoing.x-out.connector", "smallrye-rabbitmq")))
                .contains("outgoing channel x-out: publish-confirms is null, must be true");
        assertThat(ChannelRules.violations(Map.of("mp.messaging.incoming.x-in.connector", "holdfast-rabbitmq")))
                .contains("incoming channel x-in: max-outstanding-messages is null, must be 1 to 256");
    }

    @Test
    void otherConnectorsAreNoneOfItsBusiness() {
        assertThat(ChannelRules.violations(Map.of("mp.messaging.incoming.x.connector", "smallrye-in-memory")))
                .isEmpty();
    }
}
