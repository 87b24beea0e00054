package io.holdfast.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.holdfast.testsupport.Requirements;
import io.holdfast.testsupport.TestBroker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Brokers with nothing in them. A RabbitMQ takes longer to start than most tests, so all tests of this module share one. */
final class EmptyBroker implements TestBroker {

    /**
     * The queues of services stay, empty and without a binding. RabbitMQ 3.10 must not lose a queue with at-least-once dead letters in
     * the moment after its leader was elected: the supervisor of all such queues then ends for good, and none can be declared until the
     * broker is started again (connections are closed with 541).
     */
    private static final List<String> KEPT = List.of("cluster.events", "restore.events");

    /** What else this module's tests declare, themselves or by what they test. */
    private static final List<String> QUEUES =
            List.of("reply.acme", "audit", "tap", "reception.requests", Topology.DEAD_LETTERS);

    /** Without the marks of {@link BrokerLoss} it is one that nobody has used. */
    private static final List<String> EXCHANGES = List.of(
            "holdfast.marker.cluster",
            "holdfast.marker.cluster.5",
            "holdfast.marker.cluster.7",
            Topology.DEAD_LETTERS,
            io.holdfast.contracts.events.Event.COMMANDS,
            io.holdfast.contracts.events.Event.EVENTS,
            io.holdfast.contracts.events.Event.REQUESTS);

    private static @Nullable TestBroker rabbit;

    private final TestBroker shared;

    private EmptyBroker(TestBroker shared) {
        this.shared = shared;
    }

    /** @param kind {@code qpid} or {@code rabbitmq} */
    static TestBroker of(String kind) {
        return kind.equals("rabbitmq") ? rabbitMq() : TestBroker.of(kind);
    }

    /** Skips the test where none is installed. It ends with the JVM. */
    static synchronized TestBroker rabbitMq() {
        Requirements.rabbitMq();
        TestBroker started = rabbit;
        if (started == null) {
            started = TestBroker.rabbitMq();
            rabbit = started;
        }
        return new EmptyBroker(started);
    }

    @Override
    public String url() {
        return shared.url();
    }

    @Override
    public String kind() {
        return shared.kind();
    }

    @Override
    public void restart() {
        shared.restart();
    }

    @Override
    public void restartEmpty() {
        shared.restartEmpty();
    }

    /** Empties it for the next test. */
    @Override
    public void close() {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(shared.url());
            try (Connection connection = factory.newConnection("empty");
                    Channel channel = connection.createChannel()) {
                for (String queue : QUEUES) {
                    channel.queueDelete(queue);
                }
                for (String exchange : EXCHANGES) {
                    channel.exchangeDelete(exchange);
                }
            }
            for (String queue : KEPT) {
                purge(factory, queue);
            }
        } catch (Exception e) {
            throw new IllegalStateException("cannot empty the broker for the next test", e);
        }
    }

    /** Over a connection of its own: one that asks for a queue that is not there is closed. */
    private static void purge(ConnectionFactory factory, String queue) throws IOException, TimeoutException {
        try (Connection connection = factory.newConnection("purge " + queue)) {
            Channel channel = connection.createChannel();
            channel.queuePurge(queue);
        } catch (IOException e) {
            if (!Broker.isNotFound(e)) {
                throw e;
            }
        }
    }
}
