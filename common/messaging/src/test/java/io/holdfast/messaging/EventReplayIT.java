package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.holdfast.contracts.events.Event;
import io.holdfast.messaging.EventReplay.Outcome;
import io.holdfast.messaging.EventReplay.Wanted;
import io.holdfast.testsupport.TestBroker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Published events once more, on real brokers. */
class EventReplayIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Wanted ALL =
            new Wanted(Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"), null, null, null);

    private final TestSchema schema = new TestSchema("cluster");
    private final Outbox outbox = new Outbox(schema.service.dataSource(), "cluster_control", Clock.systemUTC());
    private final List<Delivery> audited = new CopyOnWriteArrayList<>();
    private final List<Delivery> consumed = new CopyOnWriteArrayList<>();

    static List<String> brokers() {
        return TestBroker.availableKinds();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void publishedEventsGoAgainUnderTheirOldIdsAndSayThatTheyAreRepeated(String kind) throws Exception {
        try (TestBroker testBroker = EmptyBroker.of(kind);
                Broker broker = new Broker(BrokerAddress.parse(testBroker.url()), schema.service.queues());
                Relay relay = new Relay(schema.service, broker, new Defaults(), () -> true)) {
            // given: three published events, and a command
            broker.connect();
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(testBroker.url());
            try (Connection connection = factory.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("audit", true, false, false, null);
                channel.basicConsume("audit", true, (tag, delivery) -> audited.add(delivery), tag -> {});
                channel.basicConsume("cluster.events", true, (tag, delivery) -> consumed.add(delivery), tag -> {});
                for (String subject : List.of("a", "b", "c")) {
                    schema.inNew(() -> outbox.append(Sample.of(subject)));
                }
                relay.start();
                await().atMost(PATIENCE).until(() -> consumed.size() == 3 && kept() == 3);
                schema.execute("INSERT INTO cluster_control.outbox_sent SELECT 1000, gen_random_uuid(), 'x', 'a',"
                        + " NULL, NULL, '" + Event.COMMANDS + "', 'cluster.x', '{}', '{}', created_at"
                        + " FROM cluster_control.outbox_sent LIMIT 1");
                EventReplay replay = new EventReplay(schema.service, broker, Duration.ofSeconds(30));
                // when
                assertThat(replay.count(ALL, "audit")).isEqualTo(3);
                Outcome one = replay.publish(new Wanted(ALL.from(), ALL.to(), Sample.TYPE, "b", null), "audit");
                Outcome none =
                        replay.publish(new Wanted(ALL.from(), Instant.EPOCH.plusSeconds(1), null, null, null), null);
                // then: only that queue has it, as it was but for the mark
                await().atMost(PATIENCE).until(() -> audited.size() == 1);
                assertThat(one).isEqualTo(new Outcome(1, 0));
                assertThat(none).isEqualTo(new Outcome(0, 0));
                Delivery original = consumed.get(1);
                Delivery repeated = audited.get(0);
                assertThat(repeated.getProperties().getMessageId())
                        .isEqualTo(original.getProperties().getMessageId());
                assertThat(repeated.getBody()).isEqualTo(original.getBody());
                assertThat(repeated.getProperties().getTimestamp())
                        .isEqualTo(original.getProperties().getTimestamp());
                assertThat(repeated.getProperties().getHeaders().get(EventReplay.HEADER))
                        .hasToString("true");
                assertThat(original.getProperties().getHeaders()).doesNotContainKey(EventReplay.HEADER);
                // and by the exchange all that are bound get all, which is still no more than what was published
                assertThat(replay.publish(ALL, null)).isEqualTo(new Outcome(3, 0));
                await().atMost(PATIENCE).until(() -> consumed.size() == 6);
                assertThat(consumed.subList(3, 6))
                        .extracting(delivery -> delivery.getProperties().getMessageId())
                        .containsExactlyElementsOf(consumed.subList(0, 3).stream()
                                .map(delivery -> delivery.getProperties().getMessageId())
                                .toList());
                assertThat(kept()).isEqualTo(4);
                // and a queue that is not there is named, what nobody is bound for is counted
                assertThatThrownBy(() -> replay.count(ALL, "nosuch"))
                        .hasMessageContaining("the broker has no queue `nosuch`");
                channel.queueUnbind("cluster.events", Event.EVENTS, "sample.#");
                assertThat(replay.publish(ALL, null)).isEqualTo(new Outcome(3, 3));
            }
        }
    }

    private long kept() {
        return schema.count("SELECT count(*) FROM cluster_control.outbox_sent");
    }
}
