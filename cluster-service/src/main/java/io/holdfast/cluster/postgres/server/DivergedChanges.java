package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.postgres.DivergedCommits.Commit;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.SalvagedChange;
import io.holdfast.cluster.postgres.SalvagedChange.Kind;
import io.holdfast.cluster.postgres.TestDecoding;
import io.holdfast.cluster.postgres.Upstream;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes what only this node has to the active, in one transaction there that a quorum confirms. A transaction that the active has
 * already, from an earlier try or from another node, is left out; one that was salvaged from rows only is replaced by a decoded one.
 */
final class DivergedChanges {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final int BATCH = 500;
    private static final String OWN_SCHEMA = "holdfast_ha";

    private final PostgresSettings settings;
    private final LocalConnections connections;

    DivergedChanges(PostgresSettings settings, LocalConnections connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /** @param commits those to save, by transaction id; the own server runs fenced */
    Rejoin.Parked park(Upstream upstream, Position divergence, Position end, long epoch, Map<Long, Commit> commits) {
        try (Connection own = connections.rows(settings.database(), LIMIT);
                Connection active = connections.to(upstream, LIMIT)) {
            own.setAutoCommit(false);
            active.setAutoCommit(false);
            Parking parking = new Parking(own, active, commits);
            long id = parking.open(settings.node().value(), divergence, end, epoch);
            parking.fromSlot(end.lsn());
            parking.fromRows();
            parking.flush();
            if (parking.transactions == 0) {
                active.rollback();
                own.rollback();
                return Rejoin.Parked.NOTHING;
            }
            List<String> notes = parking.describe(id);
            own.rollback();
            QuorumCommit.commit(active);
            return new Rejoin.Parked(
                    parking.changes == 0 ? OptionalLong.empty() : OptionalLong.of(id), parking.changes, notes);
        } catch (SQLException e) {
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "changes of node " + settings.node() + " cannot be saved on " + upstream + ": " + e.getMessage(),
                    "nothing of them is lost: they stay on this node until they are saved; it is tried again",
                    e);
        }
    }

    /** One transaction on the active, and what it has got so far. */
    private static final class Parking {
        private final Connection own;
        private final Connection active;
        private final Map<Long, Commit> commits;
        private final Map<String, UserTables.Table> tables;
        private final Set<Long> decoded = new HashSet<>();
        private final Set<String> touched = new TreeSet<>();
        private final List<String> notes = new ArrayList<>();
        private final Map<Long, Long> bookkeeping = new HashMap<>();
        private @Nullable PreparedStatement insert;
        private int pending;
        private long id;
        private long ordinal;
        private long transactions;
        private long changes;

        Parking(Connection own, Connection active, Map<Long, Commit> commits) throws SQLException {
            this.own = own;
            this.active = active;
            this.commits = commits;
            this.tables = UserTables.read(own);
        }

        long open(String node, Position divergence, Position end, long epoch) throws SQLException {
            try (PreparedStatement upsert = active.prepareStatement("""
                    INSERT INTO holdfast_ha.salvage (node, timeline, divergence, end_timeline, end_lsn, epoch)
                    VALUES (?, ?, ?::pg_lsn, ?, ?::pg_lsn, ?)
                    ON CONFLICT (node, timeline, divergence) DO UPDATE SET end_lsn = EXCLUDED.end_lsn
                    RETURNING id""")) {
                upsert.setString(1, node);
                upsert.setLong(2, divergence.timeline());
                upsert.setString(3, divergence.lsn().toString());
                upsert.setLong(4, end.timeline());
                upsert.setString(5, end.lsn().toString());
                upsert.setLong(6, epoch);
                try (ResultSet row = upsert.executeQuery()) {
                    row.next();
                    id = row.getLong(1);
                }
            }
            try (Statement sql = active.createStatement()) {
                ordinal = Long.parseLong(LocalPostgres.text(
                        sql,
                        "SELECT coalesce(max(ordinal), 0) FROM holdfast_ha.salvage_change WHERE salvage_id = " + id));
            }
            return id;
        }

        /**
         * All that the slot still has of the diverged transactions.
         *
         * @param end of the log that has them. Without an end, decoding goes on to what the server has written since, and may wait there for
         *     a record that is not flushed until the server happens to do so, a quarter of a minute later
         */
        void fromSlot(Lsn end) throws SQLException {
            Optional<Lsn> from = slotStart();
            if (from.isEmpty()) {
                notes.add("the slot " + LocalPostgres.SLOT
                        + " was not there or had lost its log: only rows that the node still had are"
                        + " saved, without deletes, and without what was overwritten later");
                return;
            }
            commits.values().stream()
                    .filter(commit -> commit.lsn().compareTo(from.get()) >= 0)
                    .forEach(commit -> decoded.add(commit.xid()));
            try (Statement sql = own.createStatement()) {
                sql.execute("SET LOCAL datestyle = 'ISO'");
                sql.execute("SET LOCAL intervalstyle = 'postgres'");
                sql.execute("SET LOCAL bytea_output = 'hex'");
                sql.execute("SET LOCAL extra_float_digits = 1");
                sql.setFetchSize(BATCH);
                try (ResultSet row = sql.executeQuery(
                        "SELECT xid::text, data FROM pg_logical_slot_peek_changes('" + LocalPostgres.SLOT + "', '" + end
                                + "', NULL, 'include-xids', '1', 'include-timestamp', '1', 'skip-empty-xacts', '1')")) {
                    Map<Long, Boolean> wanted = new HashMap<>();
                    while (row.next()) {
                        long xid = Long.parseLong(row.getString(1));
                        @Nullable Commit commit = commits.get(xid);
                        String line = row.getString(2);
                        if (commit == null || line.startsWith("BEGIN") || line.startsWith("COMMIT")) {
                            continue;
                        }
                        for (SalvagedChange change : TestDecoding.changes(commit.timeline(), xid, line)) {
                            if (change.schema().equals(OWN_SCHEMA)) {
                                bookkeeping.merge(xid, 1L, Long::sum);
                                continue;
                            }
                            if (UserTables.followsFromOthers(change)) {
                                continue;
                            }
                            if (!wanted.containsKey(xid)) {
                                wanted.put(xid, begin(commit, "SLOT"));
                            }
                            if (Boolean.TRUE.equals(wanted.get(xid))) {
                                add(change);
                            }
                        }
                    }
                }
            }
        }

        private Optional<Lsn> slotStart() throws SQLException {
            try (Statement sql = own.createStatement();
                    ResultSet row = sql.executeQuery(
                            "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = '"
                                    + LocalPostgres.SLOT
                                    + "' AND plugin = 'test_decoding' AND coalesce(wal_status, 'lost') <> 'lost'")) {
                return row.next() ? Optional.of(Lsn.parse(row.getString(1))) : Optional.empty();
            }
        }

        /** Rows that carry the id of a transaction which the slot does not cover. */
        void fromRows() throws SQLException {
            Map<Long, Commit> byAnyXid = new TreeMap<>();
            for (Commit commit : commits.values()) {
                if (!decoded.contains(commit.xid())) {
                    byAnyXid.put(commit.xid(), commit);
                    commit.subtransactions().forEach(sub -> byAnyXid.put(sub, commit));
                }
            }
            if (byAnyXid.isEmpty()) {
                return;
            }
            Array xids = own.createArrayOf(
                    "text", byAnyXid.keySet().stream().map(String::valueOf).toArray());
            Map<Long, Boolean> wanted = new HashMap<>();
            for (UserTables.Table table : tables.values()) {
                String columns = String.join(
                        ", ",
                        table.columns().stream()
                                .map(column -> NewDatabase.identifier(column.name()) + "::text")
                                .toList());
                try (PreparedStatement query =
                        own.prepareStatement("SELECT xmin::text" + (columns.isEmpty() ? "" : ", " + columns)
                                + " FROM ONLY " + table.quoted() + " WHERE xmin::text = ANY (?)")) {
                    query.setFetchSize(BATCH);
                    query.setArray(1, xids);
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            Commit commit =
                                    java.util.Objects.requireNonNull(byAnyXid.get(Long.parseLong(row.getString(1))));
                            if (!wanted.containsKey(commit.xid())) {
                                wanted.put(commit.xid(), begin(commit, "ROWS"));
                            }
                            if (Boolean.TRUE.equals(wanted.get(commit.xid()))) {
                                add(new SalvagedChange(
                                        commit.timeline(),
                                        commit.xid(),
                                        table.schema(),
                                        table.name(),
                                        Kind.ROW,
                                        List.of(),
                                        values(table, row)));
                            }
                        }
                    }
                }
            }
        }

        private static List<SalvagedChange.Column> values(UserTables.Table table, ResultSet row) throws SQLException {
            List<SalvagedChange.Column> values = new ArrayList<>();
            for (int i = 0; i < table.columns().size(); i++) {
                UserTables.Column column = table.columns().get(i);
                values.add(new SalvagedChange.Column(column.name(), column.type(), row.getString(i + 2), true));
            }
            return values;
        }

        /** Whether the active does not have the transaction yet. */
        private boolean begin(Commit commit, String method) throws SQLException {
            try (PreparedStatement statement = active.prepareStatement("""
                    INSERT INTO holdfast_ha.salvage_transaction AS present (timeline, xid, salvage_id, method, committed_at)
                    VALUES (?, ?, ?, ?, (? || '+00')::timestamptz)
                    ON CONFLICT (timeline, xid) DO UPDATE SET method = EXCLUDED.method, salvage_id = EXCLUDED.salvage_id
                        WHERE present.method = 'ROWS' AND EXCLUDED.method = 'SLOT'
                          AND NOT EXISTS (SELECT FROM holdfast_ha.salvage_change c
                                           WHERE c.timeline = present.timeline AND c.xid = present.xid AND c.state <> 'OPEN')""")) {
                statement.setLong(1, commit.timeline());
                statement.setLong(2, commit.xid());
                statement.setLong(3, id);
                statement.setString(4, method);
                statement.setString(5, commit.at());
                if (statement.executeUpdate() == 0) {
                    return false;
                }
            }
            try (PreparedStatement delete =
                    active.prepareStatement("DELETE FROM holdfast_ha.salvage_change WHERE timeline = ? AND xid = ?")) {
                delete.setLong(1, commit.timeline());
                delete.setLong(2, commit.xid());
                delete.executeUpdate();
            }
            transactions++;
            return true;
        }

        private void add(SalvagedChange change) throws SQLException {
            PreparedStatement statement = insert;
            if (statement == null) {
                statement = active.prepareStatement("""
                        INSERT INTO holdfast_ha.salvage_change
                               (salvage_id, ordinal, timeline, xid, schema, relation, kind, before, after)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)""");
                insert = statement;
            }
            statement.setLong(1, id);
            statement.setLong(2, ++ordinal);
            statement.setLong(3, change.timeline());
            statement.setLong(4, change.xid());
            statement.setString(5, change.schema());
            statement.setString(6, change.table());
            statement.setString(7, change.kind().name());
            statement.setString(8, ColumnJson.write(change.before()));
            statement.setString(9, ColumnJson.write(change.after()));
            statement.addBatch();
            touched.add(change.schema() + "." + change.table());
            changes++;
            if (++pending == BATCH) {
                flush();
            }
        }

        void flush() throws SQLException {
            PreparedStatement statement = insert;
            if (statement != null && pending > 0) {
                statement.executeBatch();
                pending = 0;
            }
        }

        /** What the changes do not say, for the operator. */
        List<String> describe(long salvageId) throws SQLException {
            Map<String, UserTables.Table> theirs = UserTables.read(active);
            for (UserTables.Table table : tables.values()) {
                String name = table.schema() + "." + table.name();
                UserTables.@Nullable Table other = theirs.get(name);
                if (other == null) {
                    notes.add(
                            "table " + name + " existed on this node only: its rows are saved, its definition is not");
                } else if (!other.columns().equals(table.columns())) {
                    notes.add("table " + name + " had other columns or another key on this node than on the active");
                }
                if (touched.contains(name) && table.key().isEmpty()) {
                    notes.add(
                            "table " + name
                                    + " has no primary key: an update shows the new row only, a delete shows nothing of the row");
                }
            }
            theirs.keySet().stream()
                    .filter(name -> !tables.containsKey(name))
                    .forEach(name -> notes.add("table " + name + " exists on the active only"));
            long silent = commits.keySet().stream().filter(decoded::contains).count() - transactions;
            if (silent > 0 && bookkeeping.size() < silent) {
                notes.add(
                        (silent - bookkeeping.size())
                                + " transactions changed no rows of tables, or were saved before: changes of definitions are not saved");
            }
            try (PreparedStatement update = active.prepareStatement(
                    "UPDATE holdfast_ha.salvage SET notes = ?::jsonb, sequences = ?::jsonb WHERE id = ?")) {
                update.setString(1, ColumnJson.write(notes));
                update.setString(2, ColumnJson.write(UserTables.sequences(own)));
                update.setLong(3, salvageId);
                update.executeUpdate();
            }
            return notes;
        }
    }
}
