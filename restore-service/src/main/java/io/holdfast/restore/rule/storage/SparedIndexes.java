package io.holdfast.restore.rule.storage;

import io.holdfast.restore.loading.storage.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Indexes of a staged table that are taken off while much of it is written, and built anew afterwards: once for all rows instead of an entry
 * for each. All of it in the caller's transaction, so that they are never missing for anybody else.
 */
final class SparedIndexes {

    /** With fewer rows nothing is gained. */
    private static final long FEW = 10_000;

    /**
     * Of a table that has at most so many rows; those that enforce nothing, or also keys to which nothing refers. Those without an entry cost a
     * look at all rows to build and are left, but for those that the rows are about to enter; of an empty table that is not known yet.
     */
    private static final String FIND = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(t.relname), quote_ident(c.conname), %s,
                   quote_ident(n.nspname) || '.' || quote_ident(i.relname), pg_get_indexdef(i.oid)
              FROM pg_index x
              JOIN pg_class i ON i.oid = x.indexrelid
              JOIN pg_class t ON t.oid = x.indrelid
              JOIN pg_namespace n ON n.oid = t.relnamespace
              LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.conrelid = t.oid
             WHERE n.nspname = ? AND t.relname = ? AND t.reltuples <= ? AND x.indisvalid
               AND (i.reltuples <> 0 OR t.reltuples <= 0 OR i.relname = ANY (?))
               AND (? OR NOT x.indisunique) AND i.relname <> ALL (?)
               AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.conindid = i.oid AND f.contype = 'f')
             ORDER BY i.relname""".formatted(Sql.keyDefinition("c", "i"));

    private final List<String> builds;

    private SparedIndexes(List<String> builds) {
        this.builds = builds;
    }

    /**
     * Takes them off, keys, too, if that is worth it: not if the table has many more rows than are changed. The changes must leave the
     * columns of the keys as they are.
     *
     * @param changed rows that will be
     * @param entered names of indexes that many of them enter, even if none has yet
     */
    static SparedIndexes whileChanging(
            Connection connection, String schema, String table, long changed, List<String> entered)
            throws SQLException {
        return of(connection, schema, table, changed, true, entered, List.of());
    }

    /**
     * As {@link #whileChanging}.
     *
     * @param added rows that will be
     * @param keys whether keys are taken off, too: not where the rows that are added have the highest, whose entries cost little
     * @param without names of indexes that few of them enter, if any: these stay
     */
    static SparedIndexes whileAdding(
            Connection connection, String schema, String table, long added, boolean keys, List<String> without)
            throws SQLException {
        return of(connection, schema, table, added, keys, List.of(), without);
    }

    private static SparedIndexes of(
            Connection connection,
            String schema,
            String table,
            long written,
            boolean keys,
            List<String> entered,
            List<String> without)
            throws SQLException {
        List<String> drops = new ArrayList<>();
        List<String> builds = new ArrayList<>();
        if (written >= FEW) {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setString(1, schema);
                find.setString(2, table);
                find.setDouble(3, 2.0 * written);
                find.setArray(4, connection.createArrayOf("text", entered.toArray()));
                find.setBoolean(5, keys);
                find.setArray(6, connection.createArrayOf("text", without.toArray()));
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        String constraint = row.getString(2);
                        if (constraint == null) {
                            drops.add("DROP INDEX " + row.getString(4));
                            builds.add(row.getString(5));
                        } else {
                            String alter = "ALTER TABLE " + row.getString(1);
                            drops.add(alter + " DROP CONSTRAINT " + constraint);
                            builds.add(alter + " ADD CONSTRAINT " + constraint + " " + row.getString(3));
                        }
                    }
                }
            }
            run(connection, drops);
        }
        return new SparedIndexes(builds);
    }

    /** Whether it was worth it. */
    boolean any() {
        return !builds.isEmpty();
    }

    void putBack(Connection connection) throws SQLException {
        run(connection, builds);
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        for (String statement : statements) {
            Statements.execute(connection, statement);
        }
    }
}
