package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import io.holdfast.contracts.events.Event;
import io.holdfast.testsupport.OpenThings;
import io.holdfast.testsupport.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outbox to queue on real brokers. */
class RelayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @AutoClose
    private final OpenThings open = new OpenThings();

    private TestSchema schema = new TestSchema("cluster");
    private final Outbox outbox = new Outbox(schema.service.dataSource(), "cluster_control", Clock.systemUTC());

    static List<String> brokers() {
        return TestBroker.availableKinds();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void committedEventArrivesPersistentWithItsAttributes(String kind) {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        // when
        schema.inNew(() -> outbox.append(Sample.of("a")));
        // then
        List<Delivery> received = consume(broker, 1);
        Delivery delivery = received.get(0);
        assertThat(delivery.getProperties().getType()).isEqualTo(Sample.TYPE);
        assertThat(delivery.getProperties().getDeliveryMode()).isEqualTo(2);
        assertThat(delivery.getProperties().getContentType()).isEqualTo("application/json");
        assertThat(delivery.getProperties().getMessageId()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*");
        assertThat(delivery.getProperties().getHeaders().get("cloudEvents_type"))
                .hasToString("io.holdfast.sample.happened.v1");
        assertThat(delivery.getProperties().getHeaders().get("cloudEvents_source"))
                .hasToString("/holdfast/cluster");
        assertThat(new String(delivery.getBody(), StandardCharsets.UTF_8))
                .contains("\"2026-01-02T03:04:05.678Z\"")
                .contains("\"note\": null");
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void rolledBackEventIsNeverSent(String kind) {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        AtomicBoolean failed = new AtomicBoolean();
        // when
        try {
            schema.inNew(() -> {
                outbox.append(Sample.of("gone"));
                throw new IllegalStateException("the use case fails after all");
            });
        } catch (IllegalStateException expected) {
            failed.set(true);
        }
        schema.inNew(() -> outbox.append(Sample.of("kept")));
        // then
        assertThat(failed).isTrue();
        assertThat(ids(consume(broker, 1))).containsExactly("kept");
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void eventCommittedBeforeACrashIsSentAfterIt(String kind) throws Exception {
        // given: committed, and a relay that dies with its transaction open
        TestBroker broker = broker(kind);
        schema.inNew(() -> outbox.append(Sample.of("survivor")));
        java.sql.Connection dying = schema.database.connect();
        dying.setAutoCommit(false);
        try (java.sql.Statement statement = dying.createStatement()) {
            statement.execute("DELETE FROM cluster_control.outbox");
        }
        startRelay(broker);
        // when
        dying.abort(Runnable::run);
        // then
        assertThat(ids(consume(broker, 1))).containsExactly("survivor");
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void unroutableEventStaysInTheOutboxUntilItHasAQueueAndHoldsUpNoOther(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        // when
        schema.inNew(() -> outbox.appendAll(
                List.of(new Sample("lost?", null, Sample.of("x").at(), "nobody.listens.v1._"), Sample.of("fine"))));
        // then
        assertThat(ids(consume(broker, 1))).containsExactly("fine");
        await().atMost(PATIENCE)
                .until(() -> schema.count(
                                "SELECT count(*) FROM cluster_control.outbox WHERE attempts > 0 AND last_error LIKE"
                                        + " 'unroutable%'")
                        == 1);
        // when
        try (Connection connection = connect(broker);
                Channel channel = connection.createChannel()) {
            channel.queueBind("cluster.events", Event.EVENTS, "nobody.#");
        }
        // then
        assertThat(ids(consume(broker, 1))).containsExactly("lost?");
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void replyGoesToItsQueueAndIsDroppedWhereThereIsNone(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        try (Connection connection = connect(broker);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("reply.acme", true, false, false, null);
            // when
            schema.inNew(() -> {
                outbox.appendReply("reply.refused.v1", "reply.nobody", "m1", null, null, Map.of("lost", true));
                outbox.appendReply("reply.accepted.v1", "reply.acme", "m2", "shared", "c-1", Map.of("found", true));
            });
            // then
            await().atMost(PATIENCE).until(() -> outboxSize() == 0);
            GetResponse reply = channel.basicGet("reply.acme", true);
            assertThat(new String(reply.getBody(), StandardCharsets.UTF_8)).contains("found");
            assertThat(reply.getProps().getCorrelationId()).isEqualTo("c-1");
            assertThat(reply.getProps().getType()).isEqualTo("reply.accepted.v1");
            assertThat(reply.getProps().getDeliveryMode()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void brokerThatIsKilledAndComesBackLosesNothing(String kind) {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        Set<String> sent = new HashSet<>();
        // when
        for (int batch = 0; batch < 20; batch++) {
            List<Sample> events = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String id = batch + "-" + i;
                sent.add(id);
                events.add(Sample.of(id));
            }
            schema.inNew(() -> outbox.appendAll(events));
            if (batch == 10) {
                broker.restart();
            }
        }
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        // then
        List<Delivery> received = consume(broker, sent.size());
        assertThat(new HashSet<>(ids(received))).isEqualTo(sent);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void eventsCommittedWhileTheBrokerIsAwayAreSentWhenItIsBack(String kind) {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        schema.inNew(() -> outbox.append(Sample.of("before")));
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        // when
        broker.restart();
        schema.inNew(() -> outbox.append(Sample.of("after")));
        // then
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        List<Delivery> received = consume(broker, 1);
        assertThat(ids(received)).contains("after");
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void manyBatchesArriveInOrderAndOnceEach(String kind) {
        // given: five batches, the last of them not full
        TestBroker broker = broker(kind);
        List<Sample> events = new ArrayList<>();
        for (int i = 0; i < 2_300; i++) {
            events.add(Sample.of("e" + i));
        }
        schema.inNew(() -> outbox.appendAll(events));
        // when
        startRelay(broker);
        // then
        List<Delivery> received = consume(broker, events.size());
        assertThat(ids(received)).isEqualTo(events.stream().map(Sample::id).toList());
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox_sent"))
                .isEqualTo(events.size());
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void messagesThatComeOneByOneDoNotWaitForEachOtherAndArriveInOrderOnce(String kind) {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        List<String> sent = new ArrayList<>();
        // when
        for (int i = 0; i < 60; i++) {
            String id = "e" + i;
            sent.add(id);
            schema.inNew(() -> outbox.append(Sample.of(id)));
        }
        // then
        assertThat(ids(consume(broker, sent.size()))).isEqualTo(sent);
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox_sent"))
                .isEqualTo(sent.size());
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void relayThatStopsSettlesWhatItHasPublished(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        Relay relay = startRelay(broker);
        schema.inNew(() -> outbox.append(Sample.of("last")));
        assertThat(ids(consume(broker, 1))).containsExactly("last");
        // when
        relay.close();
        // then
        assertThat(outboxSize()).isZero();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void onlyWhatWasTakenAndCannotBeRebuiltIsKept(String kind) {
        // given
        TestBroker broker = broker(kind);
        startRelay(broker);
        // when
        schema.inNew(() -> {
            outbox.appendAll(List.of(
                    new Sample("unroutable", null, Sample.of("x").at(), "nobody.listens.v1._"), Sample.of("fine")));
            outbox.appendRebuildable(Sample.of("rebuilt"), UUID.randomUUID());
        });
        // then
        assertThat(ids(consume(broker, 2))).containsExactly("fine", "rebuilt");
        await().atMost(PATIENCE)
                .until(() -> schema.count("SELECT count(*) FROM cluster_control.outbox WHERE attempts > 0") == 1);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox_sent WHERE aggregate_id = 'fine'"))
                .isEqualTo(1);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox_sent"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void whatASourceHasIsPublishedAndWhatTheBrokerDoesNotTakeWaitsInTheOutbox(String kind) {
        // given
        TestBroker broker = broker(kind);
        schema.execute("CREATE TABLE cluster_control.parcel (seq integer, ids text[]);"
                + " GRANT ALL ON cluster_control.parcel TO holdfast_cluster;"
                + " INSERT INTO cluster_control.parcel VALUES (1, '{a,b,c,d,e,f}'), (2, '{}'), (3, '{g,nowhere}')");
        schema.inNew(() -> outbox.append(Sample.of("row")));
        // when
        startRelay(broker, schema.service.withSource(new Parcels()));
        // then
        assertThat(ids(consume(broker, 8))).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f", "row", "g");
        await().atMost(PATIENCE)
                .until(() -> schema.count("SELECT count(*) FROM cluster_control.outbox WHERE aggregate_id = 'nowhere'"
                                + " AND rebuildable AND attempts > 0 AND last_error LIKE 'unroutable%'")
                        == 1);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.parcel")).isZero();
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox_sent"))
                .as("kept of what its sender makes again")
                .isEqualTo(1);
    }

    /** Batches of samples, by name; {@code nowhere} goes where nobody listens. */
    private static final class Parcels implements OutgoingSource {

        @Override
        public Optional<List<OutgoingMessage>> take(java.sql.Connection transaction) throws SQLException {
            try (PreparedStatement take = transaction.prepareStatement(
                            "DELETE FROM cluster_control.parcel WHERE seq ="
                                    + " (SELECT seq FROM cluster_control.parcel ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING ids");
                    ResultSet row = take.executeQuery()) {
                return row.next()
                        ? Optional.of(Stream.of((String[]) row.getArray(1).getArray())
                                .map(Parcels::message)
                                .toList())
                        : Optional.empty();
            }
        }

        private static OutgoingMessage message(String id) {
            Sample sample = Sample.of(id);
            return OutgoingMessage.rebuildable(
                    UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString(),
                    sample.type(),
                    sample.subject(),
                    sample.exchange(),
                    id.equals("nowhere") ? "nobody.listens.v1._" : sample.routingKey(),
                    EventJson.write(sample).getBytes(StandardCharsets.UTF_8),
                    sample.at());
        }

        @Override
        public String waitingSql() {
            return "EXISTS (SELECT FROM cluster_control.parcel)";
        }

        @Override
        public String countSql() {
            return "(SELECT count(*) FROM cluster_control.parcel)";
        }

        @Override
        public String oldestSql() {
            return "NULL";
        }
    }

    private TestBroker broker(String kind) {
        TestBroker broker = EmptyBroker.of(kind);
        open.add(broker);
        return broker;
    }

    private Relay startRelay(TestBroker testBroker) {
        return startRelay(testBroker, schema.service);
    }

    private Relay startRelay(TestBroker testBroker, ServiceSchema service) {
        Broker broker = new Broker(BrokerAddress.parse(testBroker.url()), service.queues());
        Relay relay = new Relay(service, broker, new Defaults(), () -> true);
        Wakeups wakeups = new Wakeups(
                schema.database.url(), schema.database.username(), schema.database.password(), new Defaults());
        open.add(broker);
        open.add(relay);
        open.add(wakeups::stop);
        try {
            broker.connect();
        } catch (IOException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("no broker", e);
        }
        relay.start();
        wakeups.start(List.of(service), any -> relay.wake(), any -> {});
        return relay;
    }

    private long outboxSize() {
        return schema.count("SELECT count(*) FROM cluster_control.outbox");
    }

    /** Takes at least {@code expected} messages, then closes. */
    private List<Delivery> consume(TestBroker broker, int expected) {
        List<Delivery> received = new CopyOnWriteArrayList<>();
        try (Connection connection = connect(broker);
                Channel channel = connection.createChannel()) {
            channel.basicConsume("cluster.events", true, (tag, delivery) -> received.add(delivery), tag -> {});
            await().atMost(PATIENCE)
                    .until(() -> ids(received).stream().distinct().count() >= expected);
        } catch (IOException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("cannot consume", e);
        }
        return received;
    }

    private static List<String> ids(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery ->
                        EventJson.read(delivery.getBody(), Sample.class).id())
                .toList();
    }

    private static Connection connect(TestBroker broker) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(broker.url());
            factory.setAutomaticRecoveryEnabled(false);
            return factory.newConnection("test");
        } catch (Exception e) {
            throw new IllegalStateException("no broker", e);
        }
    }
}
