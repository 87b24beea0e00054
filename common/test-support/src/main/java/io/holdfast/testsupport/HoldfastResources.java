package io.holdfast.testsupport;

import static java.util.Map.entry;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service needs to start in a {@code @QuarkusTest}: an empty database, an empty broker, a key, a data directory. Use it as
 * {@code @QuarkusTestResource(HoldfastResources.class)}. The broker is Qpid, or RabbitMQ where {@value #BROKER_VARIABLE} says
 * {@code rabbitmq}.
 */
public final class HoldfastResources implements QuarkusTestResourceLifecycleManager {

    /** Environment variable: {@code qpid} (default) or {@code rabbitmq}. */
    public static final String BROKER_VARIABLE = "HOLDFAST_TEST_BROKER";

    /** A key of no secrecy at all. */
    public static final String SECRET_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private @Nullable TestBroker broker;
    private @Nullable Path data;

    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.create();
        broker = TestBroker.of(System.getenv().getOrDefault(BROKER_VARIABLE, "qpid"));
        data = TestFiles.directory("data");
        return Map.ofEntries(
                entry("holdfast.database.url", database.url()),
                entry("holdfast.database.username", database.username()),
                entry("holdfast.database.password", database.password()),
                entry("holdfast.broker.url", broker.url()),
                entry("holdfast.secret-key", SECRET_KEY),
                entry("holdfast.data", data.toString()),
                // The servers' own chatter would bury what a failing test says.
                entry("quarkus.log.category.\"qpid.message\".level", "WARN"),
                entry("quarkus.log.category.\"org.apache.qpid\".level", "WARN"),
                entry("quarkus.log.category.\"io.zonky.test\".level", "WARN"),
                // A service alone has none beside it that take its messages: that the relay keeps them is as it should
                // be.
                entry("quarkus.log.category.\"io.holdfast.messaging.Relay\".level", "ERROR"));
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
        if (data != null) {
            TestFiles.delete(data);
        }
    }
}
