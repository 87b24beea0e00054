package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.holdfast.contracts.events.Event;
import io.holdfast.testsupport.MessageDocument;
import io.holdfast.testsupport.TestBroker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.MDC;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What really passes the brokers against {@code docs/asyncapi.yaml}: key, properties, headers and body of each message. */
class AsyncApiIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestSchema schema = new TestSchema("cluster");
    private final Outbox outbox = new Outbox(schema.service.dataSource(), "cluster_control", Clock.systemUTC());
    private final MessageDocument document = MessageDocument.load();

    static List<String> brokers() {
        return TestBroker.availableKinds();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void everyMessageIsOnTheWireAsTheDocumentSays(String kind) throws Exception {
        List<Delivery> tapped = new CopyOnWriteArrayList<>();
        Set<String> sent = new TreeSet<>();
        ConnectionFactory factory = new ConnectionFactory();
        try (TestBroker testBroker = EmptyBroker.of(kind);
                Broker broker = new Broker(BrokerAddress.parse(testBroker.url()), schema.service.queues())) {
            broker.connect();
            factory.setUri(testBroker.url());
            try (Connection connection = factory.newConnection();
                    Channel tap = connection.createChannel();
                    Relay relay = new Relay(schema.service, broker, new Defaults(), () -> true)) {
                tap.queueDeclare("tap", false, false, false, null);
                tap.queueBind("tap", Event.EVENTS, "#");
                tap.queueBind("tap", Event.COMMANDS, "#");
                tap.basicConsume("tap", true, (tag, delivery) -> tapped.add(delivery), tag -> {});
                // when
                MDC.put("correlationId", "request-1");
                MDC.put("messageId", "018f0000-0000-7000-8000-000000000000");
                schema.inNew(() -> Messages.all().forEach(message -> {
                    sent.add(Messages.type(message));
                    outbox.append(Messages.sample(message));
                }));
                MDC.clear();
                relay.start();
                // then
                await().atMost(PATIENCE).until(() -> tapped.size() >= sent.size());
            }
        }
        assertThat(tapped)
                .allSatisfy(delivery -> assertThat(document.problems(delivery)).isEmpty());
        Set<String> seen = new TreeSet<>();
        tapped.forEach(delivery -> seen.add(delivery.getProperties().getType()));
        assertThat(seen).isEqualTo(sent);
    }
}
