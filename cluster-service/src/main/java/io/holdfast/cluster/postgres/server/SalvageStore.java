package io.holdfast.cluster.postgres.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.Salvage;
import io.holdfast.cluster.postgres.SalvageEntry;
import io.holdfast.cluster.postgres.SalvageMerge;
import io.holdfast.cluster.postgres.SalvagedChange;
import io.holdfast.cluster.postgres.SalvagedChange.Kind;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The salvaged changes in {@code holdfast_ha} of the active: listed, shown with what they would meet now, merged, exported, given up.
 * Works as the agent's superuser on the own server, which must be the active's. Failures of the database are
 * {@link ErrorCode#SERVICE_UNAVAILABLE}, an id that nobody has is {@link ErrorCode#NOT_FOUND}.
 */
public final class SalvageStore {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int FETCH = 500;
    private static final String SUMMARY = """
        SELECT s.id, s.node, s.timeline, s.divergence::text, s.epoch, s.state, s.parked_at::text, s.notes::text,
               s.sequences::text, count(c.ordinal) AS changes, count(c.ordinal) FILTER (WHERE c.state = 'OPEN') AS open
          FROM holdfast_ha.salvage s LEFT JOIN holdfast_ha.salvage_change c ON c.salvage_id = s.id
         WHERE ?::bigint IS NULL OR s.id = ? GROUP BY s.id ORDER BY s.id\
        """;

    private final LocalConnections connections;
    private final PostgresSettings settings;

    SalvageStore(LocalConnections connections, PostgresSettings settings) {
        this.connections = connections;
        this.settings = settings;
    }

    /** All, oldest first. */
    public List<Salvage> list() {
        return inTransaction("salvaged changes cannot be listed", connection -> summaries(connection, null));
    }

    public Salvage get(long id) {
        return inTransaction("the salvage cannot be read", connection -> required(connection, id));
    }

    /**
     * Changes in order, each compared with what the active has now.
     *
     * @param after ordinal of the last one seen, 0 for the first page
     * @param limit 1 to 1000
     */
    public List<SalvageEntry> show(long id, long after, int limit) {
        if (limit < 1 || limit > 1000) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "limit must be 1 to 1000, found: " + limit, null);
        }
        return inTransaction("the salvage cannot be shown", connection -> {
            Salvage salvage = required(connection, id);
            ActiveRows rows = new ActiveRows(connection, salvage.divergence().timeline());
            List<SalvageEntry> shown = new ArrayList<>();
            for (SalvageEntry entry : entries(connection, id, after, limit)) {
                shown.add(entry.state() == SalvageEntry.State.FREE ? rows.judge(entry) : entry);
            }
            return shown;
        });
    }

    /** Merges what does not conflict, in one transaction that a quorum confirms. The rest stays. */
    public SalvageMerge apply(long id, SalvageMerge.Scope scope) {
        return inTransaction("the salvage cannot be applied", connection -> {
            Salvage salvage = required(connection, id);
            if (salvage.state() == Salvage.State.DISCARDED) {
                throw new ManagerException(
                        ErrorCode.CONFLICT,
                        "salvage " + id + " was discarded",
                        "export it and enter by hand what you need of it");
            }
            Merging merging = new Merging(
                    connection,
                    id,
                    scope,
                    new ActiveRows(connection, salvage.divergence().timeline()));
            SalvageMerge merged = merging.run(entries(connection, id, 0, Integer.MAX_VALUE), sequences(connection, id));
            settle(connection, id);
            QuorumCommit.commit(connection);
            return merged;
        });
    }

    /** Gives up what is still open. It stays readable, and can be exported. */
    public Salvage discard(long id) {
        return inTransaction("the salvage cannot be discarded", connection -> {
            required(connection, id);
            try (Statement sql = connection.createStatement()) {
                sql.executeUpdate(
                        "UPDATE holdfast_ha.salvage_change SET state = 'DISCARDED', settled_at = clock_timestamp()"
                                + " WHERE state = 'OPEN' AND salvage_id = " + id);
                sql.executeUpdate("UPDATE holdfast_ha.salvage SET state = 'DISCARDED', settled_at = clock_timestamp()"
                        + " WHERE state = 'OPEN' AND id = " + id);
            }
            Salvage discarded = required(connection, id);
            QuorumCommit.commit(connection);
            return discarded;
        });
    }

    /**
     * Writes a salvage as JSON lines: the first is the salvage itself, with {@code changes}, the number of lines that follow; each
     * further one a change with {@code ordinal}, {@code timeline}, {@code xid}, {@code schema}, {@code table}, {@code kind}, {@code
     * before}, {@code after}, and with {@code state} and {@code reason} as they are when it is written. The stream stays open.
     */
    public void export(long id, OutputStream target) {
        inTransaction("the salvage cannot be exported", connection -> {
            Salvage salvage = required(connection, id);
            try {
                BufferedWriter out = new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8));
                var head = ColumnJson.object()
                        .put("salvage", salvage.id())
                        .put("node", salvage.node().value())
                        .put("timeline", salvage.divergence().timeline())
                        .put("divergence", salvage.divergence().lsn().toString())
                        .put("epoch", salvage.epoch())
                        .put("state", word(salvage.state()))
                        .put("parked_at", salvage.parkedAt())
                        .put("changes", salvage.changes());
                salvage.notes().forEach(head.putArray("notes")::add);
                out.write(head + "\n");
                ActiveRows rows =
                        new ActiveRows(connection, salvage.divergence().timeline());
                List<SalvageEntry> page = entries(connection, id, 0, FETCH);
                while (!page.isEmpty()) {
                    for (SalvageEntry entry : page) {
                        SalvageEntry judged = entry.state() == SalvageEntry.State.FREE ? rows.judge(entry) : entry;
                        out.write(line(judged) + "\n");
                    }
                    page = entries(connection, id, page.get(page.size() - 1).ordinal(), FETCH);
                }
                out.flush();
                return salvage;
            } catch (IOException e) {
                throw new ManagerException(
                        ErrorCode.INTERNAL_SERVER, "salvage " + id + " cannot be written out: " + e, null, e);
            }
        });
    }

    private static ObjectNode line(SalvageEntry entry) {
        SalvagedChange change = entry.change();
        ObjectNode line = ColumnJson.object()
                .put("ordinal", entry.ordinal())
                .put("timeline", change.timeline())
                .put("xid", change.xid())
                .put("schema", change.schema())
                .put("table", change.table())
                .put("kind", word(change.kind()))
                .put("state", word(entry.state()))
                .put("reason", entry.reason());
        line.set("before", ColumnJson.tree(change.before()));
        line.set("after", ColumnJson.tree(change.after()));
        return line;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void settle(Connection connection, long id) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.executeUpdate(
                    "UPDATE holdfast_ha.salvage SET state = 'SETTLED', settled_at = clock_timestamp() WHERE state ="
                            + " 'OPEN' AND id = "
                            + id
                            + " AND NOT EXISTS (SELECT FROM holdfast_ha.salvage_change WHERE state = 'OPEN' AND"
                            + " salvage_id = "
                            + id + ")");
        }
    }

    private static Salvage required(Connection connection, long id) throws SQLException {
        return summaries(connection, id).stream()
                .findFirst()
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "there is no salvage " + id, "list them: cluster salvage list"));
    }

    private static List<Salvage> summaries(Connection connection, @Nullable Long id) throws SQLException {
        List<Salvage> found = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(SUMMARY)) {
            query.setObject(1, id, java.sql.Types.BIGINT);
            query.setObject(2, id, java.sql.Types.BIGINT);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new Salvage(
                            row.getLong("id"),
                            new NodeId(row.getString("node")),
                            new Position(row.getLong("timeline"), Lsn.parse(row.getString("divergence"))),
                            row.getLong("epoch"),
                            Salvage.State.valueOf(row.getString("state")),
                            row.getString("parked_at"),
                            row.getLong("changes"),
                            row.getLong("open"),
                            ColumnJson.strings(row.getString("notes"))));
                }
            }
        }
        return found;
    }

    private static java.util.Map<String, Long> sequences(Connection connection, long id) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            return ColumnJson.numbers(
                    LocalPostgres.text(sql, "SELECT sequences::text FROM holdfast_ha.salvage WHERE id = " + id));
        }
    }

    /** In order; those that are open are FREE until somebody compares them. */
    private static List<SalvageEntry> entries(Connection connection, long id, long after, int limit)
            throws SQLException {
        List<SalvageEntry> entries = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("""
            SELECT ordinal, timeline, xid, schema, relation, kind, before::text, after::text, state
              FROM holdfast_ha.salvage_change WHERE salvage_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?\
            """)) {
            query.setFetchSize(FETCH);
            query.setLong(1, id);
            query.setLong(2, after);
            query.setInt(3, limit);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    SalvagedChange change = new SalvagedChange(
                            row.getLong("timeline"),
                            row.getLong("xid"),
                            row.getString("schema"),
                            row.getString("relation"),
                            Kind.valueOf(row.getString("kind")),
                            ColumnJson.read(row.getString("before")),
                            ColumnJson.read(row.getString("after")));
                    String state = row.getString("state");
                    entries.add(new SalvageEntry(
                            row.getLong("ordinal"),
                            change,
                            state.equals("OPEN") ? SalvageEntry.State.FREE : SalvageEntry.State.valueOf(state),
                            ""));
                }
            }
        }
        return entries;
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T inTransaction(String failure, Work<T> work) {
        try (Connection connection = connections.rows(settings.database(), LIMIT)) {
            connection.setAutoCommit(false);
            LocalPostgres.readWrite(connection);
            Optional<T> result = Optional.of(work.run(connection));
            connection.rollback();
            return result.orElseThrow();
        } catch (SQLException e) {
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    failure + ": " + e.getMessage(),
                    "ask the active node, and look whether its PostgreSQL answers",
                    e);
        }
    }
}
