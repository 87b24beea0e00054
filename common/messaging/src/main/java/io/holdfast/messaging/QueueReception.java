package io.holdfast.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.reactive.messaging.providers.locals.LocalContextMetadata;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Consumes one queue over a connection of its own, and does so again whenever the connection, the channel or the subscription ended,
 * until it is closed. What came by a channel that is lost the broker delivers again: it is dropped where nobody has it yet, and its
 * acknowledgement goes nowhere.
 */
final class QueueReception implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(QueueReception.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String CLOSED = "closed";
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final BrokerAddress broker;
    private final String queue;
    private final int outstanding;
    private final Context context;
    private final Declaration declaration;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private volatile CompletableFuture<String> end = new CompletableFuture<>();
    private volatile @Nullable Channel consuming;
    private boolean told;

    /** Makes the queue anew where somebody deleted it. */
    @FunctionalInterface
    interface Declaration {
        void declare() throws IOException, TimeoutException;
    }

    /**
     * @param outstanding how many messages it may have that are neither acknowledged nor given back; at least 1
     * @param declaration for a queue that is not there
     */
    QueueReception(BrokerAddress broker, String queue, int outstanding, Vertx vertx, Declaration declaration) {
        this.broker = broker;
        this.queue = queue;
        this.outstanding = outstanding;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.declaration = declaration;
    }

    /** Starts to consume when it is subscribed to, which may be once. Never fails and ends only when it is closed. */
    Multi<Message<byte[]>> messages() {
        return Multi.createFrom()
                .<Delivered>emitter(this::start, BackPressureStrategy.BUFFER)
                .select()
                .where(Delivered::isHeld)
                .map(delivered -> delivered.message(context));
    }

    /** Whether the broker gives it messages now. */
    boolean isConsuming() {
        Channel current = consuming;
        return current != null && current.isOpen();
    }

    private void start(MultiEmitter<? super Delivered> emitter) {
        Thread fresh = new Thread(() -> run(emitter), "holdfast-consumes-" + queue);
        fresh.setDaemon(true);
        if (!thread.compareAndSet(null, fresh)) {
            throw new IllegalStateException(queue + " has its receiver already");
        }
        emitter.onTermination(this::finish);
        fresh.start();
    }

    private void run(MultiEmitter<? super Delivered> emitter) {
        try {
            do {
                tryToConsume(emitter);
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debugf("Whoever consumes %s was asked to stop", queue);
        }
        emitter.complete();
    }

    private void tryToConsume(MultiEmitter<? super Delivered> emitter) {
        Connection connection;
        try {
            connection = Broker.factory(broker).newConnection("holdfast " + queue);
        } catch (IOException | TimeoutException | RuntimeException e) {
            LOG.debugf("No connection to consume %s over: %s", queue, e); // Broker tells that it is away
            return;
        }
        try {
            String why = consume(connection, emitter);
            if (connection.isOpen() && !isClosed()) {
                LOG.warnf("The broker gives nothing of %s any more, consuming it again: %s", queue, why);
            }
        } catch (IOException | RuntimeException e) {
            if (connection.isOpen() && !isClosed()) {
                refused(e);
            }
        } finally {
            consuming = null;
            connection.abort((int) CLOSING.toMillis());
        }
    }

    /** Until it is closed or lost: then why. */
    private String consume(Connection connection, MultiEmitter<? super Delivered> emitter) throws IOException {
        Channel channel = Broker.newChannel(connection);
        CompletableFuture<String> fresh = new CompletableFuture<>();
        end = fresh;
        if (isClosed()) {
            return CLOSED;
        }
        channel.addShutdownListener(cause -> fresh.complete(cause.getMessage()));
        channel.basicQos(outstanding);
        channel.basicConsume(queue, false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                emitter.emit(new Delivered(channel, envelope, properties, body));
            }

            @Override
            public void handleCancel(String tag) {
                fresh.complete("the queue was deleted, or is led by another node");
            }
        });
        consuming = channel;
        told = false;
        LOG.debugf("Consuming %s", queue);
        return fresh.join();
    }

    /** By a broker that is there. */
    private void refused(Exception why) {
        if (!told) {
            told = true;
            LOG.warnf("Cannot consume %s, trying again: %s", queue, Broker.reason(why));
        }
        if (Broker.isNotFound(why)) {
            try {
                declaration.declare();
            } catch (IOException | TimeoutException | RuntimeException e) {
                LOG.debugf("%s cannot be declared: %s", queue, e);
            }
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void finish() {
        closed.countDown();
        end.complete(CLOSED);
    }

    /** The broker gets back what is not acknowledged. */
    @Override
    public void close() {
        finish();
        Thread current = thread.get();
        if (current != null) {
            try {
                current.join(2 * CLOSING.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private record Delivered(Channel channel, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {

        /** Whether the broker still waits to hear of it. */
        boolean isHeld() {
            return channel.isOpen();
        }

        Message<byte[]> message(Context root) {
            AtomicBoolean settled = new AtomicBoolean();
            long tag = envelope.getDeliveryTag();
            return Message.of(
                    body,
                    Metadata.of(
                            new MessageOrigin(properties, envelope.getRoutingKey()),
                            new LocalContextMetadata(VertxContext.createNewDuplicatedContext(root))),
                    () -> settle(settled, () -> channel.basicAck(tag, false)),
                    why -> settle(settled, () -> channel.basicNack(tag, false, true)));
        }

        private interface Word {
            void send() throws IOException;
        }

        /** Once. Over the channel that it came by or not at all: to another one its tag says nothing, or means another message. */
        private static CompletionStage<Void> settle(AtomicBoolean settled, Word word) {
            if (settled.compareAndSet(false, true)) {
                try {
                    word.send();
                } catch (IOException | ShutdownSignalException e) {
                    LOG.debugf("The broker was lost before it heard of a message and delivers it again: %s", e);
                }
            }
            return CompletableFuture.completedStage(null);
        }
    }
}
