package io.holdfast.restore.rule.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A staged table that is written anew with changes to its rows. Rows that are updated leave their former versions behind until the
 * transaction ends, and indexes that are built in it get an entry for each of those, too. Here none are left. All of it in the caller's
 * transaction, by the owner of the table, to which no foreign key may refer.
 */
final class RewrittenTable {

    /** In the order of the table; what is worked out by it is not given to it. */
    private static final String COLUMNS = """
            SELECT quote_ident(a.attname)
              FROM pg_attribute a
             WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             ORDER BY a.attnum""";

    private final Connection connection;
    private final String table;
    private final String former;

    /** @param table with its schema */
    RewrittenTable(Connection connection, String table) {
        this.connection = connection;
        this.table = table;
        this.former = table + "_before";
    }

    /**
     * Writes all rows anew, without a trigger of the table.
     *
     * @param changes what columns become, as SQL that knows the former row as {@code e} and what is joined to it
     * @param changed whether a row changes, as SQL; of one where this is null or false all columns stay
     * @param joined what is joined to the former rows, at most one for each
     * @param parameters of {@code joined}
     */
    void write(Map<String, String> changes, String changed, String joined, List<Object> parameters)
            throws SQLException {
        StringJoiner columns = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        try (PreparedStatement find = connection.prepareStatement(COLUMNS)) {
            find.setString(1, table);
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    String column = row.getString(1);
                    String change = changes.get(column);
                    columns.add(column);
                    values.add(
                            change == null
                                    ? "e." + column
                                    : "CASE WHEN " + changed + " THEN " + change + " ELSE e." + column + " END");
                }
            }
        }
        Statements.execute(connection, "CREATE UNLOGGED TABLE " + former + " AS SELECT * FROM " + table);
        Statements.execute(connection, "ALTER TABLE " + table + " DISABLE TRIGGER USER");
        Statements.execute(connection, "TRUNCATE " + table);
        Statements.execute(
                connection,
                "INSERT INTO " + table + " (" + columns + ") OVERRIDING SYSTEM VALUE SELECT " + values + " FROM "
                        + former + " e " + joined,
                parameters);
        Statements.execute(connection, "ALTER TABLE " + table + " ENABLE TRIGGER USER");
        Statements.execute(connection, "DROP TABLE " + former);
    }
}
