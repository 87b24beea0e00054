package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.postgres.SalvagedChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The product's tables as the catalog of one node has them, without those that triggers write from the others. */
final class UserTables {
    /** Kept by triggers wherever the rows themselves are written: to merge them as well would count rows twice. */
    static final Set<String> KEPT_BY_TRIGGERS = Set.of("row_counts", "value_counts", "execution_ids", "status_changes");

    private static final String QUERY = """
            SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
                   coalesce(a.attnum = ANY (i.indkey), false) AS in_key, a.attgenerated <> '' AS generated,
                   a.attidentity = 'a' AS identity_always
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
             WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'holdfast_ha')
                   AND n.nspname NOT LIKE 'pg\\_%%' AND c.relname NOT IN ('%s')
             ORDER BY n.nspname, c.relname, a.attnum""".formatted(String.join("', '", KEPT_BY_TRIGGERS));

    private UserTables() {}

    /** Whether the change follows from others, which bring it about again. */
    static boolean followsFromOthers(SalvagedChange change) {
        return KEPT_BY_TRIGGERS.contains(change.table());
    }

    record Column(String name, String type, boolean inKey, boolean generated) {}

    record Table(String schema, String name, List<Column> columns, boolean identityAlways) {
        List<Column> key() {
            return columns.stream().filter(Column::inKey).toList();
        }

        String quoted() {
            return NewDatabase.identifier(schema) + "." + NewDatabase.identifier(name);
        }
    }

    /** By {@code schema.name}. */
    static Map<String, Table> read(Connection connection) throws SQLException {
        Map<String, Table> tables = new TreeMap<>();
        Map<String, List<Column>> columns = new TreeMap<>();
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(QUERY)) {
            while (row.next()) {
                String name = row.getString(1) + "." + row.getString(2);
                List<Column> of = columns.computeIfAbsent(name, unused -> new ArrayList<>());
                of.add(new Column(row.getString(3), row.getString(4), row.getBoolean(5), row.getBoolean(6)));
                boolean always = row.getBoolean(7)
                        || (tables.containsKey(name) && tables.get(name).identityAlways());
                tables.put(name, new Table(row.getString(1), row.getString(2), of, always));
            }
        }
        return tables;
    }

    /** Last values of all sequences that have given one, by {@code schema.name}; sees only those that the role may read. */
    static Map<String, Long> sequences(Connection connection) throws SQLException {
        Map<String, Long> values = new TreeMap<>();
        try (Statement sql = connection.createStatement();
                ResultSet row =
                        sql.executeQuery("SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences"
                                + " WHERE last_value IS NOT NULL AND schemaname <> 'holdfast_ha'")) {
            while (row.next()) {
                values.put(row.getString(1), row.getLong(2));
            }
        }
        return values;
    }
}
