package io.holdfast.messaging;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Finds out, at each new connection and before anything is published over it, whether the broker still has what one service gave it.
 * A durable exchange is the mark that we were here; where it is missing though the database says that a broker was used before, the
 * broker is another one or has lost its data, and with them messages that it had confirmed and nobody had consumed. Then all that was
 * published lately goes back to the outbox under the same ids, the service is told ({@link BrokerRebuilt}), and only then the mark is
 * made anew: a crash anywhere in between begins this again. Of several processes one does it, the others wait.
 */
final class BrokerLoss {

    private static final Logger LOG = Logger.getLogger(BrokerLoss.class);
    private static final String MARK = "holdfast.marker.";
    private static final int LOCK_CLASS = 0x686f6c64;

    private final String service;
    private final String schema;
    private final DataSource dataSource;
    private final Consumer<BrokerRebuilt> told;
    private final LongSupplier epoch;
    private volatile boolean recorded;

    /**
     * @param epoch in which this node is active, where it has a broker of its own: what it held in an earlier one is not all that was
     *     sent since, so each epoch has a mark of its own. 0 where all nodes share the broker
     * @param told hears of a loss; what it throws makes the connection fail, and all is tried again
     */
    BrokerLoss(ServiceSchema schema, LongSupplier epoch, Consumer<BrokerRebuilt> told) {
        this.epoch = epoch;
        this.service = schema.name();
        this.schema = schema.controlSchema();
        this.dataSource = schema.dataSource();
        this.told = told;
    }

    void check(Connection broker) throws IOException, TimeoutException {
        try {
            boolean marked = isMarked(broker);
            if (marked && recorded) {
                return;
            }
            try (java.sql.Connection database = dataSource.getConnection()) {
                if (marked) {
                    recordUse(database);
                } else {
                    alone(database, () -> mark(broker, database));
                }
            }
            recorded = true;
        } catch (SQLException e) {
            throw new IOException("cannot see what " + service + " gave to the broker: " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException, TimeoutException, SQLException;
    }

    private void alone(java.sql.Connection database, Step step) throws IOException, TimeoutException, SQLException {
        String key = LOCK_CLASS + ", hashtext('" + schema + "')";
        try (Statement statement = database.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + key + ")");
            try {
                step.run();
            } finally {
                statement.execute("SELECT pg_advisory_unlock(" + key + ")");
            }
        }
    }

    private void mark(Connection broker, java.sql.Connection database)
            throws IOException, TimeoutException, SQLException {
        if (isMarked(broker)) {
            return;
        }
        if (recordUse(database)) {
            LOG.debugf("%s uses a broker for the first time", service);
        } else {
            int again = takeBack(database);
            LOG.warnf(
                    "The broker has lost what %s gave it, or is another one: %s messages of lately are sent again",
                    service, again);
            told.accept(new BrokerRebuilt(service));
            MessageMetrics.rebuilt(service);
        }
        try (Channel channel = broker.createChannel()) {
            channel.exchangeDeclare(mark(), BuiltinExchangeType.DIRECT, true);
        }
    }

    private String mark() {
        long now = epoch.getAsLong();
        return MARK + service + (now == 0 ? "" : "." + now);
    }

    /** True at the first time. */
    private boolean recordUse(java.sql.Connection database) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement(
                "INSERT INTO " + schema + ".broker_use DEFAULT VALUES ON CONFLICT DO NOTHING")) {
            return insert.executeUpdate() == 1;
        }
    }

    private int takeBack(java.sql.Connection database) throws SQLException {
        database.setAutoCommit(false);
        try (Statement statement = database.createStatement()) {
            // Waits for relays that hear the old broker's confirm only now: what they commit belongs to what was lost.
            statement.execute("SET LOCAL lock_timeout = '2min'");
            statement.execute("LOCK TABLE " + schema + ".outbox_sent IN SHARE ROW EXCLUSIVE MODE");
            int again = statement.executeUpdate("WITH back AS (DELETE FROM " + schema + ".outbox_sent RETURNING *)"
                    + " INSERT INTO " + schema
                    + ".outbox (seq, message_id, type, aggregate_id, aggregate_version, tenant_name, exchange, routing_key, headers,"
                    + " payload, created_at)"
                    + " SELECT seq, message_id, type, aggregate_id, aggregate_version, tenant_name, exchange, routing_key, headers,"
                    + " payload, created_at FROM back ORDER BY seq ON CONFLICT DO NOTHING");
            statement.executeUpdate(
                    "UPDATE " + schema + ".broker_use SET rebuilt_at = statement_timestamp(), rebuilds = rebuilds + 1");
            try (ResultSet notified =
                    statement.executeQuery("SELECT pg_notify('" + Outbox.NOTIFY_CHANNEL + "', '" + service + "')")) {
                notified.next();
            }
            database.commit();
            return again;
        } catch (SQLException e) {
            database.rollback();
            throw e;
        } finally {
            database.setAutoCommit(true);
        }
    }

    private boolean isMarked(Connection broker) throws IOException, TimeoutException {
        Channel channel = Broker.newChannel(broker);
        try {
            channel.exchangeDeclarePassive(mark());
            channel.close();
            return true;
        } catch (IOException e) {
            if (Broker.isNotFound(e)) {
                return false;
            }
            throw e;
        }
    }
}
