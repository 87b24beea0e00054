package io.holdfast.messaging;

import com.rabbitmq.client.AMQP;
import io.holdfast.contracts.events.Event;
import io.holdfast.role.NodeRole;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of one queue, each with effect once: the inbox row, the handler's changes and its outbox rows commit together,
 * then the message is acknowledged. What fails is parked and acknowledged, so that nothing blocks the queue; only when even parking
 * is impossible (the database is away) is the message handed back to the broker, after a pause ({@link HandBack}). Thread-safe.
 *
 * <p>A service makes one per {@code @Incoming} method with {@link MessageHandlers#consuming}:
 *
 * <pre>{@code
 * this.events = handlers.consuming("scheduler", "scheduler.events")
 *         .on(SnapshotEvent.Created.TYPE, SnapshotEvent.Created.class, recordSnapshot::created)
 *         .ignoringOthers()
 *         .build();
 *
 * @Incoming("scheduler-events")
 * @Blocking
 * CompletionStage<Void> receive(Message<byte[]> message) {
 *     return events.receive(message);
 * }
 * }</pre>
 */
public final class MessageHandler {

    private static final Logger LOG = Logger.getLogger(MessageHandler.class);

    private final String consumer;
    private final String schema;
    private final DataSource dataSource;
    private final Transactions transactions;
    private final ParkedMessages parked;
    private final Map<String, Route<?>> routes;
    private final Set<String> families;
    private final boolean ignoringOthers;
    private final @Nullable Consumer<byte[]> anything;
    private final int maxBody;
    private final NodeRole role;
    private final HandBack handBack = new HandBack();

    private record Route<E extends Event>(Class<E> type, Consumer<E> handler) {

        Runnable bind(byte[] body) {
            E event = EventJson.read(body, type);
            return () -> handler.accept(event);
        }
    }

    private MessageHandler(Builder builder) {
        this.consumer = builder.consumer;
        this.schema = builder.schema.controlSchema();
        this.dataSource = builder.schema.dataSource();
        this.transactions = builder.transactions;
        this.parked = new ParkedMessages(dataSource, schema);
        this.routes = Map.copyOf(builder.routes);
        this.families = new HashSet<>();
        routes.keySet().forEach(type -> families.add(family(type)));
        this.ignoringOthers = builder.ignoringOthers;
        this.anything = builder.anything;
        this.maxBody = builder.maxBody;
        this.role = builder.role;
    }

    /** Says which event goes where. */
    public static final class Builder {

        private final String consumer;
        private final ServiceSchema schema;
        private final Transactions transactions;
        private final NodeRole role;
        private final Consumer<MessageHandler> register;
        private final Map<String, Route<?>> routes = new HashMap<>();
        private boolean ignoringOthers;
        private @Nullable Consumer<byte[]> anything;
        private int maxBody;

        Builder(
                String consumer,
                ServiceSchema schema,
                Transactions transactions,
                int maxBody,
                NodeRole role,
                Consumer<MessageHandler> register) {
            this.role = role;
            this.maxBody = maxBody;
            this.consumer = consumer;
            this.schema = schema;
            this.transactions = transactions;
            this.register = register;
        }

        /**
         * @param type wire name
         * @param handler runs inside the transaction; throws {@link UnprocessableMessage} for what no retry can help
         */
        public <E extends Event> Builder on(String type, Class<E> event, Consumer<E> handler) {
            routes.put(type, new Route<>(event, handler));
            return this;
        }

        /** Events of families that are not handled here are acknowledged; without it they are dead letters. */
        public Builder ignoringOthers() {
            ignoringOthers = true;
            return this;
        }

        /**
         * For a queue that programs of others write to, whose messages have no type of ours: every body goes to {@code handler}, which
         * reads it itself. Those without a message id are told apart by their bytes.
         *
         * @param handler as that of {@link #on}
         */
        public Builder onAnything(Consumer<byte[]> handler) {
            anything = handler;
            return this;
        }

        /** Longer bodies are dead letters at once, instead of {@code holdfast.messaging.max-body}. */
        public Builder limitedTo(int bytes) {
            maxBody = bytes;
            return this;
        }

        public MessageHandler build() {
            MessageHandler handler = new MessageHandler(this);
            register.accept(handler);
            return handler;
        }
    }

    /** The whole way of one message; completes when it is acknowledged or handed back. Call it on a worker thread. */
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return StandbyHold.until(role, message, this::receiveNow);
    }

    private CompletionStage<Void> receiveNow(Message<byte[]> message) {
        Delivery delivery = delivery(message);
        try {
            process(delivery);
            handBack.succeeded();
            return message.ack();
        } catch (RuntimeException | Error e) { // what leaves this method ends the channel, for ever
            Duration wait = handBack.pause();
            LOG.warnf(
                    "%s can neither handle nor park %s %s; back to the broker in %s: %s",
                    consumer, delivery.type(), delivery.messageId(), wait, e);
            return HandBack.after(wait, message, e);
        }
    }

    /**
     * As {@link #receive(Message)}, for a body that came by other ways than a channel and has no properties. The caller acknowledges it
     * when this returns.
     *
     * @throws RuntimeException if it could neither be handled nor parked: it must be delivered again
     */
    public void receive(byte[] body) {
        process(new Delivery(messageId(null, body), null, null, body));
    }

    /**
     * Handles or parks.
     *
     * @throws RuntimeException if neither was possible: the message must be delivered again
     */
    void process(Delivery delivery) {
        MDC.put("messageId", delivery.messageId().toString());
        if (delivery.correlationId() != null) {
            MDC.put("correlationId", delivery.correlationId());
        }
        try {
            if (delivery.body().length > maxBody) {
                MessageMetrics.parked(consumer, "dead");
                parked.parkTooLarge(consumer, delivery, maxBody);
                LOG.errorf(
                        "%s cannot take %s %s, it is a dead letter now (TOO_LARGE): %s bytes",
                        consumer, delivery.type(), delivery.messageId(), delivery.body().length);
                return;
            }
            Runnable work = bind(delivery);
            if (work == null) {
                return;
            }
            transactions.inNew(() -> once(delivery, work));
        } catch (UnprocessableMessage e) {
            MessageMetrics.parked(consumer, "dead");
            parked.parkDead(consumer, delivery, e.reason(), String.valueOf(e.getMessage()));
            LOG.errorf(
                    "%s cannot take %s %s, it is a dead letter now (%s): %s",
                    consumer, delivery.type(), delivery.messageId(), e.reason(), e.getMessage());
        } catch (RuntimeException e) {
            MessageMetrics.parked(consumer, "waiting");
            parked.parkWaiting(consumer, delivery, e.toString());
            LOG.warnf(
                    e,
                    "%s failed on %s %s; it is parked and will be tried again",
                    consumer,
                    delivery.type(),
                    delivery.messageId());
        } finally {
            MDC.remove("messageId");
            MDC.remove("correlationId");
        }
    }

    /** One more try of a parked message: its row, the inbox and the handler's changes in one transaction. */
    void retry(ParkedMessages.Waiting waiting) {
        Delivery delivery = waiting.delivery();
        Runnable work = bind(delivery);
        if (work != null) {
            once(delivery, work);
        }
        parked.done(waiting.id());
    }

    String consumer() {
        return consumer;
    }

    private @Nullable Runnable bind(Delivery delivery) {
        Consumer<byte[]> taker = anything;
        if (taker != null) {
            return () -> taker.accept(delivery.body());
        }
        String type = delivery.type();
        if (type == null) {
            throw new UnprocessableMessage("UNKNOWN_TYPE", "the message has no type");
        }
        Route<?> route = routes.get(type);
        if (route != null) {
            return route.bind(delivery.body());
        }
        if (families.contains(family(type))) {
            throw new UnprocessableMessage("UNKNOWN_VERSION", "version of " + type + " is not known here");
        }
        if (!ignoringOthers) {
            throw new UnprocessableMessage("UNKNOWN_TYPE", type + " is not known here");
        }
        return null;
    }

    private void once(Delivery delivery, Runnable work) {
        if (firstTime(delivery.messageId())) {
            work.run();
            MessageMetrics.handled(consumer);
        } else {
            MessageMetrics.duplicate(consumer);
            LOG.debugf("%s has %s already", consumer, delivery.messageId());
        }
    }

    private boolean firstTime(UUID messageId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
                        + ".inbox (consumer, message_id) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, consumer);
            insert.setObject(2, messageId);
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write " + schema + ".inbox", e);
        }
    }

    private static String family(String type) {
        int version = type.lastIndexOf(".v");
        return version < 0 ? type : type.substring(0, version);
    }

    private static Delivery delivery(Message<byte[]> message) {
        AMQP.BasicProperties properties = message.getMetadata(MessageOrigin.class)
                .map(MessageOrigin::properties)
                .orElseGet(AMQP.BasicProperties::new);
        byte[] body = message.getPayload();
        return new Delivery(
                messageId(properties.getMessageId(), body),
                storable(properties.getType()),
                storable(properties.getCorrelationId()),
                body);
    }

    /** What the database would not store must not keep a message from being parked. */
    static @Nullable String storable(@Nullable String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    /** The message's own id; of what is no UUID, or of the bytes where there is none, one that is the same at each delivery. */
    static UUID messageId(@Nullable String id, byte[] body) {
        if (id == null) {
            return UUID.nameUUIDFromBytes(body);
        }
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
        }
    }
}
