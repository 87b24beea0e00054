package io.holdfast.messaging;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Gives SmallRye's connector the parts of {@code holdfast.broker.url}, so that the broker is named in one place. */
public final class BrokerConfigSourceFactory implements ConfigSourceFactory {

    /** Above the modules' own files (100), below the environment (300). */
    private static final int ORDINAL = 120;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue url = context.getValue("holdfast.broker.url");
        if (url == null || url.getValue() == null || url.getValue().isBlank()) {
            return List.of();
        }
        BrokerAddress address = BrokerAddress.parse(url.getValue());
        Map<String, String> properties = new HashMap<>();
        properties.put("rabbitmq-host", address.host());
        properties.put("rabbitmq-port", String.valueOf(address.port()));
        properties.put("rabbitmq-username", address.username());
        properties.put("rabbitmq-password", address.password());
        properties.put("rabbitmq-virtual-host", address.virtualHost());
        properties.put("rabbitmq-ssl", String.valueOf(address.tls()));
        return List.of(new PropertiesConfigSource(properties, "holdfast.broker.url", ORDINAL));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ORDINAL);
    }
}
