package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.postgres.SalvageEntry;
import io.holdfast.cluster.postgres.SalvageEntry.State;
import io.holdfast.cluster.postgres.SalvageMerge;
import io.holdfast.cluster.postgres.SalvageMerge.Scope;
import io.holdfast.cluster.postgres.SalvagedChange;
import io.holdfast.cluster.postgres.SalvagedChange.Column;
import io.holdfast.cluster.postgres.SalvagedChange.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Merges salvaged changes into the active's tables within the caller's transaction. Rows that were inserted are merged in the last form
 * that the node gave them; those it deleted again need nothing.
 */
final class Merging {
    private final Connection connection;
    private final long id;
    private final Scope scope;
    private final ActiveRows rows;
    private final List<Long> applied = new ArrayList<>();
    private final List<Long> present = new ArrayList<>();
    private final List<SalvageEntry> conflicts = new ArrayList<>();
    private final Set<RowKey> ours = new HashSet<>();
    private long left;

    Merging(Connection connection, long id, Scope scope, ActiveRows rows) {
        this.connection = connection;
        this.id = id;
        this.scope = scope;
        this.rows = rows;
    }

    private record RowKey(String table, List<String> key) {}

    /** A row that the node inserted, and all of its changes. */
    private record Inserted(UserTables.Table table, List<Column> values, List<SalvageEntry> entries) {}

    SalvageMerge run(List<SalvageEntry> entries, Map<String, Long> sequences) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            // a violation shall show with its row, not at the end
            sql.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        Map<RowKey, Inserted> inserted = new LinkedHashMap<>();
        List<SalvageEntry> others = new ArrayList<>();
        for (SalvageEntry entry : entries) {
            if (entry.state() == State.FREE) {
                fold(entry, inserted, others);
            }
        }
        for (Map.Entry<RowKey, Inserted> row : inserted.entrySet()) {
            insert(row.getKey(), row.getValue());
        }
        for (SalvageEntry entry : others) {
            if (scope == Scope.UNTOUCHED
                    && (entry.change().kind() == Kind.UPDATE || entry.change().kind() == Kind.DELETE)) {
                change(entry);
            } else {
                SalvageEntry judged = rows.judge(entry);
                conflict(
                        judged.state() == State.FREE
                                ? ActiveRows.judged(
                                        entry, State.FREE, "an update or delete: apply it with the wider scope")
                                : judged);
            }
        }
        List<String> moved = applied.isEmpty() ? List.of() : moveSequences(sequences);
        mark(applied, "APPLIED");
        mark(present, "PRESENT");
        return new SalvageMerge(applied.size(), present.size(), left, conflicts, moved);
    }

    private void fold(SalvageEntry entry, Map<RowKey, Inserted> inserted, List<SalvageEntry> others) {
        SalvagedChange change = entry.change();
        Optional<UserTables.Table> table = rows.table(change);
        Optional<List<String>> key = table.flatMap(of -> ActiveRows.keyBefore(of, change));
        if (key.isEmpty()) {
            others.add(entry);
            return;
        }
        String name = change.schema() + "." + change.table();
        RowKey before = new RowKey(name, key.get());
        Optional<Inserted> known = Optional.ofNullable(inserted.get(before));
        if (change.kind() == Kind.INSERT && known.isEmpty()) {
            List<SalvageEntry> own = new ArrayList<>();
            own.add(entry);
            inserted.put(before, new Inserted(table.get(), change.after(), own));
        } else if (change.kind() == Kind.UPDATE && known.isPresent()) {
            Inserted row = known.get();
            row.entries().add(entry);
            inserted.remove(before);
            List<Column> values = newest(row.values(), change.after());
            RowKey now = new RowKey(name, ActiveRows.key(row.table(), values).orElse(key.get()));
            inserted.put(now, new Inserted(row.table(), values, row.entries()));
        } else if (change.kind() == Kind.DELETE && known.isPresent()) {
            inserted.remove(before);
            known.get().entries().forEach(gone -> applied.add(gone.ordinal()));
            applied.add(entry.ordinal());
        } else {
            others.add(entry);
        }
    }

    private static List<Column> newest(List<Column> former, List<Column> after) {
        List<Column> values = new ArrayList<>();
        for (Column column : after) {
            values.add(
                    column.known()
                            ? column
                            : former.stream()
                                    .filter(old -> old.name().equals(column.name()))
                                    .findFirst()
                                    .orElse(column));
        }
        return values;
    }

    private void insert(RowKey key, Inserted row) throws SQLException {
        List<Column> columns = writable(row.table(), row.values());
        String names = columns.stream()
                .map(column -> NewDatabase.identifier(column.name()))
                .collect(Collectors.joining(", "));
        String values = columns.stream().map(column -> "?::" + column.type()).collect(Collectors.joining(", "));
        String statement = "INSERT INTO " + row.table().quoted() + " (" + names + ") OVERRIDING SYSTEM VALUE VALUES ("
                + values + ") ON CONFLICT DO NOTHING";
        Optional<String> failure = attempt(statement, columns, List.of());
        if (failure.isEmpty()) {
            ours.add(key);
            row.entries().forEach(entry -> applied.add(entry.ordinal()));
            return;
        }
        Optional<ActiveRows.Row> there = rows.find(row.table(), key.key());
        if (there.isPresent() && ActiveRows.sameValues(there.get(), row.values())) {
            row.entries().forEach(entry -> present.add(entry.ordinal()));
            return;
        }
        String reason = there.isPresent()
                ? "the active has another row with this key"
                : failure.get().isEmpty() ? "the active has another row with one of its unique values" : failure.get();
        row.entries().forEach(entry -> conflict(ActiveRows.judged(entry, State.CONFLICT, reason)));
    }

    private void change(SalvageEntry entry) throws SQLException {
        SalvagedChange change = entry.change();
        UserTables.Table table = rows.table(change).orElse(null);
        Optional<List<String>> key = rows.table(change).flatMap(of -> ActiveRows.keyBefore(of, change));
        if (table == null || key.isEmpty()) {
            conflict(rows.judge(entry));
            return;
        }
        RowKey rowKey = new RowKey(change.schema() + "." + change.table(), key.get());
        SalvageEntry judged = rows.judge(entry);
        if (judged.state() != State.FREE && !ours.contains(rowKey)) {
            conflict(judged);
            return;
        }
        Optional<String> failure;
        if (change.kind() == Kind.DELETE) {
            failure = attempt(
                    "DELETE FROM ONLY " + table.quoted() + " WHERE " + ActiveRows.condition(table),
                    List.of(),
                    key.get());
        } else {
            List<Column> columns = writable(table, change.after());
            String set = columns.stream()
                    .map(column -> NewDatabase.identifier(column.name()) + " = ?::" + column.type())
                    .collect(Collectors.joining(", "));
            failure = attempt(
                    "UPDATE ONLY " + table.quoted() + " SET " + set + " WHERE " + ActiveRows.condition(table),
                    columns,
                    key.get());
        }
        if (failure.isPresent()) {
            conflict(ActiveRows.judged(entry, State.CONFLICT, failure.get()));
            return;
        }
        ours.add(rowKey);
        ActiveRows.key(table, change.after()).ifPresent(now -> ours.add(new RowKey(rowKey.table(), now)));
        applied.add(entry.ordinal());
    }

    /** Generated columns cannot be written, and what the log does not have is left as it is. */
    private static List<Column> writable(UserTables.Table table, List<Column> values) {
        Set<String> generated = table.columns().stream()
                .filter(UserTables.Column::generated)
                .map(UserTables.Column::name)
                .collect(Collectors.toSet());
        return values.stream()
                .filter(column -> column.known() && !generated.contains(column.name()))
                .toList();
    }

    /** Empty if exactly one row was written; else why not, an empty text if nothing said why. */
    private Optional<String> attempt(String statement, List<Column> columns, List<String> key) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (PreparedStatement sql = connection.prepareStatement(statement)) {
            int at = 1;
            for (Column column : columns) {
                sql.setString(at++, column.value());
            }
            ActiveRows.bind(sql, at, key);
            boolean one = sql.executeUpdate() == 1;
            connection.releaseSavepoint(savepoint);
            return one ? Optional.empty() : Optional.of("");
        } catch (SQLException e) {
            connection.rollback(savepoint);
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("08") || state.startsWith("57") || state.startsWith("53")) {
                throw e; // the connection or the server, not this row
            }
            return Optional.of("the active refuses it: " + e.getMessage());
        }
    }

    private void conflict(SalvageEntry entry) {
        if (entry.state() == State.PRESENT) {
            present.add(entry.ordinal());
            return;
        }
        left++;
        if (conflicts.size() < SalvageMerge.MOST_CONFLICTS) {
            conflicts.add(entry);
        }
    }

    /** So that no merged key is given out again. */
    private List<String> moveSequences(Map<String, Long> sequences) throws SQLException {
        List<String> moved = new ArrayList<>();
        Map<String, Long> here = UserTables.sequences(connection);
        Set<String> existing = sequenceNames();
        for (Map.Entry<String, Long> theirs : sequences.entrySet()) {
            if (existing.contains(theirs.getKey())
                    && here.getOrDefault(theirs.getKey(), Long.MIN_VALUE) < theirs.getValue()) {
                int dot = theirs.getKey().indexOf('.');
                try (PreparedStatement set =
                        connection.prepareStatement("SELECT setval(format('%I.%I', ?, ?)::regclass, ?)")) {
                    set.setString(1, theirs.getKey().substring(0, dot));
                    set.setString(2, theirs.getKey().substring(dot + 1));
                    set.setLong(3, theirs.getValue());
                    set.executeQuery().close();
                }
                moved.add(theirs.getKey());
            }
        }
        return moved;
    }

    private Set<String> sequenceNames() throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement sql = connection.createStatement();
                var row = sql.executeQuery(
                        "SELECT schemaname || '.' || sequencename FROM pg_sequences WHERE increment_by > 0")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private void mark(List<Long> ordinals, String state) throws SQLException {
        if (ordinals.isEmpty()) {
            return;
        }
        Array all = connection.createArrayOf("bigint", ordinals.toArray());
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE holdfast_ha.salvage_change SET state = ?, settled_at = clock_timestamp()"
                        + " WHERE salvage_id = ? AND ordinal = ANY (?)")) {
            update.setString(1, state);
            update.setLong(2, id);
            update.setArray(3, all);
            update.executeUpdate();
        }
    }
}
