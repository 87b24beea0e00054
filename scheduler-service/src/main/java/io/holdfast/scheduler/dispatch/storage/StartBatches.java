package io.holdfast.scheduler.dispatch.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.messaging.OutgoingMessage;
import io.holdfast.messaging.OutgoingSource;
import io.holdfast.scheduler.ExecutionSql;
import io.holdfast.scheduler.dispatch.app.DispatchConfig;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Start commands of what was handed out, made of the executions when they are published: a claim writes a few bytes for each, where the
 * command has a thousand. Those of an execution that is not active under the same hand-out any more are void.
 */
@ApplicationScoped
class StartBatches implements OutgoingSource {

    private static final String TAKE = "DELETE FROM scheduler_control.start_batch WHERE seq = (SELECT seq"
            + " FROM scheduler_control.start_batch ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)"
            + " RETURNING dispatched_at, storage_ids";

    /**
     * One probe of the unique index for each. The fence ({@code OFFSET 0}) keeps the conditions out of the planner's choice: it would
     * take the index of all that is active and walk through it for each batch, however many there are.
     */
    static final String EXECUTIONS = "SELECT e.dispatch_token, e.id, e.tenant_name, e.workflow_id, e.deployment_id,"
            + " e.deployment_display_name, e.blueprint_id,"
            + " CASE WHEN jsonb_typeof(e.parameters) = 'object' THEN e.parameters ELSE '{}' END,"
            + " e.is_dry_run, e.is_system_workflow, e.resume, e.created_by, e.restore_epoch, e.dispatch_attempt,"
            + " e.wait_after_fail"
            + " FROM unnest(?::bigint[]) WITH ORDINALITY w(storage_id, n) CROSS JOIN LATERAL"
            + " (SELECT * FROM scheduler.executions x WHERE x.storage_id = w.storage_id OFFSET 0) e"
            + " WHERE e.dispatched_at = ? AND e.dispatch_token IS NOT NULL AND e." + ExecutionSql.ACTIVE
            + " ORDER BY w.n";

    /** The queue that {@code holdfast.commands} routes them to. */
    private static final String QUEUE = "workflow.commands";

    private static final String DEFAULT_EXCHANGE = "";
    private static final String ROUTING_KEY = "workflow.execution.start";

    private final AgroalDataSource dataSource;
    private final DispatchConfig config;
    private final JsonFactory json = new JsonFactory();

    StartBatches(@DataSource("scheduler") AgroalDataSource dataSource, DispatchConfig config) {
        this.dataSource = dataSource;
        this.config = config;
    }

    /**
     * The executions are read outside of the relay's transaction: else it would hold their table, and a restore that wants to exchange
     * it, for as long as the broker takes to confirm.
     */
    @Override
    public Optional<List<OutgoingMessage>> take(Connection transaction) throws SQLException {
        try (PreparedStatement take = transaction.prepareStatement(TAKE);
                ResultSet row = take.executeQuery()) {
            return row.next() ? Optional.of(commands(row.getTimestamp(1), row.getArray(2))) : Optional.empty();
        }
    }

    private List<OutgoingMessage> commands(Timestamp dispatchedAt, Array storageIds) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(EXECUTIONS)) {
            select.setArray(1, storageIds);
            select.setTimestamp(2, dispatchedAt);
            try (ResultSet rows = select.executeQuery()) {
                List<OutgoingMessage> commands = new ArrayList<>();
                while (rows.next()) {
                    commands.add(OutgoingMessage.rebuildable(
                            rows.getString(1),
                            StartExecution.TYPE,
                            rows.getString(2),
                            config.direct() ? DEFAULT_EXCHANGE : Event.COMMANDS,
                            config.direct() ? QUEUE : ROUTING_KEY,
                            body(rows),
                            dispatchedAt.toInstant()));
                }
                return commands;
            }
        }
    }

    /** As {@code EventJson} writes a {@link StartExecution}. The parameters are JSON already. */
    private byte[] body(ResultSet row) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator to = json.createGenerator(bytes)) {
            to.writeStartObject();
            to.writeStringField("executionId", row.getString(2));
            to.writeStringField("tenantName", row.getString(3));
            to.writeStringField("workflowId", row.getString(4));
            to.writeStringField("deploymentId", row.getString(5));
            to.writeStringField("deploymentDisplayName", row.getString(6));
            to.writeStringField("blueprintId", row.getString(7));
            to.writeFieldName("parameters");
            to.writeRawValue(row.getString(8));
            to.writeBooleanField("dryRun", row.getBoolean(9));
            to.writeBooleanField("systemWorkflow", row.getBoolean(10));
            to.writeBooleanField("resume", row.getBoolean(11));
            to.writeStringField("createdBy", row.getString(12));
            to.writeStringField("token", row.getString(1));
            to.writeNumberField("epoch", row.getLong(13));
            to.writeNumberField("attempt", row.getInt(14));
            Integer waitAfterFail = row.getObject(15, Integer.class);
            if (waitAfterFail != null) {
                to.writeNumberField("waitAfterFail", waitAfterFail);
            }
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a start command", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public String waitingSql() {
        return "EXISTS (SELECT FROM scheduler_control.start_batch)";
    }

    @Override
    public String countSql() {
        return "(SELECT coalesce(sum(cardinality(storage_ids)), 0) FROM scheduler_control.start_batch)";
    }

    @Override
    public String oldestSql() {
        return "(SELECT min(dispatched_at) FROM scheduler_control.start_batch)";
    }
}
