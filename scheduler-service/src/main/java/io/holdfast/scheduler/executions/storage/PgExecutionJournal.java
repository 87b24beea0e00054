package io.holdfast.scheduler.executions.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionJournal;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of executions as rows of {@code scheduler.events}. */
@ApplicationScoped
class PgExecutionJournal implements ExecutionJournal {

    private final AgroalDataSource dataSource;
    private final Json json;

    PgExecutionJournal(@DataSource("scheduler") AgroalDataSource dataSource, Json json) {
        this.dataSource = dataSource;
        this.json = json;
    }

    @Override
    public void add(Execution execution, String eventType, String message, Instant at, @Nullable String errorCause) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id,"
                                + " workflow_id, blueprint_id, deployment_id, deployment_display_name, event_type,"
                                + " message, error_causes, visibility, created_by)"
                                + " VALUES (?, 'cloudify_event', statement_timestamp(), ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)")) {
            statement.setString(1, execution.tenantName());
            statement.setTimestamp(2, Timestamp.from(at));
            statement.setString(3, execution.id());
            statement.setString(4, execution.workflowId());
            statement.setString(5, execution.blueprintId());
            statement.setString(6, execution.deploymentId());
            statement.setString(7, execution.deploymentDisplayName());
            statement.setString(8, eventType);
            statement.setString(9, message);
            statement.setString(10, errorCause == null ? null : json.errorCauses(errorCause));
            statement.setString(11, execution.visibility());
            statement.setString(12, execution.createdBy());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write the event " + eventType + " of " + execution.id(), e);
        }
    }

    @Override
    public void addAll(Execution execution, List<Entry> entries) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id,"
                                + " workflow_id, blueprint_id, deployment_id, deployment_display_name, event_type, logger,"
                                + " level, message, node_instance_id, node_name, operation, visibility, created_by)"
                                + " VALUES (?, ?, statement_timestamp(), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Entry entry : entries) {
                statement.setString(1, execution.tenantName());
                statement.setString(2, entry.kind());
                statement.setTimestamp(3, Timestamp.from(entry.at()));
                statement.setString(4, execution.id());
                statement.setString(5, execution.workflowId());
                statement.setString(6, execution.blueprintId());
                statement.setString(7, execution.deploymentId());
                statement.setString(8, execution.deploymentDisplayName());
                statement.setString(9, entry.eventType());
                statement.setString(10, entry.logger());
                statement.setString(11, entry.level());
                statement.setString(12, entry.message());
                statement.setString(13, entry.nodeInstanceId());
                statement.setString(14, entry.nodeName());
                statement.setString(15, entry.operation());
                statement.setString(16, execution.visibility());
                statement.setString(17, execution.createdBy());
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write " + entries.size() + " lines of " + execution.id(), e);
        }
    }
}
