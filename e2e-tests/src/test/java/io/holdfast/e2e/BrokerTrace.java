package io.holdfast.e2e;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import io.holdfast.testsupport.RabbitMqServer;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Every message that anybody publishes to a RabbitMQ, by whatever exchange, also the default one: its own tracing has copies of all. */
final class BrokerTrace implements AutoCloseable {

    private final Connection connection;
    private final List<Delivery> published = new CopyOnWriteArrayList<>();

    private BrokerTrace(Connection connection) {
        this.connection = connection;
    }

    /** Traces from now on. */
    static BrokerTrace of(RabbitMqServer broker) throws Exception {
        broker.control("trace_on");
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        BrokerTrace trace = new BrokerTrace(factory.newConnection());
        Channel channel = trace.connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, "amq.rabbitmq.trace", "publish.#");
        channel.basicConsume(queue, true, (tag, copy) -> trace.published.add(original(copy)), tag -> {});
        return trace;
    }

    /** In the order in which the broker took them. */
    List<Delivery> published() {
        return List.copyOf(published);
    }

    /** The message, its exchange and its key as they were published; the copy has them in its headers. */
    private static Delivery original(Delivery copy) {
        Map<String, Object> headers = copy.getProperties().getHeaders();
        Map<?, ?> properties = (Map<?, ?>) headers.get("properties");
        List<?> keys = (List<?>) headers.get("routing_keys");
        return new Delivery(
                new Envelope(
                        copy.getEnvelope().getDeliveryTag(),
                        false,
                        String.valueOf(headers.get("exchange_name")),
                        String.valueOf(keys.get(0))),
                new BasicProperties.Builder()
                        .contentType(text(properties, "content_type"))
                        .contentEncoding(text(properties, "content_encoding"))
                        .headers(table(properties.get("headers")))
                        .deliveryMode(number(properties, "delivery_mode"))
                        .priority(number(properties, "priority"))
                        .correlationId(text(properties, "correlation_id"))
                        .replyTo(text(properties, "reply_to"))
                        .expiration(text(properties, "expiration"))
                        .messageId(text(properties, "message_id"))
                        .timestamp(time(properties.get("timestamp")))
                        .type(text(properties, "type"))
                        .userId(text(properties, "user_id"))
                        .appId(text(properties, "app_id"))
                        .build(),
                copy.getBody());
    }

    private static @Nullable String text(Map<?, ?> properties, String name) {
        return properties.get(name) instanceof LongString text ? text.toString() : null;
    }

    private static @Nullable Integer number(Map<?, ?> properties, String name) {
        return properties.get(name) instanceof Number number ? (Integer) number.intValue() : null;
    }

    private static @Nullable Date time(@Nullable Object value) {
        return value instanceof Number seconds ? new Date(seconds.longValue() * 1_000) : null;
    }

    private static @Nullable Map<String, Object> table(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Object> table = new HashMap<>();
        map.forEach((name, entry) -> table.put(String.valueOf(name), entry));
        return table;
    }

    @Override
    public void close() {
        connection.abort();
    }
}
