package io.holdfast.restore.rule.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Indexes of a staged table that are taken off while much of it is written, and built anew afterwards: once for all rows instead of an entry
 * for each. Keys and unique indexes stay. All of it in the caller's transaction, so that they are never missing for anybody else.
 */
final class SparedIndexes {

    /** With fewer rows nothing is gained. */
    private static final long FEW = 10_000;

    /** Those that enforce nothing, of a table that has at most so many rows. Those without an entry cost a look at all rows to build. */
    private static final String FIND = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(i.relname), pg_get_indexdef(i.oid)
              FROM pg_index x
              JOIN pg_class i ON i.oid = x.indexrelid
              JOIN pg_class t ON t.oid = x.indrelid
              JOIN pg_namespace n ON n.oid = t.relnamespace
             WHERE n.nspname = ? AND t.relname = ? AND t.reltuples <= ? AND NOT x.indisunique AND x.indisvalid
               AND i.reltuples <> 0
               AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid)
             ORDER BY i.relname""";

    private final List<String> builds;

    private SparedIndexes(List<String> builds) {
        this.builds = builds;
    }

    /**
     * Takes them off if that is worth it: not if the table has many more rows than are written.
     *
     * @param written rows that will be changed or added
     */
    static SparedIndexes of(Connection connection, String schema, String table, long written) throws SQLException {
        List<String> drops = new ArrayList<>();
        List<String> builds = new ArrayList<>();
        if (written >= FEW) {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setString(1, schema);
                find.setString(2, table);
                find.setDouble(3, 2.0 * written);
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        drops.add("DROP INDEX " + row.getString(1));
                        builds.add(row.getString(2));
                    }
                }
            }
            run(connection, drops);
        }
        return new SparedIndexes(builds);
    }

    void putBack(Connection connection) throws SQLException {
        run(connection, builds);
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }
}
