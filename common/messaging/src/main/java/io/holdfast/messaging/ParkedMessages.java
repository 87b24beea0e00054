package io.holdfast.messaging;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final String COLUMNS =
            "id, consumer, message_id, type, headers->>'correlationId' AS correlation, state, reason,"
                    + " error, attempt, next_try, parked_at, octet_length(payload) AS kept_bytes, payload_bytes, decided_by, decided_at";

    private final DataSource dataSource;
    private final String table;
    private final List<String> answering;

    public ParkedMessages(ServiceSchema service) {
        this(
                service.dataSource(),
                service.controlSchema(),
                service.queues().stream()
                        .filter(QueueBinding::isForRequests)
                        .map(QueueBinding::queue)
                        .toList());
    }

    /** Where nothing is replayed. */
    ParkedMessages(DataSource dataSource, String schema) {
        this(dataSource, schema, List.of());
    }

    private ParkedMessages(DataSource dataSource, String schema, List<String> answering) {
        this.dataSource = dataSource;
        this.table = schema + ".parked_message";
        this.answering = answering;
    }

    /**
     * A message that is parked: {@code waiting} for another try, {@code dead} until somebody decides, or {@code discarded} and kept
     * for the record.
     *
     * @param reason for machines, for example UNREADABLE or FAILED
     * @param error for people
     * @param payloadBytes length of the body as it came
     * @param decidedBy who replayed or discarded it last
     */
    public record Parked(
            long id,
            String consumer,
            UUID messageId,
            @Nullable String type,
            @Nullable String correlationId,
            String state,
            String reason,
            String error,
            int attempts,
            @Nullable Instant nextTry,
            Instant parkedAt,
            long payloadBytes,
            boolean whole,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt) {}

    /** Which of them: each part that is not null must be equal. Without a state all but the discarded ones. */
    public record Filter(
            @Nullable String state,
            @Nullable String consumer,
            @Nullable String type,
            @Nullable String reason) {

        public static final Filter ALL = new Filter(null, null, null, null);
        public static final Filter DEAD = new Filter("dead", null, null, null);

        Filter inState(String other) {
            return new Filter(other, consumer, type, reason);
        }

        private String where() {
            return " WHERE CASE WHEN ?::text IS NULL THEN state <> 'discarded' ELSE state = ? END"
                    + " AND (?::text IS NULL OR consumer = ?) AND (?::text IS NULL OR type = ?)"
                    + " AND (?::text IS NULL OR reason = ?)";
        }

        private int bind(PreparedStatement statement, int from) throws SQLException {
            int at = from;
            for (String part : new String[] {state, consumer, type, reason}) {
                statement.setString(at++, part);
                statement.setString(at++, part);
            }
            return at;
        }
    }

    record Waiting(long id, String consumer, Delivery delivery, int attempt) {}

    /** The newest first. */
    public List<Parked> list(Filter filter, int offset, int size) {
        return query(
                "SELECT " + COLUMNS + " FROM " + table + filter.where()
                        + " ORDER BY parked_at DESC, id DESC OFFSET ? LIMIT ?",
                statement -> {
                    int next = filter.bind(statement, 1);
                    statement.setInt(next, offset);
                    statement.setInt(next + 1, size);
                },
                ParkedMessages::parked);
    }

    public long count(Filter filter) {
        return query(
                        "SELECT count(*) FROM " + table + filter.where(),
                        statement -> filter.bind(statement, 1),
                        row -> row.getLong(1))
                .get(0);
    }

    public Optional<Parked> find(long id) {
        return query(
                        "SELECT " + COLUMNS + " FROM " + table + " WHERE id = ?",
                        statement -> statement.setLong(1, id),
                        ParkedMessages::parked)
                .stream()
                .findFirst();
    }

    /** The body, or the beginning of it that is kept. */
    public Optional<byte[]> payload(long id) {
        return query(
                        "SELECT payload FROM " + table + " WHERE id = ?",
                        statement -> statement.setLong(1, id),
                        row -> row.getBytes(1))
                .stream()
                .findFirst();
    }

    /**
     * Gives dead messages all their tries again, the first at once. Those of which only the beginning is kept stay dead, and those of
     * consumers that {@link #answers}. Answers how many it were.
     *
     * @param id of one, or null for all that the filter names
     * @param by who decided it
     */
    public int replay(@Nullable Long id, Filter filter, String by) {
        return decide(
                "UPDATE " + table
                        + " SET state = 'waiting', attempt = 0, next_try = statement_timestamp(), decided_by = ?,"
                        + " decided_at = statement_timestamp()",
                " AND payload_bytes IS NULL AND consumer <> ALL (?)",
                answering,
                id,
                filter,
                by);
    }

    /** Whether this consumer answers its senders itself, so that there is nothing to give its messages back to. */
    public boolean answers(String consumer) {
        return answering.contains(consumer);
    }

    /** Gives dead messages up; they are kept for the record as long as the inbox remembers. As {@link #replay}. */
    public int discard(@Nullable Long id, Filter filter, String by) {
        return decide(
                "UPDATE " + table + " SET state = 'discarded', decided_by = ?, decided_at = statement_timestamp()",
                "",
                null,
                id,
                filter,
                by);
    }

    /** @param and a condition more, whose parameter {@code texts} is; it has none where they are null */
    private int decide(
            String update, String and, @Nullable List<String> texts, @Nullable Long id, Filter filter, String by) {
        Filter dead = filter.inState("dead");
        return update(update + dead.where() + and + (id == null ? "" : " AND id = ?"), statement -> {
            statement.setString(1, by);
            int next = dead.bind(statement, 2);
            if (texts != null) {
                statement.setArray(next++, statement.getConnection().createArrayOf("text", texts.toArray()));
            }
            if (id != null) {
                statement.setLong(next, id);
            }
        });
    }

    private static Parked parked(ResultSet row) throws SQLException {
        Timestamp nextTry = row.getTimestamp("next_try");
        Timestamp decidedAt = row.getTimestamp("decided_at");
        long cutFrom = row.getLong("payload_bytes");
        boolean whole = row.wasNull();
        return new Parked(
                row.getLong("id"),
                row.getString("consumer"),
                row.getObject("message_id", UUID.class),
                row.getString("type"),
                row.getString("correlation"),
                row.getString("state"),
                row.getString("reason"),
                row.getString("error"),
                row.getInt("attempt"),
                nextTry == null ? null : nextTry.toInstant(),
                row.getTimestamp("parked_at").toInstant(),
                whole ? row.getLong("kept_bytes") : cutFrom,
                whole,
                row.getString("decided_by"),
                decidedAt == null ? null : decidedAt.toInstant());
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
        park(consumer, delivery, reason, error, 1, null, null);
    }

    /** Of a body that is longer than we take, the beginning is kept. */
    void parkTooLarge(String consumer, Delivery delivery, int limit) {
        Delivery cut = new Delivery(
                delivery.messageId(), delivery.type(), delivery.correlationId(), Arrays.copyOf(delivery.body(), limit));
        long bytes = delivery.body().length;
        park(consumer, cut, "TOO_LARGE", "the body has " + bytes + " bytes, more than " + limit, 1, null, bytes);
    }

    void parkWaiting(String consumer, Delivery delivery, String error) {
        park(consumer, delivery, "FAILED", error, 1, PAUSES.get(0), null);
    }

    private void park(
            String consumer,
            Delivery delivery,
            String reason,
            String error,
            int attempt,
            @Nullable Duration pause,
            @Nullable Long payloadBytes) {
        update(
                "INSERT INTO " + table
                        + " (consumer, message_id, type, headers, payload, state, reason, error, attempt, next_try, payload_bytes)"
                        + " VALUES (?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, statement_timestamp() + ? * interval '1 millisecond', ?)"
                        + " ON CONFLICT (consumer, message_id) DO NOTHING",
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
                    statement.setObject(11, payloadBytes, java.sql.Types.BIGINT);
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
