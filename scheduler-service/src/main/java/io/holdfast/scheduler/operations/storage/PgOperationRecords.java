package io.holdfast.scheduler.operations.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.Statements;
import io.holdfast.scheduler.operations.app.OperationRecords;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

@Singleton
class PgOperationRecords implements OperationRecords {

    private final Statements statements;

    PgOperationRecords(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.statements = new Statements(dataSource, "operations");
    }

    @Override
    public boolean add(Graph graph) {
        return statements.write(
                        // Of whoever its execution is: whose is private is shown to nobody else.
                        """
                        INSERT INTO scheduler.tasks_graphs (tenant_name, id, name, execution_id, visibility, created_by,
                            created_at)
                        SELECT ?, ?, ?, ?, coalesce(max(e.visibility), 'tenant'), ?, ?
                        FROM scheduler.executions e WHERE e.tenant_name = ? AND e.id = ? ON CONFLICT DO NOTHING""", statement -> {
                            statement.setString(1, graph.tenantName());
                            statement.setString(2, graph.id());
                            statement.setString(3, graph.name());
                            statement.setString(4, graph.executionId());
                            statement.setString(5, graph.createdBy());
                            statement.setObject(6, graph.createdAt().atOffset(ZoneOffset.UTC));
                            statement.setString(7, graph.tenantName());
                            statement.setString(8, graph.executionId());
                        })
                == 1;
    }

    @Override
    public Optional<String> executionOf(String tenantName, String graphId) {
        return statements
                .read(
                        "SELECT execution_id FROM scheduler.tasks_graphs WHERE tenant_name = ? AND id = ?",
                        statement -> {
                            statement.setString(1, tenantName);
                            statement.setString(2, graphId);
                        },
                        row -> row.getString(1))
                .stream()
                .findFirst();
    }

    @Override
    public boolean add(List<Operation> operations) {
        if (operations.isEmpty()) {
            return true;
        }
        Operation first = operations.get(0);
        int added = statements.write("""
                INSERT INTO scheduler.operations (tenant_name, id, tasks_graph_id, name, type, state, dependencies, parameters,
                    visibility, created_by, created_at)
                SELECT ?, o.id, o.graph, o.name, o.type, o.state, o.dependencies::jsonb, o.parameters::jsonb,
                    coalesce((SELECT g.visibility FROM scheduler.tasks_graphs g WHERE g.tenant_name = ? AND g.id = ?),
                        'tenant'), ?, ?
                FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                    AS o(id, graph, name, type, state, dependencies, parameters)
                WHERE NOT EXISTS (SELECT FROM scheduler.operations taken
                                  WHERE taken.tenant_name = ? AND taken.id = ANY (?))
                ON CONFLICT DO NOTHING""", statement -> {
            statement.setString(1, first.tenantName());
            statement.setString(2, first.tenantName());
            statement.setString(3, first.graphId());
            statement.setString(4, first.createdBy());
            statement.setObject(5, first.createdAt().atOffset(ZoneOffset.UTC));
            texts(statement, 6, operations, Operation::id);
            texts(statement, 7, operations, Operation::graphId);
            texts(statement, 8, operations, Operation::name);
            texts(statement, 9, operations, Operation::type);
            texts(statement, 10, operations, Operation::state);
            texts(statement, 11, operations, Operation::dependencies);
            texts(statement, 12, operations, Operation::parameters);
            statement.setString(13, first.tenantName());
            texts(statement, 14, operations, Operation::id);
        });
        return added == operations.size();
    }

    private static void texts(
            PreparedStatement statement, int index, List<Operation> operations, Function<Operation, String> text)
            throws SQLException {
        statement.setArray(
                index,
                statement
                        .getConnection()
                        .createArrayOf("text", operations.stream().map(text).toArray()));
    }

    @Override
    public Optional<Stored> lock(String tenantName, String id) {
        return statements
                .read(
                        """
                        SELECT o.id, coalesce(g.execution_id, ''), coalesce(o.name, ''), coalesce(o.type, ''),
                               coalesce(o.state, 'pending'), coalesce(o.parameters, '{}'::jsonb)
                        FROM scheduler.operations o
                        LEFT JOIN scheduler.tasks_graphs g ON g.tenant_name = o.tenant_name AND g.id = o.tasks_graph_id
                        WHERE o.tenant_name = ? AND o.id = ? FOR UPDATE OF o""",
                        statement -> {
                            statement.setString(1, tenantName);
                            statement.setString(2, id);
                        },
                        row -> new Stored(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6)))
                .stream()
                .findFirst();
    }

    @Override
    public void state(
            String tenantName, String id, String state, @Nullable String managerName, @Nullable String agentName) {
        statements.write(
                "UPDATE scheduler.operations SET state = ?, manager_name = ?, agent_name = ? WHERE tenant_name = ? AND id = ?",
                statement -> {
                    statement.setString(1, state);
                    statement.setString(2, managerName);
                    statement.setString(3, agentName);
                    statement.setString(4, tenantName);
                    statement.setString(5, id);
                });
    }

    @Override
    public void remove(String tenantName, String id) {
        statements.write("DELETE FROM scheduler.operations WHERE tenant_name = ? AND id = ?", statement -> {
            statement.setString(1, tenantName);
            statement.setString(2, id);
        });
    }

    @Override
    public void inputs(String tenantName, String deploymentId, String nodeId, String operation, String inputs) {
        statements.write("""
                UPDATE scheduler.operations o SET parameters = jsonb_set(
                    jsonb_set(o.parameters, '{task_kwargs,kwargs}', (o.parameters #> '{task_kwargs,kwargs}') || ?::jsonb),
                    '{task_kwargs,kwargs,__cloudify_context}',
                    (o.parameters #> '{task_kwargs,kwargs,__cloudify_context}') || '{"has_intrinsic_functions": true}')
                FROM scheduler.tasks_graphs g
                JOIN scheduler.executions e ON e.tenant_name = g.tenant_name AND e.id = g.execution_id
                WHERE g.tenant_name = o.tenant_name AND g.id = o.tasks_graph_id
                  AND e.tenant_name = ? AND e.deployment_id = ? AND e.status IN ('pending', 'started', 'cancelled', 'failed')
                  AND o.state IN ('rescheduled', 'failed', 'pending')
                  AND o.parameters #>> '{task_kwargs,kwargs,__cloudify_context,node_name}' = ?
                  AND o.parameters #>> '{task_kwargs,kwargs,__cloudify_context,operation,name}' = ?""", statement -> {
            statement.setString(1, inputs);
            statement.setString(2, tenantName);
            statement.setString(3, deploymentId);
            statement.setString(4, nodeId);
            statement.setString(5, operation);
        });
    }

    @Override
    public void count(String tenantName, String executionId, int total, int finished) {
        if (total == 0 && finished == 0) {
            return;
        }
        statements.write(
                "UPDATE scheduler.executions SET total_operations = greatest(coalesce(total_operations, 0) + ?, 0),"
                        + " finished_operations = greatest(coalesce(finished_operations, 0) + ?, 0)"
                        + " WHERE tenant_name = ? AND id = ?",
                statement -> {
                    statement.setInt(1, total);
                    statement.setInt(2, finished);
                    statement.setString(3, tenantName);
                    statement.setString(4, executionId);
                });
    }
}
