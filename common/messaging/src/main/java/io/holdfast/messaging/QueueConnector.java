package io.holdfast.messaging;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.health.HealthReporter;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * Gives the messages of queues to {@code @Incoming} methods. Unlike the RabbitMQ connector of SmallRye it goes on consuming whatever
 * happened to the broker, and acknowledges a message only over the channel that it came by (ADR 0023).
 *
 * <p>A channel names the queue in {@code queue.name}, which {@link Topology} declares; {@code max-outstanding-messages} is how many it may
 * have that are not acknowledged. Each message carries a {@link MessageOrigin}.
 */
@ApplicationScoped
@Connector(QueueConnector.NAME)
public class QueueConnector implements InboundConnector, HealthReporter {

    static final String NAME = "holdfast-rabbitmq";

    private final BrokerAddress broker;
    private final Vertx vertx;
    private final Messaging messaging;
    private final Map<String, QueueReception> receptions = new ConcurrentHashMap<>();

    QueueConnector(
            @ConfigProperty(name = "holdfast.broker.url", defaultValue = BrokerAddress.DEFAULT_URL) String brokerUrl,
            Vertx vertx,
            Messaging messaging) {
        this.broker = BrokerAddress.parse(brokerUrl);
        this.vertx = vertx;
        this.messaging = messaging;
    }

    @Override
    public Multi<? extends Message<?>> getPublisher(Config config) {
        String channel = config.getValue(CHANNEL_NAME_ATTRIBUTE, String.class);
        String queue = config.getOptionalValue("queue.name", String.class).orElse(channel);
        int outstanding = config.getValue("max-outstanding-messages", Integer.class);
        QueueReception reception = new QueueReception(broker, queue, outstanding, vertx, messaging::declareQueues);
        receptions.put(channel, reception);
        return reception.messages();
    }

    /** Before the relays stop: what a handler still says is to leave. */
    void stop(@Observes @Priority(Messaging.LAST - 1) ShutdownEvent stop) {
        receptions.values().forEach(QueueReception::close);
    }

    @Override
    public HealthReport getReadiness() {
        return report(QueueReception::isConsuming);
    }

    /** A lost broker is no reason to start this process anew. */
    @Override
    public HealthReport getLiveness() {
        return report(reception -> true);
    }

    private HealthReport report(Predicate<QueueReception> fine) {
        HealthReport.HealthReportBuilder report = HealthReport.builder();
        receptions.forEach((channel, reception) -> report.add(channel, fine.test(reception)));
        return report.build();
    }
}
