package io.holdfast.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one service's outbox: takes a batch of rows out in a transaction, publishes them persistent and mandatory, waits for the
 * confirms, commits. A crash or a lost broker rolls back and the batch is sent again with the same message ids: at least once. A
 * message that comes back unroutable, or is refused, stays in the outbox with what was wrong and is tried again later; the others
 * of its batch are not held up. Sleeps until it is woken.
 */
final class Relay implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String service;
    private final String schema;
    private final DataSource dataSource;
    private final Broker broker;
    private final int batch;
    private final Duration confirmTimeout;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread;
    private volatile boolean running = true;
    private @Nullable Channel channel;

    private final Map<Long, UUID> unconfirmed = new ConcurrentSkipListMap<>();
    private final Map<UUID, String> refused = new ConcurrentHashMap<>();

    Relay(ServiceSchema schema, Broker broker, int batch, Duration confirmTimeout) {
        this.service = schema.name();
        this.schema = schema.controlSchema();
        this.dataSource = schema.dataSource();
        this.broker = broker;
        this.batch = batch;
        this.confirmTimeout = confirmTimeout;
        this.thread = new Thread(this::run, "holdfast-relay-" + service);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
        wake();
    }

    /** There may be something to publish. Cheap, from any thread. */
    void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Stops after the batch at hand. */
    @Override
    public void close() {
        running = false;
        thread.interrupt();
        try {
            thread.join(confirmTimeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        boolean failing = false;
        while (running) {
            try {
                if (!failing) {
                    wakeUps.acquire();
                    wakeUps.drainPermits();
                }
                while (running && publishBatch() == batch) {
                    LOG.debugf("Outbox of %s holds more than one batch", service);
                }
                if (failing) {
                    LOG.infof("Relay of %s publishes again", service);
                }
                failing = false;
                pause = FIRST_PAUSE;
            } catch (InterruptedException e) {
                LOG.debugf("Relay of %s was asked to stop", service);
            } catch (IOException | TimeoutException | SQLException | ShutdownSignalException e) {
                if (!running) {
                    break;
                }
                dropChannel();
                if (!failing) {
                    LOG.warnf("Relay of %s cannot publish and will try again: %s", service, e);
                }
                failing = true;
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            } catch (RuntimeException e) {
                dropChannel();
                LOG.errorf(e, "Relay of %s met what it does not expect and will try again", service);
                failing = true;
                sleep(LONGEST_PAUSE);
            }
        }
        dropChannel();
    }

    /** One transaction: take, publish, wait, commit. Returns how many were taken. */
    int publishBatch() throws SQLException, IOException, TimeoutException, InterruptedException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<OutgoingMessage> messages = take(connection);
                if (!messages.isEmpty()) {
                    Map<OutgoingMessage, String> failed = publish(messages);
                    putBack(connection, failed);
                    MessageMetrics.published(service, messages.size() - failed.size());
                    MessageMetrics.refused(service, failed.size());
                }
                connection.commit();
                return messages.size();
            } catch (SQLException | IOException | TimeoutException | InterruptedException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private List<OutgoingMessage> take(Connection connection) throws SQLException {
        List<OutgoingMessage> messages = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + schema
                + ".outbox WHERE seq IN (SELECT seq FROM " + schema
                + ".outbox WHERE not_before <= statement_timestamp() ORDER BY seq LIMIT ? FOR UPDATE SKIP LOCKED)"
                + " RETURNING seq, message_id, type, aggregate_id, aggregate_version, tenant_name, exchange, routing_key, headers,"
                + " payload, created_at, attempts")) {
            statement.setInt(1, batch);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    messages.add(new OutgoingMessage(
                            rows.getLong("seq"),
                            rows.getObject("message_id", UUID.class),
                            rows.getString("type"),
                            rows.getString("aggregate_id"),
                            rows.getObject("aggregate_version", Integer.class),
                            rows.getString("tenant_name"),
                            rows.getString("exchange"),
                            rows.getString("routing_key"),
                            EventJson.map(rows.getString("headers")),
                            rows.getString("payload"),
                            rows.getTimestamp("created_at").toInstant(),
                            rows.getInt("attempts")));
                }
            }
        }
        messages.sort(Comparator.comparingLong(OutgoingMessage::seq));
        return messages;
    }

    /** The messages that the broker did not take, with the reason. */
    private Map<OutgoingMessage, String> publish(List<OutgoingMessage> messages)
            throws IOException, TimeoutException, InterruptedException {
        Channel open = channel();
        unconfirmed.clear();
        refused.clear();
        for (OutgoingMessage message : messages) {
            unconfirmed.put(open.getNextPublishSeqNo(), message.messageId());
            open.basicPublish(
                    message.exchange(), message.routingKey(), true, message.properties(service), message.body());
        }
        open.waitForConfirms(confirmTimeout.toMillis());
        Map<OutgoingMessage, String> failed = new HashMap<>();
        for (OutgoingMessage message : messages) {
            String why = refused.get(message.messageId());
            if (why != null) {
                failed.put(message, why);
            }
        }
        return failed;
    }

    private void putBack(Connection connection, Map<OutgoingMessage, String> failed) throws SQLException {
        if (failed.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO " + schema
                        + ".outbox (seq, message_id, type, aggregate_id, aggregate_version, tenant_name, exchange, routing_key, headers,"
                        + " payload, created_at, attempts, not_before, last_error)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, statement_timestamp() + ? * interval '1 second', ?)")) {
            for (Map.Entry<OutgoingMessage, String> entry : failed.entrySet()) {
                OutgoingMessage message = entry.getKey();
                int attempts = message.attempts() + 1;
                insert.setLong(1, message.seq());
                insert.setObject(2, message.messageId());
                insert.setString(3, message.type());
                insert.setString(4, message.subject());
                insert.setObject(5, message.aggregateVersion());
                insert.setString(6, message.tenantName());
                insert.setString(7, message.exchange());
                insert.setString(8, message.routingKey());
                insert.setString(9, EventJson.text(message.moreHeaders()));
                insert.setString(10, message.payload());
                insert.setTimestamp(11, java.sql.Timestamp.from(message.createdAt()));
                insert.setInt(12, attempts);
                insert.setLong(13, secondsUntilNextTry(attempts));
                insert.setString(14, entry.getValue());
                insert.addBatch();
                if (attempts == 1) {
                    LOG.warnf(
                            "%s %s of %s was not taken by the broker and will be tried again: %s",
                            message.type(), message.messageId(), service, entry.getValue());
                }
            }
            insert.executeBatch();
        }
    }

    /** 1 s, 2 s, 4 s ... 5 min: a queue that is being declared comes soon, a wrong routing key needs a person. */
    private static long secondsUntilNextTry(int attempts) {
        return Math.min(300, 1L << Math.min(attempts - 1, 9));
    }

    private Channel channel() throws IOException, TimeoutException {
        Channel current = channel;
        if (current != null && current.isOpen()) {
            return current;
        }
        Channel fresh = broker.openChannel();
        fresh.addReturnListener(returned -> refused.put(
                UUID.fromString(returned.getProperties().getMessageId()),
                "unroutable: " + returned.getReplyText() + " (exchange " + returned.getExchange() + ", key "
                        + returned.getRoutingKey() + ")"));
        fresh.addConfirmListener(new ConfirmListener() {
            @Override
            public void handleAck(long deliveryTag, boolean multiple) {
                forget(deliveryTag, multiple, null);
            }

            @Override
            public void handleNack(long deliveryTag, boolean multiple) {
                forget(deliveryTag, multiple, "refused by the broker");
            }
        });
        channel = fresh;
        return fresh;
    }

    private void forget(long deliveryTag, boolean multiple, @Nullable String refusal) {
        List<Long> tags = new ArrayList<>();
        if (multiple) {
            for (Long tag : unconfirmed.keySet()) {
                if (tag > deliveryTag) {
                    break;
                }
                tags.add(tag);
            }
        } else {
            tags.add(deliveryTag);
        }
        for (Long tag : tags) {
            UUID messageId = unconfirmed.remove(tag);
            if (messageId != null && refusal != null) {
                refused.putIfAbsent(messageId, refusal);
            }
        }
    }

    private void dropChannel() {
        Channel old = channel;
        channel = null;
        if (old != null && old.isOpen()) {
            try {
                old.abort();
            } catch (IOException | RuntimeException e) {
                LOG.debugf(e, "Channel of the relay of %s was gone already", service);
            }
        }
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            LOG.debugf("Relay of %s was asked to stop", service);
        }
    }
}
