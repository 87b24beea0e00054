package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.ChannelRules;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Pins what every channel of every service inherits. */
class ChannelSettingsTest {

    @Test
    void channelThatSaysNothingItselfIsSafe() throws IOException {
        // given
        Properties properties = new Properties();
        try (InputStream in = MessagingConfig.class.getResourceAsStream("/META-INF/microprofile-config.properties")) {
            properties.load(in);
        }
        Map<String, String> merged = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> merged.put(name, properties.getProperty(name)));
        merged.put("mp.messaging.incoming.any.connector", "holdfast-rabbitmq");
        merged.put("mp.messaging.outgoing.any.connector", "smallrye-rabbitmq");
        // then
        assertThat(ChannelRules.violations(merged)).isEmpty();
    }
}
