package io.holdfast.scheduler.reading.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.listing.Summary;
import io.holdfast.scheduler.reading.app.DeploymentGroupMembers;
import io.holdfast.scheduler.reading.app.ExecutionCatalogue;
import io.holdfast.scheduler.reading.app.ExecutionGroupCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Singleton
class PgExecutionCatalogue extends EntityCatalogue implements ExecutionCatalogue {

    private static final Summary SUMMARY = new Summary(
            "executions",
            List.of(
                    "status",
                    "status_display",
                    "blueprint_id",
                    "deployment_id",
                    "workflow_id",
                    "tenant_name",
                    "visibility"));

    private static final Entity ENTITY = ExecutionEntity.fields().build();

    private static final Entity WITH_TURN = ExecutionEntity.fields()
            .integers("priority", "dispatch_attempt", "wait_after_fail")
            .texts("concurrency_key", "schedule_id", "reason_code", "changed_by")
            .bools("parallel")
            .times("occurrence_at", "dispatched_at")
            .build();

    private final DeploymentGroupMembers groups;
    private final ExecutionGroupCatalogue executionGroups;

    PgExecutionCatalogue(
            @DataSource("scheduler") AgroalDataSource dataSource,
            DeploymentGroupMembers groups,
            ExecutionGroupCatalogue executionGroups) {
        super(dataSource, ENTITY);
        this.groups = groups;
        this.executionGroups = executionGroups;
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

    @Override
    public ObjectNode summary(ListRequest request, CallerIdentity caller) {
        return lister().summarize(SUMMARY, ENTITY, ExecutionEntity.rest(request), caller, chosen(request, caller));
    }

    private Listing list(Entity entity, ListRequest request, CallerIdentity caller) {
        return lister().list(entity, ExecutionEntity.rest(request), caller, chosen(request, caller));
    }

    private boolean isExecutionGroup(String id, CallerIdentity caller) {
        ListRequest question = ListRequest.parse(Map.of("id", List.of(id), "_include", List.of("id")));
        return !executionGroups.list(question, caller).rows().isEmpty();
    }

    private Condition[] chosen(ListRequest request, CallerIdentity caller) {
        List<Condition> conditions = new ArrayList<>(ExecutionEntity.chosen(request));
        request.special("_group_id")
                .ifPresent(group -> conditions.add(
                        isExecutionGroup(group, caller)
                                ? ExecutionEntity.ofGroups(List.of(group))
                                : Condition.of("e.deployment_id = ANY (?)", groups.of(group, caller))));
        return conditions.toArray(Condition[]::new);
    }
}
