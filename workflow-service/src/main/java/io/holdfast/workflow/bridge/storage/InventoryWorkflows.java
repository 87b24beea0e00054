package io.holdfast.workflow.bridge.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.bridge.Inventory;
import io.holdfast.workflow.bridge.Workflow;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deployments as the inventory-service shows them. */
@ApplicationScoped
class InventoryWorkflows implements Inventory {

    private final InternalHttp http;
    private final Clock clock;

    InventoryWorkflows(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Optional<Workflow> find(String tenantName, String deploymentId, String workflowId) {
        Map<String, Object> deployment;
        try {
            deployment = http.to("inventory")
                    .as(CallerIdentity.ofService(WorkflowMessaging.SERVICE, clock.instant())
                            .in(tenantName))
                    .get("/deployments/" + InternalHttp.segment(deploymentId), Json.OBJECT);
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        if (deployment.get("workflows") instanceof List<?> workflows) {
            for (Object item : workflows) {
                Map<String, Object> workflow = Json.object(item);
                if (workflowId.equals(workflow.get("name")) && workflow.get("operation") instanceof String operation) {
                    return Optional.of(of(deploymentId, deployment, workflow, operation));
                }
            }
        }
        return Workflow.ofAnyDeployment(workflowId).map(operation -> of(deploymentId, deployment, Map.of(), operation));
    }

    private static Workflow of(
            String deploymentId, Map<String, Object> deployment, Map<String, Object> workflow, String operation) {
        return new Workflow(
                deploymentId,
                Json.text(deployment.get("display_name")),
                Json.text(deployment.get("blueprint_id")),
                Json.text(deployment.get("created_by")),
                Json.object(deployment.get("resource_tags")),
                Boolean.TRUE.equals(deployment.get("runtime_only_evaluation")),
                operation,
                Json.text(workflow.get("plugin")),
                Json.text(workflow.get("package_name")),
                Json.text(workflow.get("package_version")));
    }
}
