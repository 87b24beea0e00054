package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.holdfast.contracts.events.Event;
import io.holdfast.testsupport.Logged;
import io.holdfast.testsupport.OpenThings;
import io.holdfast.testsupport.Requirements;
import io.holdfast.testsupport.TestBroker;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A queue that is consumed on real brokers, whatever becomes of these. */
class QueueReceptionIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String QUEUE = "reception.requests";
    private static final int OUTSTANDING = 64;

    @AutoClose
    private final OpenThings open = new OpenThings();

    private final List<Message<byte[]>> received = new CopyOnWriteArrayList<>();
    private Broker connected = new Broker(BrokerAddress.parse(BrokerAddress.DEFAULT_URL), List.of());

    static List<String> brokers() {
        return TestBroker.availableKinds();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void messagesComeWithTheirPropertiesAndNoMoreThanMayBeOutstanding(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        QueueReception reception = receive(broker);
        // when
        publish(broker, 0, 100);
        // then
        awaitReceived(OUTSTANDING);
        MessageOrigin origin = received.get(0).getMetadata(MessageOrigin.class).orElseThrow();
        assertThat(origin.routingKey()).isEqualTo("sample.happened");
        assertThat(origin.properties().getMessageId()).isEqualTo("m-0");
        assertThat(reception.isConsuming()).isTrue();
        // and: each that is acknowledged makes room for one
        for (int i = 0; i < 36; i++) {
            received.get(i).ack().toCompletableFuture().join();
        }
        awaitReceived(100);
        assertThat(ids(received)).hasSize(100);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void whatWasGivenBackComesAgain(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        receive(broker);
        publish(broker, 0, 1);
        awaitReceived(1);
        // when: both words for one message; the first counts
        received.get(0)
                .nack(new IllegalStateException("later"))
                .toCompletableFuture()
                .join();
        received.get(0).ack().toCompletableFuture().join();
        // then
        awaitReceived(2);
        assertThat(ids(received)).containsExactly("m-0");
    }

    /** What SmallRye's connector does not outlive: the late words close the new channel, and what follows is consumed without a limit. */
    @ParameterizedTest
    @MethodSource("brokers")
    void lateWordsForMessagesOfALostBrokerHarmNothing(String kind) throws Exception {
        // given: a handful handled before, more in work, and a crowd that waits
        TestBroker broker = broker(kind);
        receive(broker);
        publish(broker, 0, 1_000);
        awaitReceived(OUTSTANDING);
        for (int i = 0; i < 10; i++) {
            received.get(i).ack().toCompletableFuture().join();
        }
        awaitReceived(OUTSTANDING + 10);
        List<Message<byte[]>> inWork = new ArrayList<>(received.subList(10, received.size()));
        // when
        broker.restart();
        await().atMost(PATIENCE).until(() -> received.size() >= OUTSTANDING + 10 + OUTSTANDING);
        for (int i = 0; i < inWork.size(); i++) {
            Message<byte[]> late = inWork.get(i);
            (i % 2 == 0 ? late.ack() : late.nack(new IllegalStateException("late")))
                    .toCompletableFuture()
                    .join();
        }
        // then: none of the late acknowledgements took another message away
        List<Message<byte[]>> again = received.subList(OUTSTANDING + 10, received.size());
        assertThat(ids(again)).containsAll(ids(inWork));
        for (int i = OUTSTANDING + 10; i < 1_000 + OUTSTANDING; i++) {
            int next = i;
            if (received.size() <= next) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> received.size() > next);
            }
            received.get(next).ack().toCompletableFuture().join();
        }
        assertThat(ids(received)).hasSize(1_000);
        await().atMost(PATIENCE).until(() -> waiting(broker) == 0);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void whatIsNotAcknowledgedWaitsForTheNextOne(String kind) throws Exception {
        // given
        TestBroker broker = broker(kind);
        QueueReception first = receive(broker);
        publish(broker, 0, 10);
        awaitReceived(10);
        received.get(0).ack().toCompletableFuture().join();
        // when
        first.close();
        // then
        assertThat(first.isConsuming()).isFalse();
        await().atMost(PATIENCE).until(() -> waiting(broker) == 9);
        receive(broker);
        awaitReceived(19);
    }

    /** The embedded broker tells nobody that a queue is gone; but nobody can reach it to delete one. */
    @Test
    void aQueueThatSomebodyDeletedIsMadeAnew() throws Exception {
        // given
        Requirements.rabbitMq();
        TestBroker broker = broker("rabbitmq");
        receive(broker);
        publish(broker, 0, 1);
        awaitReceived(1);
        // when
        try (Logged logged = Logged.by(QueueReception.class.getName())) {
            delete(broker);
            // then
            await().atMost(PATIENCE).until(() -> {
                connected.connect();
                return exists(broker);
            });
            assertThat(logged.lines()).anyMatch(line -> line.startsWith("WARN"));
        }
        publish(broker, 1, 1);
        await().atMost(PATIENCE).until(() -> ids(received).contains("m-1"));
    }

    private TestBroker broker(String kind) throws Exception {
        TestBroker broker = EmptyBroker.of(kind);
        open.add(broker);
        connected = new Broker(
                BrokerAddress.parse(broker.url()),
                List.of(new QueueBinding(QUEUE, Event.REQUESTS, List.of("sample.#"))));
        open.add(connected);
        connected.connect();
        return broker;
    }

    private QueueReception receive(TestBroker broker) {
        Vertx vertx = Vertx.vertx();
        open.add(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        QueueReception reception = new QueueReception(
                BrokerAddress.parse(broker.url()), QUEUE, OUTSTANDING, vertx, connected::declareQueues);
        open.add(reception);
        reception.messages().subscribe().with(received::add);
        return reception;
    }

    private void awaitReceived(int count) {
        await().atMost(PATIENCE).until(() -> received.size() >= count);
        assertThat(received).hasSize(count);
    }

    private static Set<String> ids(List<Message<byte[]>> messages) {
        return messages.stream()
                .map(message -> new String(message.getPayload(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    private static Connection connection(TestBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        return factory.newConnection("test");
    }

    private static void publish(TestBroker broker, int from, int count) throws Exception {
        try (Connection connection = connection(broker);
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int i = from; i < from + count; i++) {
                AMQP.BasicProperties properties = MessageProperties.PERSISTENT_BASIC
                        .builder()
                        .messageId("m-" + i)
                        .build();
                channel.basicPublish(
                        Event.REQUESTS,
                        "sample.happened",
                        true,
                        properties,
                        ("m-" + i).getBytes(StandardCharsets.UTF_8));
            }
            channel.waitForConfirmsOrDie(PATIENCE.toMillis());
        }
    }

    private static long waiting(TestBroker broker) throws Exception {
        try (Connection connection = connection(broker);
                Channel channel = connection.createChannel()) {
            return channel.queueDeclarePassive(QUEUE).getMessageCount();
        }
    }

    private static void delete(TestBroker broker) throws Exception {
        try (Connection connection = connection(broker);
                Channel channel = connection.createChannel()) {
            channel.queueDelete(QUEUE);
        }
    }

    private static boolean exists(TestBroker broker) throws Exception {
        try (Connection connection = connection(broker)) {
            Channel channel = connection.createChannel();
            channel.queueDeclarePassive(QUEUE);
            return true;
        } catch (java.io.IOException e) {
            if (Broker.isNotFound(e)) {
                return false;
            }
            throw e;
        }
    }
}
