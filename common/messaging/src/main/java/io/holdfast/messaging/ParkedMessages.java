package io.holdfast.messaging;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one service could not take: waiting for another try, or dead until an operator replays or discards them. In
 * PostgreSQL, whatever the broker. Thread-safe.
 */
public class ParkedMessages {

    /** Pauses before the second, third and fourth try; after the last the message is dead. */
    static final List<Duration> PAUSES = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));

    private static final int LONGEST_ERROR = 4_000;

    private final DataSource dataSource;
    private final String table;

    public ParkedMessages(DataSource dataSource, String schema) {
        this.dataSource = dataSource;
        this.table = schema + ".parked_message";
    }

    /**
     * A dead message.
     *
     * @param reason for machines, for example UNREADABLE or FAILED
     * @param error for people
     */
    public record Dead(
            long id,
            String consumer,
            UUID messageId,
            @Nullable String type,
            String reason,
            String error,
            int attempts,
            Instant parkedAt) {}

    record Waiting(long id, String consumer, Delivery delivery, int attempt) {}

    /** The dead ones, oldest first. */
    public List<Dead> dead(int limit) {
        return query(
                "SELECT * FROM " + table + " WHERE state = 'dead' ORDER BY id LIMIT ?",
                statement -> statement.setInt(1, limit),
                row -> new Dead(
                        row.getLong("id"),
                        row.getString("consumer"),
                        row.getObject("message_id", UUID.class),
                        row.getString("type"),
                        row.getString("reason"),
                        row.getString("error"),
                        row.getInt("attempt"),
                        row.getTimestamp("parked_at").toInstant()));
    }

    /** How many are dead. Anything but 0 needs a person. */
    public long countDead() {
        return query("SELECT count(*) FROM " + table + " WHERE state = 'dead'", statement -> {}, row -> row.getLong(1))
                .get(0);
    }

    /** Gives a dead message all its tries again, the first at once. False if there is no such dead message. */
    public boolean replay(long id) {
        return update(
                        "UPDATE " + table
                                + " SET state = 'waiting', attempt = 0, next_try = statement_timestamp() WHERE id = ?"
                                + " AND state = 'dead'",
                        statement -> statement.setLong(1, id))
                == 1;
    }

    /** Forgets a dead message. False if there is no such dead message. */
    public boolean discard(long id) {
        return update(
                        "DELETE FROM " + table + " WHERE id = ? AND state = 'dead'",
                        statement -> statement.setLong(1, id))
                == 1;
    }

    /**
     * For a consumer that answers its senders itself: keeps what cannot be answered, dead at once. Changes nothing where this consumer
     * has buried that message id already.
     *
     * @param headers what an operator needs to see besides the payload
     * @param reason for machines
     * @param error for people
     */
    public void bury(
            String consumer,
            UUID messageId,
            @Nullable String type,
            Map<String, String> headers,
            byte[] payload,
            String reason,
            String error) {
        MessageMetrics.parked(consumer, "dead");
        update(
                "INSERT INTO " + table
                        + " (consumer, message_id, type, headers, payload, state, reason, error, attempt) VALUES (?,"
                        + " ?, ?, ?::jsonb, ?, 'dead', ?, ?, 1) ON CONFLICT (consumer, message_id) DO NOTHING",
                statement -> {
                    statement.setString(1, consumer);
                    statement.setObject(2, messageId);
                    statement.setString(3, type);
                    statement.setString(4, EventJson.text(headers));
                    statement.setBytes(5, payload);
                    statement.setString(6, reason);
                    statement.setString(7, shorten(error));
                });
    }

    void parkDead(String consumer, Delivery delivery, String reason, String error) {
        park(consumer, delivery, reason, error, 1, null);
    }

    void parkWaiting(String consumer, Delivery delivery, String error) {
        park(consumer, delivery, "FAILED", error, 1, PAUSES.get(0));
    }

    private void park(
            String consumer, Delivery delivery, String reason, String error, int attempt, @Nullable Duration pause) {
        update(
                "INSERT INTO " + table
                        + " (consumer, message_id, type, headers, payload, state, reason, error, attempt, next_try)"
                        + " VALUES (?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, statement_timestamp() + ? * interval '1"
                        + " millisecond') ON CONFLICT (consumer, message_id) DO NOTHING",
                statement -> {
                    statement.setString(1, consumer);
                    statement.setObject(2, delivery.messageId());
                    statement.setString(3, delivery.type());
                    statement.setString(4, headers(delivery));
                    statement.setBytes(5, delivery.body());
                    statement.setString(6, pause == null ? "dead" : "waiting");
                    statement.setString(7, reason);
                    statement.setString(8, shorten(error));
                    statement.setInt(9, attempt);
                    statement.setObject(10, pause == null ? null : (Object) pause.toMillis(), java.sql.Types.BIGINT);
                });
    }

    /** One that is due, locked for the transaction at hand; other instances pass it by. Null if none is. */
    @Nullable
    Waiting lockDue() {
        List<Waiting> due = query(
                "SELECT *, headers->>'correlationId' AS correlation FROM " + table
                        + " WHERE state = 'waiting' AND next_try <= statement_timestamp()"
                        + " ORDER BY next_try LIMIT 1 FOR UPDATE SKIP LOCKED",
                statement -> {},
                row -> new Waiting(
                        row.getLong("id"),
                        row.getString("consumer"),
                        new Delivery(
                                row.getObject("message_id", UUID.class),
                                row.getString("type"),
                                row.getString("correlation"),
                                row.getBytes("payload")),
                        row.getInt("attempt")));
        return due.isEmpty() ? null : due.get(0);
    }

    void done(long id) {
        update("DELETE FROM " + table + " WHERE id = ?", statement -> statement.setLong(1, id));
    }

    /** Counts one more failure: waits longer, or is dead after the last try. True if it is dead now. */
    boolean failedAgain(Waiting message, String error) {
        int attempt = message.attempt() + 1;
        boolean dead = attempt > PAUSES.size();
        long pauseMillis = dead ? 0 : PAUSES.get(attempt - 1).toMillis();
        update(
                "UPDATE " + table
                        + " SET attempt = ?, error = ?, state = ?, reason = 'FAILED', next_try = CASE WHEN ? THEN NULL"
                        + " ELSE statement_timestamp() + ? * interval '1 millisecond' END WHERE id = ?",
                statement -> {
                    statement.setInt(1, attempt);
                    statement.setString(2, shorten(error));
                    statement.setString(3, dead ? "dead" : "waiting");
                    statement.setBoolean(4, dead);
                    statement.setLong(5, pauseMillis);
                    statement.setLong(6, message.id());
                });
        return dead;
    }

    void dead(Waiting message, String reason, String error) {
        update(
                "UPDATE " + table
                        + " SET attempt = attempt + 1, state = 'dead', next_try = NULL, reason = ?, error = ? WHERE id"
                        + " = ?",
                statement -> {
                    statement.setString(1, reason);
                    statement.setString(2, shorten(error));
                    statement.setLong(3, message.id());
                });
    }

    private static String headers(Delivery delivery) {
        String correlation = delivery.correlationId();
        return EventJson.text(correlation == null ? Map.of() : Map.of("correlationId", correlation));
    }

    private static String shorten(String error) {
        String clean = error.replace("\0", "");
        return clean.length() <= LONGEST_ERROR ? clean : clean.substring(0, LONGEST_ERROR);
    }

    @FunctionalInterface
    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private int update(String sql, Binder binder) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write " + table, e);
        }
    }

    private <T> List<T> query(String sql, Binder binder, Reader<T> reader) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
                return found;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read " + table, e);
        }
    }
}
