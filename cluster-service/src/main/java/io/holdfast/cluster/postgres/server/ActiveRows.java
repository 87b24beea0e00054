package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.postgres.SalvageEntry;
import io.holdfast.cluster.postgres.SalvageEntry.State;
import io.holdfast.cluster.postgres.SalvagedChange;
import io.holdfast.cluster.postgres.SalvagedChange.Column;
import io.holdfast.cluster.postgres.SalvagedChange.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The active's rows, as far as salvaged changes meet them. */
final class ActiveRows {
    private final Connection connection;
    private final Map<String, UserTables.Table> tables;
    private final OptionalLong firstXid;

    /** @param timeline the last one that both histories share */
    ActiveRows(Connection connection, long timeline) throws SQLException {
        this.connection = connection;
        this.tables = UserTables.read(connection);
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT first_xid FROM holdfast_ha.epochs WHERE epoch > " + timeline
                        + " ORDER BY epoch LIMIT 1")) {
            this.firstXid = row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    Optional<UserTables.Table> table(SalvagedChange change) {
        return Optional.ofNullable(tables.get(change.schema() + "." + change.table()));
    }

    /** The values of a row's key, taken from the given columns; empty if the table has no key or a column is not there. */
    static Optional<List<String>> key(UserTables.Table table, List<Column> columns) {
        List<String> values = new ArrayList<>();
        for (UserTables.Column part : table.key()) {
            Optional<String> value = columns.stream()
                    .filter(column -> column.name().equals(part.name()) && column.known())
                    .map(Column::value)
                    .filter(Objects::nonNull)
                    .findFirst();
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values);
    }

    /** The key by which a change finds its row: the former one where an update changed it. */
    static Optional<List<String>> keyBefore(UserTables.Table table, SalvagedChange change) {
        Optional<List<String>> former = key(table, change.before());
        return former.isPresent() || change.kind() == Kind.DELETE ? former : key(table, change.after());
    }

    /** @param values of all columns but generated ones, as PostgreSQL prints them */
    record Row(Map<String, Optional<String>> values, boolean untouched) {}

    /** The row that the active has now under a key. */
    Optional<Row> find(UserTables.Table table, List<String> key) throws SQLException {
        String columns = table.columns().stream()
                .map(column -> NewDatabase.identifier(column.name()) + "::text")
                .collect(Collectors.joining(", "));
        try (PreparedStatement query = connection.prepareStatement("SELECT xmin::text::bigint, " + columns
                + " FROM ONLY " + table.quoted() + " WHERE " + condition(table))) {
            bind(query, 1, key);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Map<String, Optional<String>> values = new java.util.HashMap<>();
                for (int i = 0; i < table.columns().size(); i++) {
                    values.put(table.columns().get(i).name(), Optional.ofNullable(row.getString(i + 2)));
                }
                return Optional.of(new Row(values, isBeforeParting(row.getLong(1))));
            }
        }
    }

    /** Ids of transactions are compared as PostgreSQL does, around the clock of 32 bits. */
    private boolean isBeforeParting(long xmin) {
        return firstXid.isPresent() && (int) (xmin - firstXid.getAsLong()) < 0;
    }

    static String condition(UserTables.Table table) {
        return table.key().stream()
                .map(column -> NewDatabase.identifier(column.name()) + " = ?::" + column.type())
                .collect(Collectors.joining(" AND "));
    }

    static int bind(PreparedStatement statement, int from, List<String> values) throws SQLException {
        int at = from;
        for (@Nullable String value : values) {
            statement.setString(at++, value);
        }
        return at;
    }

    static boolean sameValues(Row row, List<Column> columns) {
        return columns.stream()
                .filter(Column::known)
                .allMatch(column -> Optional.ofNullable(column.value())
                        .equals(row.values().getOrDefault(column.name(), Optional.empty())));
    }

    /** What an open change would meet. */
    SalvageEntry judge(SalvageEntry entry) throws SQLException {
        SalvagedChange change = entry.change();
        Optional<UserTables.Table> table = table(change);
        if (table.isEmpty()) {
            return judged(entry, State.CONFLICT, "the active has no table " + change.schema() + "." + change.table());
        }
        if (change.kind() == Kind.TRUNCATE) {
            return judged(entry, State.CONFLICT, "only the operator can decide on emptying a table");
        }
        Optional<List<String>> key = keyBefore(table.get(), change);
        if (key.isEmpty()) {
            return judged(
                    entry, State.CONFLICT, "without a primary key nobody can tell whether the active has this row");
        }
        Optional<Row> row = find(table.get(), key.get());
        if (change.kind() == Kind.INSERT || change.kind() == Kind.ROW) {
            if (row.isPresent()) {
                return sameValues(row.get(), change.after())
                        ? judged(entry, State.PRESENT, "the active has this very row")
                        : judged(entry, State.CONFLICT, "the active has another row with this key");
            }
            return change.kind() == Kind.INSERT
                    ? judged(entry, State.FREE, "")
                    : judged(
                            entry,
                            State.CONFLICT,
                            "inserted or updated, which cannot be told: the active may have deleted it");
        }
        if (row.isEmpty()) {
            return judged(
                    entry,
                    State.CONFLICT,
                    "the active has no row with this key; it may have been inserted on the other node");
        }
        return row.get().untouched()
                ? judged(entry, State.FREE, "")
                : judged(entry, State.CONFLICT, "the active changed this row, too, since the histories parted");
    }

    static SalvageEntry judged(SalvageEntry entry, State state, String reason) {
        return new SalvageEntry(entry.ordinal(), entry.change(), state, reason);
    }
}
