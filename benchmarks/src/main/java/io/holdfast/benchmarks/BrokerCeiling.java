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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** What one client gets confirmed: persistent, mandatory messages of 1 kB into a quorum queue, 1000 confirms in flight. */
final class BrokerCeiling {

    static final int BODY_BYTES = 1024;

    private static final String QUEUE = "bench.ceiling";
    private static final int WINDOW = 1000;
    private static final BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

    private BrokerCeiling() {}

    /** Seconds that {@code count} messages take, which are spread over channels with an equal part of the window each. */
    static double run(Connection connection, int count, int channels)
            throws IOException, InterruptedException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            declare(channel, QUEUE);
            List<Publisher> publishers = new ArrayList<>();
            for (int i = 0; i < channels; i++) {
                publishers.add(new Publisher(connection.createChannel(), WINDOW / channels));
            }
            byte[] body = new byte[BODY_BYTES];
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                publishers.get(i % channels).publish(body);
            }
            for (Publisher publisher : publishers) {
                publisher.await();
            }
            double took = (System.nanoTime() - start) / 1e9;
            for (Publisher publisher : publishers) {
                publisher.close();
            }
            channel.queueDelete(QUEUE);
            return took;
        }
    }

    /** A channel with some confirms in flight. */
    private static final class Publisher {

        private final Channel channel;
        private final int window;
        private final Semaphore free;
        private final AtomicLong refused = new AtomicLong();

        Publisher(Channel channel, int window) throws IOException {
            this.channel = channel;
            this.window = window;
            this.free = new Semaphore(window);
            channel.confirmSelect();
            channel.addReturnListener(returned -> refused.incrementAndGet());
            channel.addConfirmListener(new ConfirmListener() {
                private final BitSet confirmed = new BitSet();
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
        }

        void publish(byte[] body) throws IOException, InterruptedException {
            free.acquire();
            channel.basicPublish("", QUEUE, true, PERSISTENT, body);
        }

        void await() throws IOException, InterruptedException {
            if (!free.tryAcquire(window, 60, TimeUnit.SECONDS)) {
                throw new IOException("the broker did not confirm all messages within a minute");
            }
            if (refused.get() > 0) {
                throw new IOException("the broker refused " + refused.get() + " messages");
            }
        }

        void close() throws IOException, TimeoutException {
            channel.close();
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
