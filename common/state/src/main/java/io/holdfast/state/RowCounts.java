package io.holdfast.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The numbers of rows that lists and summaries show, the ids that searches look in, and what is noted of deployments' statuses. Triggers
 * keep them, which costs more than counting and writing once where millions of rows are loaded: so a load stops them and does it at its
 * end.
 */
public final class RowCounts {

    /** The tables that these triggers write into, in whichever of the schemas. */
    public static final Set<String> TABLES = Set.of("row_counts", "value_counts", "execution_ids", "status_changes");

    private RowCounts() {}

    /** From now on rows are not counted; nothing happens where the schemas' revision does not count yet. As the schemas' owner. */
    public static void stop(Connection connection, StateSchemas schemas) throws SQLException {
        switchTriggers(connection, schemas, "DISABLE");
    }

    /** Counts all rows and keeps the numbers from now on, in one transaction. As the schemas' owner. */
    public static void start(Connection connection, StateSchemas schemas) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            if (switchTriggers(connection, schemas, "ENABLE")) {
                // Not each of them has counts at every revision.
                try (PreparedStatement count = connection.prepareStatement(
                        "SELECT " + schemas.access()
                                + ".recount_rows(s.name) FROM unnest(?) s (name) WHERE to_regclass(s.name || '.row_counts') IS NOT NULL")) {
                    count.setArray(
                            1, connection.createArrayOf("text", schemas.all().toArray()));
                    count.execute();
                }
                noteStatuses(connection, schemas);
            }
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    /** Earlier revisions note none. */
    private static void noteStatuses(Connection connection, StateSchemas schemas) throws SQLException {
        String note = schemas.access() + ".note_all_statuses";
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT to_regproc('" + note + "') IS NOT NULL")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("SELECT " + note + "('" + schemas.inventory() + "')");
        }
    }

    /** @return whether there are any */
    private static boolean switchTriggers(Connection connection, StateSchemas schemas, String how) throws SQLException {
        List<String> changes = new ArrayList<>();
        try (PreparedStatement find = connection.prepareStatement("""
                SELECT format('ALTER TABLE %I.%I %s TRIGGER %I', n.nspname, c.relname, ?, t.tgname)
                  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = ANY (?)
                   AND t.tgname LIKE ANY (ARRAY['count\\_rows\\_%', 'count\\_values\\_%', 'keep\\_ids\\_%', 'note\\_statuses\\_%']) ORDER BY 1""")) {
            find.setString(1, how);
            find.setArray(2, connection.createArrayOf("text", schemas.all().toArray()));
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    changes.add(row.getString(1));
                }
            }
        }
        try (Statement statement = connection.createStatement()) {
            for (String change : changes) {
                statement.execute(change);
            }
        }
        return !changes.isEmpty();
    }
}
