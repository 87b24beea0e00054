package io.holdfast.scheduler.reading.storage;

import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.ExecutionSql;
import java.util.ArrayList;
import java.util.List;

/** The fields of executions, alias {@code e}, and what requests say about them beyond filters on these. */
public final class ExecutionEntity {

    private static final String GROUP = "execution_group_id";

    /** The ways in which an execution is not terminated, each in the words of an index of these alone. */
    private static final String[] NOT_TERMINATED = {
        "e.status IN ('failed', 'cancelled')",
        "e." + ExecutionSql.ACTIVE,
        "e.status = 'queued'",
        "e.status = 'scheduled'"
    };

    private ExecutionEntity() {}

    public static Entity.Builder fields() {
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
                .counted("scheduler", "executions", "NOT e.is_system_workflow")
                .usually("status", "terminated", NOT_TERMINATED)
                .usually("status_display", "completed", NOT_TERMINATED)
                .countedBy("scheduler", "workflow_id")
                .watched("deployment_id", "blueprint_id")
                .searchBy(
                        "_search",
                        "e.id",
                        "s.id",
                        "e.storage_id IN (SELECT s.storage_id FROM scheduler.execution_ids s WHERE %s)")
                .sortBy("created_at");
    }

    /** No system workflows, unless the request asks for them; only those of its execution group. */
    public static List<Condition> chosen(ListRequest request) {
        List<Condition> conditions = new ArrayList<>();
        if (!request.special("_include_system_workflows", false)
                && !request.filters().containsKey("is_system_workflow")) {
            conditions.add(Condition.of("NOT e.is_system_workflow"));
        }
        List<String> executionGroups = request.filters().get(GROUP);
        if (executionGroups != null) {
            conditions.add(ofGroups(executionGroups));
        }
        return conditions;
    }

    /** Those of one of these execution groups. */
    static Condition ofGroups(List<String> executionGroups) {
        return Condition.of("""
                        EXISTS (SELECT FROM scheduler.execution_group_members m WHERE m.tenant_name = e.tenant_name
                                AND m.execution_id = e.id AND m.execution_group_id = ANY (?))""", executionGroups);
    }

    /** The request without what {@link #chosen} has understood. */
    public static ListRequest rest(ListRequest request) {
        return request.withoutFilter(GROUP);
    }
}
