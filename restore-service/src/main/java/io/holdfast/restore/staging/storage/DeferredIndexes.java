package io.holdfast.restore.staging.storage;

import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.loading.storage.Sql;
import io.holdfast.state.StateSchemas;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keys and indexes of staged tables, taken off before rows are loaded and built again afterwards: building once is several times cheaper
 * than keeping up with each row. Read from the catalog, so no list of them is kept anywhere.
 */
final class DeferredIndexes {

    /** Small tables that are read or written by key while loading. */
    private static final List<String> KEPT =
            List.of("content", "encryption_keys", "state_history", "execution_transitions");

    private static final String FIND = """
            SELECT n.nspname, t.relname, con.conname, %s, i.relname, pg_get_indexdef(i.oid)
              FROM pg_index x
              JOIN pg_class i ON i.oid = x.indexrelid
              JOIN pg_class t ON t.oid = x.indrelid
              JOIN pg_namespace n ON n.oid = t.relnamespace
              LEFT JOIN pg_constraint con ON con.conindid = i.oid AND con.contype IN ('p', 'u', 'x')
             WHERE n.nspname = ANY (?) AND t.relkind = 'r' AND t.relname <> ALL (?)
             ORDER BY n.nspname, t.relname, i.relname""".formatted(Sql.keyDefinition("con", "i"));

    private final Map<String, List<String>> builds;

    private DeferredIndexes(Map<String, List<String>> builds) {
        this.builds = builds;
    }

    /** Takes them all off, in one transaction. */
    static DeferredIndexes takeOff(Connection connection, StateSchemas schemas) throws SQLException {
        Map<String, List<String>> builds = new TreeMap<>();
        List<String> drops = new ArrayList<>();
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setArray(1, connection.createArrayOf("text", schemas.all().toArray()));
            find.setArray(2, connection.createArrayOf("text", KEPT.toArray()));
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    String table = Sql.quoted(row.getString(1)) + "." + Sql.quoted(row.getString(2));
                    String constraint = row.getString(3);
                    List<String> ofTable = builds.computeIfAbsent(table, any -> new ArrayList<>());
                    if (constraint != null) {
                        drops.add("ALTER TABLE " + table + " DROP CONSTRAINT " + Sql.quoted(constraint));
                        ofTable.add("ALTER TABLE " + table + " ADD CONSTRAINT " + Sql.quoted(constraint) + " "
                                + row.getString(4));
                    } else {
                        drops.add("DROP INDEX " + Sql.quoted(row.getString(1)) + "." + Sql.quoted(row.getString(5)));
                        ofTable.add(row.getString(6));
                    }
                }
            }
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String drop : drops) {
                statement.addBatch(drop);
            }
            statement.executeBatch();
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return new DeferredIndexes(builds);
    }

    /** One job a table, each to be run on one connection. */
    List<String> tables() {
        return List.copyOf(builds.keySet());
    }

    /** Builds the keys and indexes of one table and lets the planner know its contents. */
    void build(OwnerDatabase database, String table) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET maintenance_work_mem = '64MB'");
            statement.execute("SET synchronous_commit = off");
            for (String build : builds.getOrDefault(table, List.of())) {
                statement.execute(build);
            }
            statement.execute("ANALYZE " + table);
        }
    }
}
