package io.holdfast.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.Event;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes facts of one service again that were published lately, from what is kept of them ({@code outbox_sent}): to one queue, or as
 * the first time. They have their old message ids, so inboxes drop what they have had, and say in a header that they are repeated. Not
 * by the outbox: nothing depends on them, whoever asks for them hears at once what became of them and may ask again.
 */
public final class EventReplay {

    /** Header of a repeated message; a CloudEvents extension attribute, {@code true}. */
    public static final String HEADER = "cloudEvents_replay";

    /** The most messages at once. */
    public static final int MOST = 100_000;

    private static final Logger LOG = Logger.getLogger(EventReplay.class);
    private static final int STEP = 500;

    /** Binds: see {@link #bind}. What was published before it was made is older than it; so the first condition finds the pages. */
    private static final String WANTED =
            " FROM %s.outbox_sent WHERE published_at >= ? AND created_at >= ? AND created_at < ? AND exchange = '"
                    + Event.EVENTS
                    + "' AND (?::text IS NULL OR type = ?) AND (?::text IS NULL OR aggregate_id = ?) AND (?::text IS NULL OR tenant_name = ?)";

    /** As the relay reads them. */
    private static final String COLUMNS =
            "SELECT seq, message_id::text, type, aggregate_id, aggregate_version, tenant_name, exchange,"
                    + " routing_key, headers || '{\"" + HEADER + "\": true}', payload, created_at, 0, false";

    private final ServiceSchema service;
    private final Broker broker;
    private final Duration confirmTimeout;

    EventReplay(ServiceSchema service, Broker broker, Duration confirmTimeout) {
        this.service = service;
        this.broker = broker;
        this.confirmTimeout = confirmTimeout;
    }

    /**
     * Which facts.
     *
     * @param from of when the first is
     * @param to of before when all are
     * @param type wire name; null: any
     * @param aggregateId what they are about, for example the id of an execution; null: any
     * @param tenantName null: any
     */
    public record Wanted(
            Instant from,
            Instant to,
            @Nullable String type,
            @Nullable String aggregateId,
            @Nullable String tenantName) {}

    /**
     * What became of them.
     *
     * @param published how many were given to the broker
     * @param refused of these, how many it did not take: no queue wants them, or one is full
     */
    public record Outcome(int published, int refused) {}

    /**
     * How many there are.
     *
     * @throws ManagerException NOT_FOUND if the broker has no such queue
     */
    public long count(Wanted wanted, @Nullable String queue) {
        try (Connection connection = service.dataSource().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT count(*)" + WANTED.formatted(service.controlSchema()))) {
            if (queue != null) {
                try (Channel channel = broker.openChannel()) {
                    requireQueue(channel, queue);
                }
            }
            bind(statement, wanted);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read what " + service.name() + " published", e);
        } catch (IOException | TimeoutException e) {
            throw unavailable(e, 0);
        }
    }

    /**
     * Publishes them, the oldest first, at most {@link #MOST}.
     *
     * @param queue the one queue that gets them; null: the exchange, and so every queue that is bound to it
     * @throws ManagerException NOT_FOUND if the broker has no such queue, SERVICE_UNAVAILABLE if it does not take them all
     */
    public Outcome publish(Wanted wanted, @Nullable String queue) {
        int refused = 0;
        int published = 0;
        // A channel of its own: what comes back on it is ours.
        try (Channel channel = broker.openChannel()) {
            if (queue != null) {
                requireQueue(channel, queue);
            }
            PublishingChannel confirmed = PublishingChannel.on(channel, () -> {});
            for (List<OutgoingMessage> step : steps(wanted)) {
                Confirms.Batch batch = confirmed.expect(step);
                for (OutgoingMessage message : step) {
                    if (queue == null) {
                        confirmed.publish(message, service.name());
                    } else {
                        confirmed.publish("", queue, message, service.name());
                    }
                }
                refused += batch.await(confirmTimeout).size();
                published += step.size();
            }
            LOG.infof(
                    "%d events of %s published again to %s, %d of them refused",
                    published, service.name(), queue == null ? Event.EVENTS : queue, refused);
            return new Outcome(published, refused);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read what " + service.name() + " published", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e, published);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw unavailable(e, published);
        }
    }

    private List<List<OutgoingMessage>> steps(Wanted wanted) throws SQLException {
        List<List<OutgoingMessage>> steps = new ArrayList<>();
        try (Connection connection = service.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(COLUMNS
                        + WANTED.formatted(service.controlSchema()) + " ORDER BY created_at, seq LIMIT " + MOST)) {
            bind(statement, wanted);
            try (ResultSet rows = statement.executeQuery()) {
                List<OutgoingMessage> step = new ArrayList<>();
                while (rows.next()) {
                    step.add(OutgoingMessage.of(rows));
                    if (step.size() == STEP) {
                        steps.add(step);
                        step = new ArrayList<>();
                    }
                }
                steps.add(step);
            }
        }
        return steps;
    }

    private static void bind(PreparedStatement statement, Wanted wanted) throws SQLException {
        statement.setTimestamp(1, Timestamp.from(wanted.from()));
        statement.setTimestamp(2, Timestamp.from(wanted.from()));
        statement.setTimestamp(3, Timestamp.from(wanted.to()));
        int n = 4;
        for (String value : new @Nullable String[] {wanted.type(), wanted.aggregateId(), wanted.tenantName()}) {
            statement.setObject(n++, value, Types.VARCHAR);
            statement.setObject(n++, value, Types.VARCHAR);
        }
    }

    /** Asking for a queue that is not there closes the channel. */
    private static void requireQueue(Channel channel, String queue) throws IOException {
        try {
            channel.queueDeclarePassive(queue);
        } catch (IOException e) {
            if (Broker.isNotFound(e)) {
                throw new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "the broker has no queue `" + queue + "`",
                        "declare it first; it need not be bound to anything",
                        e);
            }
            throw e;
        }
    }

    private ManagerException unavailable(Exception cause, int published) {
        return new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "the broker did not take all events of " + service.name() + " (" + published + " it did): "
                        + cause.getMessage(),
                "ask again when it is there: consumers drop what they have had",
                cause);
    }
}
