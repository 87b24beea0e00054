package io.holdfast.scheduler.journal.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.journal.Journal;
import io.holdfast.scheduler.journal.Line;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of {@code scheduler.events}, with what the execution or the group says of itself. */
@ApplicationScoped
class PgJournal implements Journal {

    private static final String COLUMNS =
            "(tenant_name, type, timestamp, reported_timestamp, event_type, logger, level,"
                    + " message, node_instance_id, node_name, operation, source_id, target_id, error_causes, manager_name,"
                    + " agent_name, execution_id, workflow_id, blueprint_id, deployment_id, deployment_display_name,"
                    + " execution_group_id, visibility, created_by)";

    private static final String VALUES =
            "SELECT tenant_name, ?, coalesce(?, statement_timestamp()), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ";

    private static final String TO_EXECUTION = "INSERT INTO scheduler.events " + COLUMNS + " " + VALUES
            + "id, workflow_id, blueprint_id, deployment_id, deployment_display_name, NULL, visibility, created_by"
            + " FROM scheduler.executions WHERE tenant_name = ? AND id = ?";

    private static final String TO_GROUP = "INSERT INTO scheduler.events " + COLUMNS + " " + VALUES
            + "NULL, workflow_id, NULL, NULL, NULL, id, visibility, created_by"
            + " FROM scheduler.execution_groups WHERE tenant_name = ? AND id = ?";

    private final AgroalDataSource dataSource;

    PgJournal(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public boolean addToExecution(String tenantName, String executionId, List<Line> lines, @Nullable String username) {
        return add("executions", TO_EXECUTION, tenantName, executionId, lines, username);
    }

    @Override
    public boolean addToGroup(String tenantName, String groupId, List<Line> lines, @Nullable String username) {
        return add("execution_groups", TO_GROUP, tenantName, groupId, lines, username);
    }

    private boolean add(
            String table, String sql, String tenantName, String id, List<Line> lines, @Nullable String username) {
        try (Connection connection = dataSource.getConnection()) {
            if (!exists(connection, table, tenantName, id, username)) {
                return false;
            }
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                for (Line line : lines) {
                    insert.setString(1, line.kind());
                    insert.setTimestamp(2, line.keptSince() == null ? null : Timestamp.from(line.keptSince()));
                    insert.setTimestamp(3, Timestamp.from(line.at()));
                    insert.setString(4, line.eventType());
                    insert.setString(5, line.logger());
                    insert.setString(6, line.level());
                    insert.setString(7, line.message());
                    insert.setString(8, line.nodeInstanceId());
                    insert.setString(9, line.nodeName());
                    insert.setString(10, line.operation());
                    insert.setString(11, line.sourceId());
                    insert.setString(12, line.targetId());
                    insert.setString(13, line.errorCauses());
                    insert.setString(14, line.managerName());
                    insert.setString(15, line.agentName());
                    insert.setString(16, tenantName);
                    insert.setString(17, id);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write events of " + id, e);
        }
    }

    private static boolean exists(
            Connection connection, String table, String tenantName, String id, @Nullable String username)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT EXISTS (SELECT FROM scheduler." + table
                + " WHERE tenant_name = ? AND id = ? AND (?::text IS NULL OR visibility <> 'private'"
                + " OR created_by = ?))")) {
            select.setString(1, tenantName);
            select.setString(2, id);
            select.setString(3, username);
            select.setString(4, username);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
