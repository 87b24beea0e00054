package io.holdfast.scheduler;

import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.testsupport.TestBroker;
import io.holdfast.testsupport.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** As {@link HoldfastResources}, with a broker that a test can restart: RabbitMQ where there is one. */
public final class RestartableBroker implements QuarkusTestResourceLifecycleManager {

    private @Nullable TestBroker broker;

    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.create();
        List<String> kinds = TestBroker.availableKinds();
        TestBroker started = TestBroker.of(kinds.get(kinds.size() - 1));
        broker = started;
        return Map.of(
                "holdfast.database.url", database.url(),
                "holdfast.database.username", database.username(),
                "holdfast.database.password", database.password(),
                "holdfast.broker.url", started.url(),
                "holdfast.secret-key", HoldfastResources.SECRET_KEY,
                "holdfast.data", System.getProperty("java.io.tmpdir"));
    }

    /** After the module's other resources, whose broker it replaces. */
    @Override
    public int order() {
        return 10;
    }

    @Override
    public void inject(Object testInstance) {
        if (testInstance instanceof BrokerRestartIT test) {
            test.broker = broker;
        }
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
