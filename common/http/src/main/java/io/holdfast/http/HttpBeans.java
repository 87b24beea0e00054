package io.holdfast.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.holdfast.contracts.keys.MasterKey;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The beans that no service makes for itself: the clock, the installation's key and what hangs on it, the dialect of JSON. */
@ApplicationScoped
public class HttpBeans {

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Made at startup, so that a missing or broken key stops the service there and not at the first request. */
    @Produces
    @Singleton
    @Startup
    MasterKey masterKey(@ConfigProperty(name = "holdfast.secret-key") Optional<String> configured) {
        return MasterKey.of(configured.orElseThrow(() -> new IllegalArgumentException(
                "holdfast.secret-key (HOLDFAST_SECRET_KEY) is not set. " + MasterKey.howToMakeOne())));
    }

    @Produces
    @Singleton
    IdentitySigner identitySigner(MasterKey masterKey, Clock clock) {
        return new IdentitySigner(masterKey, clock);
    }

    @Produces
    @Singleton
    ExecutionTokens executionTokens(MasterKey masterKey) {
        return new ExecutionTokens(masterKey);
    }

    @Produces
    @Singleton
    PluginTokens pluginTokens(MasterKey masterKey) {
        return new PluginTokens(masterKey);
    }

    /** Times as ISO-8601 text; numbers would leave their unit to guesswork. */
    @Produces
    @Singleton
    ObjectMapperCustomizer isoTimes() {
        return HttpBeans::isoTimes;
    }

    private static void isoTimes(ObjectMapper mapper) {
        mapper.disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        mapper.disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    }
}
