package io.holdfast.scheduler.executions.rest;

import io.holdfast.http.ApiTime;
import io.holdfast.scheduler.executions.Execution;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An execution as the manager API shows it: every field, in the order of the Cloudify REST API v3.1, numbers never null. */
final class ExecutionJson {

    private ExecutionJson() {}

    static Map<String, @Nullable Object> of(Execution execution) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("created_at", ApiTime.format(execution.createdAt()));
        json.put("visibility", execution.visibility());
        json.put("id", execution.id());
        json.put("ended_at", ApiTime.formatOrNull(execution.endedAt()));
        json.put("error", execution.error());
        json.put("is_system_workflow", execution.systemWorkflow());
        json.put("parameters", execution.parameters());
        json.put("status", execution.status().wireName());
        json.put("workflow_id", execution.workflowId());
        json.put("started_at", ApiTime.formatOrNull(execution.startedAt()));
        json.put("scheduled_for", ApiTime.formatOrNull(execution.scheduledFor()));
        json.put("is_dry_run", execution.dryRun());
        json.put("resume", execution.resume());
        json.put("total_operations", orNone(execution.totalOperations()));
        json.put("finished_operations", orNone(execution.finishedOperations()));
        json.put("allow_custom_parameters", execution.allowCustomParameters());
        json.put("blueprint_id", execution.blueprintId());
        json.put("deployment_display_name", execution.deploymentDisplayName());
        json.put("deployment_id", execution.deploymentId());
        json.put("status_display", execution.status().displayName());
        json.put("tenant_name", execution.tenantName());
        json.put("created_by", execution.createdBy());
        json.put("resource_availability", execution.visibility());
        json.put("private_resource", "private".equals(execution.visibility()));
        return json;
    }

    private static int orNone(@Nullable Integer operations) {
        return operations == null ? 0 : operations;
    }
}
