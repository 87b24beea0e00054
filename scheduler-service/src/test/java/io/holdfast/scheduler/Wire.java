package io.holdfast.scheduler;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import io.holdfast.contracts.events.Event;
import io.holdfast.messaging.EventJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The other services, seen from the broker: takes workflow commands, sends commands and facts. */
final class Wire implements AutoCloseable {

    record Seen(AMQP.BasicProperties properties, String routingKey, String body) {}

    private final Connection connection;
    private final Channel channel;
    private final List<Seen> commands = new CopyOnWriteArrayList<>();
    private final List<Seen> facts = new CopyOnWriteArrayList<>();

    Wire(String url) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(url);
            connection = factory.newConnection();
            channel = connection.createChannel();
            channel.confirmSelect();
            channel.queueDeclare("workflow.commands", true, false, false, Map.of());
            channel.queueBind("workflow.commands", Event.COMMANDS, "workflow.#");
            String facts = channel.queueDeclare().getQueue();
            channel.queueBind(facts, Event.EVENTS, "execution.#");
            DeliverCallback heard = (tag, delivery) -> this.facts.add(new Seen(
                    delivery.getProperties(),
                    delivery.getEnvelope().getRoutingKey(),
                    new String(delivery.getBody(), StandardCharsets.UTF_8)));
            channel.basicConsume(facts, true, heard, tag -> {});
            DeliverCallback taken = (tag, delivery) -> commands.add(new Seen(
                    delivery.getProperties(),
                    delivery.getEnvelope().getRoutingKey(),
                    new String(delivery.getBody(), StandardCharsets.UTF_8)));
            channel.basicConsume("workflow.commands", true, taken, tag -> {});
        } catch (Exception e) {
            throw new IllegalStateException("no broker at " + url, e);
        }
    }

    List<Seen> commandsFor(String executionId) {
        return of(commands, executionId);
    }

    /** Waits for a fact of this type about an execution. */
    Seen awaitFact(String type, String executionId) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> of(facts, executionId).stream()
                        .anyMatch(seen -> type.equals(seen.properties().getType())));
        return of(facts, executionId).stream()
                .filter(seen -> type.equals(seen.properties().getType()))
                .findFirst()
                .orElseThrow();
    }

    private static List<Seen> of(List<Seen> all, String executionId) {
        List<Seen> found = new ArrayList<>();
        for (Seen seen : all) {
            if (seen.body().contains("\"" + executionId + "\"")) {
                found.add(seen);
            }
        }
        return found;
    }

    Seen awaitCommandFor(String executionId) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !commandsFor(executionId).isEmpty());
        Optional<Seen> first = commandsFor(executionId).stream().findFirst();
        return first.orElseThrow();
    }

    void send(Event event) {
        send(event.exchange(), event.routingKey(), event.type(), UUID.randomUUID(), EventJson.write(event));
    }

    void send(String exchange, String routingKey, String type, UUID messageId, String body) {
        try {
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .messageId(messageId.toString())
                    .type(type)
                    .deliveryMode(2)
                    .contentType("application/json")
                    .build();
            synchronized (channel) {
                channel.basicPublish(exchange, routingKey, true, properties, body.getBytes(StandardCharsets.UTF_8));
                channel.waitForConfirmsOrDie(120_000);
            }
        } catch (java.io.IOException | InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("cannot send", e);
        }
    }

    @Override
    public void close() {
        connection.abort();
    }
}
