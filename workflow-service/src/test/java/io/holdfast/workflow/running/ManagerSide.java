package io.holdfast.workflow.running;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.holdfast.contracts.events.Event;
import io.holdfast.messaging.EventJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** The rest of the manager, as far as this service can tell: sends commands and facts, and gets answers. */
public final class ManagerSide implements AutoCloseable {

    private final Connection connection;
    private final Channel channel;
    private final String probe;

    public ManagerSide(String brokerUrl, String answers) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(brokerUrl);
        connection = factory.newConnection();
        channel = connection.createChannel();
        probe = "probe-" + UUID.randomUUID();
        channel.queueDeclare(probe, false, true, true, null);
        channel.queueBind(probe, Event.COMMANDS, answers);
    }

    public Channel channel() {
        return channel;
    }

    /** Under an id of its own. */
    public void send(Event event) throws Exception {
        send(UUID.randomUUID(), event.exchange(), event.routingKey(), event.type(), EventJson.write(event));
    }

    public void send(UUID id, String exchange, String routingKey, String type, String body) throws Exception {
        channel.basicPublish(
                exchange,
                routingKey,
                new BasicProperties.Builder()
                        .messageId(id.toString())
                        .type(type)
                        .deliveryMode(2)
                        .contentType("application/json")
                        .build(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** The next answers, as soon as so many have come. */
    public List<GetResponse> answers(int count) {
        List<GetResponse> answers = new ArrayList<>();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            GetResponse next = channel.basicGet(probe, true);
            if (next != null) {
                answers.add(next);
            }
            return answers.size() == count;
        });
        return answers;
    }

    /** The next message of any queue, as soon as there is one. */
    public GetResponse next(String queue) {
        AtomicReference<GetResponse> got = new AtomicReference<>();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            got.set(channel.basicGet(queue, true));
            return got.get() != null;
        });
        return got.get();
    }

    /** Whether the broker has all of these. */
    public boolean hasQueues(String... names) throws IOException {
        Channel looking = connection.createChannel();
        try {
            for (String name : names) {
                looking.queueDeclarePassive(name);
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            if (looking.isOpen()) {
                looking.abort();
            }
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
