package io.holdfast.snapshot.building.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.ApiTime;
import java.time.Instant;

/** A system workflow's execution that was just asked for, made of what is known here. Source: cloudify-api section 16. */
public final class PendingExecution {

    private PendingExecution() {}

    public static ObjectNode of(
            String workflowId,
            String id,
            String tenantName,
            String createdBy,
            Instant createdAt,
            ObjectNode parameters) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("created_at", ApiTime.format(createdAt));
        json.put("visibility", "tenant");
        json.put("id", id);
        json.putNull("ended_at");
        json.putNull("error");
        json.put("is_system_workflow", true);
        json.set("parameters", parameters);
        json.put("status", "pending");
        json.put("workflow_id", workflowId);
        json.putNull("started_at");
        json.putNull("scheduled_for");
        json.put("is_dry_run", false);
        json.put("resume", false);
        json.put("total_operations", 0);
        json.put("finished_operations", 0);
        json.put("allow_custom_parameters", true);
        json.putNull("blueprint_id");
        json.putNull("deployment_display_name");
        json.putNull("deployment_id");
        json.put("status_display", "pending");
        json.put("tenant_name", tenantName);
        json.put("created_by", createdBy);
        json.put("resource_availability", "tenant");
        json.put("private_resource", false);
        return json;
    }
}
