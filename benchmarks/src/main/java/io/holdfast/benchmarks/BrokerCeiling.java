package io.holdfast.benchmarks;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The most that one client gets confirmed: persistent, mandatory messages of 1 kB into a quorum queue, 1000 confirms in flight. */
final class BrokerCeiling {

    static final int BODY_BYTES = 1024;

    private static final String QUEUE = "bench.ceiling";
    private static final int WINDOW = 1000;
    private static final BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

    private BrokerCeiling() {}

    /** Seconds that {@code count} messages take. */
    static double run(Connection connection, int count) throws IOException, InterruptedException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            declare(channel, QUEUE);
            channel.confirmSelect();
            Semaphore free = new Semaphore(WINDOW);
            AtomicLong refused = new AtomicLong();
            channel.addReturnListener(returned -> refused.incrementAndGet());
            channel.addConfirmListener(new ConfirmListener() {
                private final BitSet confirmed = new BitSet(count + 1);
                private int first = 1;

                @Override
                public void handleAck(long tag, boolean multiple) {
                    int last = (int) tag;
                    int n = 0;
                    for (int i = multiple ? first : last; i <= last; i++) {
                        if (!confirmed.get(i)) {
                            confirmed.set(i);
                            n++;
                        }
                    }
                    first = confirmed.nextClearBit(first);
                    free.release(n);
                }

                @Override
                public void handleNack(long tag, boolean multiple) {
                    refused.incrementAndGet();
                    handleAck(tag, multiple);
                }
            });
            byte[] body = new byte[BODY_BYTES];
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                free.acquire();
                channel.basicPublish("", QUEUE, true, PERSISTENT, body);
            }
            if (!free.tryAcquire(WINDOW, 60, TimeUnit.SECONDS)) {
                throw new IOException("the broker did not confirm all messages within a minute");
            }
            double took = (System.nanoTime() - start) / 1e9;
            if (refused.get() > 0) {
                throw new IOException("the broker refused " + refused.get() + " messages");
            }
            channel.queueDelete(QUEUE);
            return took;
        }
    }

    /** A new, empty quorum queue. */
    static void declare(Channel channel, String queue) throws IOException {
        channel.queueDelete(queue);
        channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
    }

    static Connection connect(String url) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(url);
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IOException("not a broker's address: " + url, e);
        }
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("holdfast-bench");
    }
}
