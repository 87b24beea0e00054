package io.holdfast.benchmarks;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Takes the workflow-service's place at its queue and notes when each start command came. */
final class CommandTap implements AutoCloseable {

    static final String QUEUE = "workflow.commands";

    /**
     * @param claimedAt the claim's time, by the database's clock
     * @param receivedAt this machine's clock, which is the same
     */
    record Received(Instant claimedAt, Instant receivedAt) {}

    private final Channel channel;
    private final Map<String, Received> received = new ConcurrentHashMap<>();
    private final AtomicLong again = new AtomicLong();

    CommandTap(Connection connection) throws IOException {
        channel = connection.createChannel();
        channel.basicQos(500);
        channel.basicConsume(
                QUEUE,
                true,
                (tag, delivery) -> {
                    Instant now = Instant.now();
                    Map<String, Object> headers = delivery.getProperties().getHeaders();
                    Received command =
                            new Received(Instant.parse(String.valueOf(headers.get("cloudEvents_time"))), now);
                    if (received.putIfAbsent(String.valueOf(headers.get("cloudEvents_subject")), command) != null) {
                        again.incrementAndGet();
                    }
                },
                tag -> {});
    }

    /** By the execution's id. */
    Map<String, Received> received() {
        return received;
    }

    /** Commands for executions that had come before. */
    long again() {
        return again.get();
    }

    @Override
    public void close() throws IOException, TimeoutException {
        channel.close();
    }
}
