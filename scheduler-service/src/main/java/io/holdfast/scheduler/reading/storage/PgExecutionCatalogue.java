package io.holdfast.scheduler.reading.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.scheduler.reading.app.DeploymentGroupMembers;
import io.holdfast.scheduler.reading.app.ExecutionCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

@Singleton
class PgExecutionCatalogue extends EntityCatalogue implements ExecutionCatalogue {

    private static final String GROUP = "execution_group_id";

    private static final Entity ENTITY = executions().build();

    private static final Entity WITH_TURN = executions()
            .integers("priority", "dispatch_attempt")
            .texts("concurrency_key", "schedule_id", "reason_code", "changed_by")
            .bools("parallel")
            .times("occurrence_at", "dispatched_at")
            .build();

    private final DeploymentGroupMembers groups;

    private static Entity.Builder executions() {
        return Entity.of("Execution", "scheduler.executions e")
                .times("created_at", "started_at", "ended_at", "scheduled_for")
                .texts(
                        "id",
                        "workflow_id",
                        "deployment_id",
                        "deployment_display_name",
                        "blueprint_id",
                        "status",
                        "error")
                .text("status_display", "CASE e.status WHEN 'terminated' THEN 'completed' ELSE e.status END")
                .jsons("parameters")
                .bools("is_system_workflow", "is_dry_run", "allow_custom_parameters", "resume")
                .integer("total_operations", "coalesce(e.total_operations, 0)")
                .integer("finished_operations", "coalesce(e.finished_operations, 0)")
                .owned("e")
                .searchBy("_search", "e.id")
                .sortBy("created_at");
    }

    PgExecutionCatalogue(@DataSource("scheduler") AgroalDataSource dataSource, DeploymentGroupMembers groups) {
        super(dataSource, ENTITY);
        this.groups = groups;
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return list(ENTITY, request, caller);
    }

    @Override
    public Listing listWithTurns(ListRequest request, CallerIdentity caller) {
        return list(WITH_TURN, request, caller);
    }

    @Override
    public Row getWithTurn(String id, ListRequest request, CallerIdentity caller) {
        return lister().get(WITH_TURN, id, request, caller);
    }

    private Listing list(Entity entity, ListRequest request, CallerIdentity caller) {
        List<Condition> conditions = new ArrayList<>();
        if (!request.special("_include_system_workflows", false)
                && !request.filters().containsKey("is_system_workflow")) {
            conditions.add(Condition.of("NOT e.is_system_workflow"));
        }
        List<String> executionGroups = request.filters().get(GROUP);
        if (executionGroups != null) {
            conditions.add(Condition.of("""
                    EXISTS (SELECT FROM scheduler.execution_group_members m WHERE m.tenant_name = e.tenant_name
                            AND m.execution_id = e.id AND m.execution_group_id = ANY (?))""", executionGroups));
        }
        request.special("_group_id")
                .ifPresent(
                        group -> conditions.add(Condition.of("e.deployment_id = ANY (?)", groups.of(group, caller))));
        return lister().list(entity, request.withoutFilter(GROUP), caller, conditions.toArray(Condition[]::new));
    }
}
