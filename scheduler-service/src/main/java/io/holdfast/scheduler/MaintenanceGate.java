package io.holdfast.scheduler;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Whether executions may start, as a condition inside the statement that would start them: no service's memory can be out of date. */
@ApplicationScoped
public class MaintenanceGate {

    private static final String OPEN =
            " AND NOT EXISTS (SELECT FROM cluster_control.gate WHERE status <> 'deactivated')";

    /** Of executions {@code e}. */
    private static final String OPEN_TO_THE_QUEUE = " AND NOT EXISTS (SELECT FROM cluster_control.gate g"
            + " WHERE g.status = 'activated' OR g.status <> 'deactivated' AND e.status <> 'queued')";

    private volatile boolean exists;

    /**
     * To be put behind another condition. The cluster-service makes the gate; until it is there, nothing can be closed, and the
     * condition is empty. Once seen it is not asked for again.
     */
    public String isOpen(Connection connection) throws SQLException {
        return exists(connection) ? OPEN : "";
    }

    /**
     * As {@link #isOpen}, for executions {@code e}: those that are queued start also while maintenance mode is being activated, since it waits
     * for them. None come any more by then.
     */
    public String isOpenToTheQueue(Connection connection) throws SQLException {
        return exists(connection) ? OPEN_TO_THE_QUEUE : "";
    }

    private boolean exists(Connection connection) throws SQLException {
        if (exists) {
            return true;
        }
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = 'cluster_control' AND c.relname = 'gate'"
                                + " AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))");
                ResultSet row = statement.executeQuery()) {
            row.next();
            exists = row.getBoolean(1);
            return exists;
        }
    }
}
