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
}
