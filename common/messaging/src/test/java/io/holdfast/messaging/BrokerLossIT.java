package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.holdfast.contracts.events.Event;
import io.holdfast.testsupport.Logged;
import io.holdfast.testsupport.OpenThings;
import io.holdfast.testsupport.TestBroker;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Brokers that are killed and come back with nothing, on real ones. */
class BrokerLossIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @AutoClose
    private final OpenThings open = new OpenThings();

    private final TestSchema schema = new TestSchema("cluster");
    private final ServiceSchema elsewhere = ServiceSchema.of("restore", schema.service.dataSource())
            .withQueue("restore.events", Event.EVENTS, "sample.#");
    private final Outbox outbox = new Outbox(schema.service.dataSource(), "cluster_control", Clock.systemUTC());
    private volatile long epoch;
    private final List<String> told = new CopyOnWriteArrayList<>();

    static List<String> brokers() {
        return TestBroker.availableKinds();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void whatWasConfirmedAndNotConsumedComesAgainUnderTheSameIds(String kind) throws Exception {
        // given: confirmed, gone from the outbox, in the queue
        TestBroker broker = broker(kind);
        Broker connected = start(broker, loss -> told.add(loss.service()));
        schema.inNew(() -> outbox.appendAll(List.of(Sample.of("a"), Sample.of("b"))));
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        List<String> sent = sentIds();
        // when
        try (Logged logged = Logged.by(Broker.class.getName())) {
            broker.restartEmpty();
            reconnect(connected);
            assertThat(logged.lines().stream().filter(line -> line.contains("Lost the broker")))
                    .hasSize(1);
        }
        // then
        List<Delivery> received = consume(broker, "cluster.events", 2);
        assertThat(received.stream()
                        .map(delivery -> delivery.getProperties().getMessageId())
                        .toList())
                .containsExactlyElementsOf(sent);
        assertThat(told).containsExactly("cluster");
        // and: a plain restart is no loss
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        broker.restart();
        reconnect(connected);
        assertThat(outboxSize()).isZero();
        assertThat(told).hasSize(1);
        assertThat(schema.count("SELECT rebuilds FROM cluster_control.broker_use"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void queuesOfServicesInOtherProcessesAreThereBeforeAnythingIsPublished(String kind) throws Exception {
        // given: another service of the installation that nobody connects
        new ControlSchema(schema.database.url(), schema.database.username(), schema.database.password())
                .migrate(elsewhere);
        TestBroker broker = broker(kind);
        Broker connected = start(broker, loss -> told.add(loss.service()));
        schema.inNew(() -> outbox.append(Sample.of("for both")));
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        // when
        broker.restartEmpty();
        reconnect(connected);
        // then
        assertThat(consume(broker, "cluster.events", 1)).hasSize(1);
        assertThat(consume(broker, "restore.events", 1)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void observerThatFailsIsAskedAgainBeforeAnythingIsPublished(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        AtomicBoolean failing = new AtomicBoolean();
        UUID id = UUID.randomUUID();
        Broker connected = start(broker, loss -> {
            told.add(loss.service());
            if (failing.get()) {
                throw new IllegalStateException("cannot say it again yet");
            }
            schema.inNew(() -> outbox.appendRebuildable(Sample.of("rebuilt"), id));
        });
        schema.inNew(() -> outbox.appendRebuildable(Sample.of("rebuilt"), id));
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        // when
        failing.set(true);
        broker.restartEmpty();
        assertThatThrownBy(connected::connect).hasMessageContaining("cannot say it again yet");
        failing.set(false);
        reconnect(connected);
        // then
        assertThat(consume(broker, "cluster.events", 1))
                .singleElement()
                .satisfies(delivery ->
                        assertThat(delivery.getProperties().getMessageId()).isEqualTo(id.toString()));
        assertThat(told.size()).isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void severalProcessesUnderLoadLoseNothingAndOneOfThemRebuilds(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        List<Broker> processes = List.of(
                start(broker, loss -> told.add(loss.service())), start(broker, loss -> told.add(loss.service())));
        Set<String> sent = new HashSet<>();
        AtomicBoolean away = new AtomicBoolean(true);
        // when
        CompletableFuture<Void> outage = null;
        for (int batch = 0; batch < 40; batch++) {
            List<Sample> events = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String id = batch + "-" + i;
                sent.add(id);
                events.add(Sample.of(id));
            }
            schema.inNew(() -> outbox.appendAll(events));
            if (batch == 20) {
                await().atMost(PATIENCE)
                        .until(() -> schema.count("SELECT count(*) FROM cluster_control.outbox_sent") > 0);
                outage = CompletableFuture.runAsync(() -> {
                    broker.restartEmpty();
                    away.set(false);
                });
            }
        }
        assertThat(outage).isNotNull();
        outage.join();
        List<CompletableFuture<Void>> back = processes.stream()
                .map(process -> CompletableFuture.runAsync(() -> reconnect(process)))
                .toList();
        back.forEach(CompletableFuture::join);
        // then
        assertThat(away).isFalse();
        List<Delivery> received = consume(broker, "cluster.events", sent.size());
        assertThat(received.stream().map(BrokerLossIT::id).collect(java.util.stream.Collectors.toSet()))
                .isEqualTo(sent);
        assertThat(told).containsExactly("cluster");
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void inEachEpochItsOwnBrokerGetsWhatWasSentOverAnotherNodes(String kind) throws Exception {
        // given: a node that was active before and still has what it sent then
        epoch = 5;
        TestBroker broker = broker(kind);
        Broker connected = start(broker, loss -> told.add(loss.service()));
        schema.inNew(() -> outbox.append(Sample.of("sent in epoch 5")));
        await().atMost(PATIENCE).until(() -> outboxSize() == 0);
        // when: it is active again, and meanwhile another node's broker had the messages
        epoch = 7;
        connected.close();
        reconnect(connected);
        // then: once from then, once more now
        assertThat(told).containsExactly("cluster");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(waiting(broker, "cluster.events")).isEqualTo(2));
        // and: another connection in the same epoch is no loss
        connected.close();
        reconnect(connected);
        assertThat(told).hasSize(1);
    }

    private TestBroker broker(String kind) {
        TestBroker broker = EmptyBroker.of(kind);
        open.add(broker);
        return broker;
    }

    /** What one process of the service does at its start. */
    private Broker start(TestBroker testBroker, Consumer<BrokerRebuilt> observer) throws IOException, TimeoutException {
        BrokerLoss loss = new BrokerLoss(schema.service, () -> epoch, observer);
        KnownQueues known =
                new KnownQueues(schema.database.url(), schema.database.username(), schema.database.password());
        Broker broker = new Broker(BrokerAddress.parse(testBroker.url()), known::all, loss::check);
        Relay relay = new Relay(schema.service, broker, new Defaults(), () -> true);
        Wakeups wakeups = new Wakeups(
                schema.database.url(), schema.database.username(), schema.database.password(), new Defaults());
        open.add(broker);
        open.add(relay);
        open.add(wakeups::stop);
        broker.connect();
        relay.start();
        wakeups.start(List.of(schema.service), service -> relay.wake(), service -> {});
        return broker;
    }

    private static void reconnect(Broker broker) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            broker.connect();
            return broker.isConnected();
        });
    }

    private long outboxSize() {
        return schema.count("SELECT count(*) FROM cluster_control.outbox");
    }

    private List<String> sentIds() throws Exception {
        try (java.sql.Connection connection = schema.database.connect();
                java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet rows =
                        statement.executeQuery("SELECT message_id FROM cluster_control.outbox_sent ORDER BY seq")) {
            List<String> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        }
    }

    private static String id(Delivery delivery) {
        return EventJson.read(delivery.getBody(), Sample.class).id();
    }

    private static long waiting(TestBroker broker, String queue) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        try (Connection connection = factory.newConnection("test");
                Channel channel = connection.createChannel()) {
            return channel.queueDeclarePassive(queue).getMessageCount();
        }
    }

    private static List<Delivery> consume(TestBroker broker, String queue, int expected) throws Exception {
        List<Delivery> received = new CopyOnWriteArrayList<>();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        factory.setAutomaticRecoveryEnabled(false);
        try (Connection connection = factory.newConnection("test");
                Channel channel = connection.createChannel()) {
            channel.basicConsume(queue, true, (tag, delivery) -> received.add(delivery), tag -> {});
            await().atMost(PATIENCE)
                    .until(() ->
                            received.stream().map(BrokerLossIT::id).distinct().count() >= expected);
        }
        return received;
    }
}
