package io.holdfast.scheduler.deletion.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Row;
import io.holdfast.scheduler.Statements;
import io.holdfast.scheduler.deletion.app.EndedExecutions;
import io.holdfast.scheduler.reading.app.DeploymentGroupMembers;
import io.holdfast.scheduler.reading.storage.ExecutionEntity;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

@Singleton
class PgEndedExecutions implements EndedExecutions {

    private static final Entity ENTITY = ExecutionEntity.fields().build();

    private static final Condition ENDED = Condition.of("e.status IN ('terminated', 'failed', 'cancelled')");

    /** All but the last of each deployment that made it. */
    private static final Condition NO_LAST_CREATION = Condition.of("""
        NOT (e.workflow_id = 'create_deployment_environment' AND e.status = 'terminated' AND NOT EXISTS (
            SELECT FROM scheduler.executions later WHERE later.tenant_name = e.tenant_name
                AND later.deployment_id = e.deployment_id AND later.workflow_id = e.workflow_id
                AND later.status = 'terminated'
                AND (later.created_at, later.storage_id) > (e.created_at, e.storage_id)))""");

    /** What hangs on an execution: the operations before the graphs that they are found by. */
    private static final List<String> PARTS = List.of(
            """
            DELETE FROM scheduler.operations o USING scheduler.tasks_graphs g
            WHERE g.tenant_name = ? AND g.execution_id = ANY (?) AND o.tenant_name = g.tenant_name AND o.tasks_graph_id = g.id""",
            "DELETE FROM scheduler.tasks_graphs WHERE tenant_name = ? AND execution_id = ANY (?)",
            "DELETE FROM scheduler.events WHERE tenant_name = ? AND execution_id = ANY (?)",
            "DELETE FROM scheduler.execution_group_members WHERE tenant_name = ? AND execution_id = ANY (?)",
            "DELETE FROM scheduler.execution_history WHERE tenant_name = ? AND execution_id = ANY (?)");

    private final Lister lister;
    private final Statements statements;
    private final DeploymentGroupMembers groups;

    PgEndedExecutions(@DataSource("scheduler") AgroalDataSource dataSource, DeploymentGroupMembers groups) {
        this.lister = new Lister(dataSource);
        this.statements = new Statements(dataSource, "executions that have ended");
        this.groups = groups;
    }

    @Override
    public long count(ListRequest request, CallerIdentity caller) {
        return lister.count(
                ENTITY,
                ExecutionEntity.rest(request),
                caller,
                chosen(request, caller).toArray(Condition[]::new));
    }

    @Override
    public int deleteOldest(ListRequest request, CallerIdentity caller, @Nullable Instant before, int most) {
        List<Condition> conditions = chosen(request, caller);
        conditions.add(NO_LAST_CREATION);
        if (before != null) {
            conditions.add(Condition.of("e.created_at < ?", before.atOffset(ZoneOffset.UTC)));
        }
        ListRequest rest = ExecutionEntity.rest(request);
        ListRequest oldest = new ListRequest(
                most, 0, List.of(), Set.of("id"), false, rest.allTenants(), false, rest.filters(), rest.special());
        List<Row> rows = lister.list(ENTITY, oldest, caller, conditions.toArray(Condition[]::new))
                .rows();
        Set<String> tenants = new TreeSet<>();
        rows.forEach(row -> tenants.add(row.tenant()));
        int deleted = 0;
        for (String tenant : tenants) {
            deleted += delete(
                    tenant,
                    rows.stream()
                            .filter(row -> row.tenant().equals(tenant))
                            .map(Row::id)
                            .toArray(String[]::new));
        }
        return deleted;
    }

    private int delete(String tenant, String[] ids) {
        for (String part : PARTS) {
            write(part, tenant, ids);
        }
        return write("DELETE FROM scheduler.executions WHERE tenant_name = ? AND id = ANY (?)", tenant, ids);
    }

    private int write(String sql, String tenant, String[] ids) {
        return statements.write(sql, statement -> {
            statement.setString(1, tenant);
            statement.setArray(2, statement.getConnection().createArrayOf("text", ids));
        });
    }

    private List<Condition> chosen(ListRequest request, CallerIdentity caller) {
        List<Condition> conditions = new ArrayList<>(ExecutionEntity.chosen(request));
        conditions.add(ENDED);
        // What callers see of other tenants is not theirs to delete.
        if (!request.allTenants() || !caller.admin()) {
            conditions.add(Condition.of("e.tenant_name = ?", caller.tenant()));
        }
        request.special("_group_id")
                .ifPresent(
                        group -> conditions.add(Condition.of("e.deployment_id = ANY (?)", groups.of(group, caller))));
        return conditions;
    }
}
