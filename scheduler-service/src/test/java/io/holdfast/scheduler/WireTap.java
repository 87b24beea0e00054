package io.holdfast.scheduler;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.holdfast.contracts.events.Event;
import io.holdfast.testsupport.MessageDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hears everything that passes both exchanges, and holds what this service sends against {@code docs/asyncapi.yaml}. */
final class WireTap implements AutoCloseable {

    private static final MessageDocument DOCUMENT = MessageDocument.load();

    private final Connection connection;
    private final List<Delivery> tapped = new CopyOnWriteArrayList<>();

    WireTap(String url) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(url);
            connection = factory.newConnection();
            Channel channel = connection.createChannel();
            String queue = channel.queueDeclare().getQueue();
            channel.queueBind(queue, Event.EVENTS, "#");
            channel.queueBind(queue, Event.COMMANDS, "#");
            channel.basicConsume(queue, true, (tag, delivery) -> tapped.add(delivery), tag -> {});
        } catch (Exception e) {
            throw new IllegalStateException("no broker at " + url, e);
        }
    }

    /** What is wrong with what the scheduler-service sent since this was made. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Delivery delivery : tapped) {
            if ("holdfast.scheduler".equals(delivery.getProperties().getAppId())) {
                problems.addAll(DOCUMENT.problems(delivery));
            }
        }
        return problems;
    }

    @Override
    public void close() {
        connection.abort();
    }
}
