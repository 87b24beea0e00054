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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deployments as the inventory-service shows them. */
@ApplicationScoped
class InventoryWorkflows implements Inventory {

    /** Plugins that workers bring themselves: nothing has to be known of them. Source: the existing product. */
    private static final Set<String> BROUGHT_BY_WORKERS = Set.of(
            "agent",
            "diamond",
            "script",
            "cfy_extensions",
            "default_workflows",
            "worker_installer",
            "cloudify_system_workflows",
            "agent_installer");

    private final InternalHttp http;
    private final Clock clock;

    InventoryWorkflows(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Optional<Workflow> find(String tenantName, String deploymentId, String workflowId) {
        Optional<Map<String, Object>> found = read(tenantName, "/deployments/" + InternalHttp.segment(deploymentId));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> deployment = found.get();
        if (deployment.get("workflows") instanceof List<?> workflows) {
            for (Object item : workflows) {
                Map<String, Object> workflow = Json.object(item);
                if (workflowId.equals(workflow.get("name")) && workflow.get("operation") instanceof String operation) {
                    return Optional.of(of(
                            deploymentId,
                            deployment,
                            operation,
                            Json.text(workflow.get("plugin")),
                            plugin(tenantName, deployment, workflow)));
                }
            }
        }
        return Workflow.ofAnyDeployment(workflowId)
                .map(operation -> of(deploymentId, deployment, operation, null, Map.of()));
    }

    /** What the blueprint declares of the plugin that brings the workflow: a worker that lacks the plugin installs it by that. */
    private Map<String, Object> plugin(
            String tenantName, Map<String, Object> deployment, Map<String, Object> workflow) {
        String name = Json.text(workflow.get("plugin"));
        String blueprintId = Json.text(deployment.get("blueprint_id"));
        if (name == null || blueprintId == null || BROUGHT_BY_WORKERS.contains(name)) {
            return Map.of();
        }
        Map<String, Object> plan = read(
                        tenantName, "/blueprints/" + InternalHttp.segment(blueprintId) + "?_include=plan")
                .map(blueprint -> Json.object(blueprint.get("plan")))
                .orElse(Map.of());
        if (plan.get("workflow_plugins_to_install") instanceof List<?> plugins) {
            for (Object item : plugins) {
                Map<String, Object> plugin = Json.object(item);
                if (name.equals(plugin.get("name"))) {
                    return plugin;
                }
            }
        }
        return Map.of();
    }

    private Optional<Map<String, Object>> read(String tenantName, String path) {
        try {
            return Optional.of(http.to("inventory")
                    .as(CallerIdentity.ofService(WorkflowMessaging.SERVICE, clock.instant())
                            .in(tenantName))
                    .get(path, Json.OBJECT));
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Workflow of(
            String deploymentId,
            Map<String, Object> deployment,
            String operation,
            @Nullable String pluginName,
            Map<String, Object> plugin) {
        return new Workflow(
                deploymentId,
                Json.text(deployment.get("display_name")),
                Json.text(deployment.get("blueprint_id")),
                Json.text(deployment.get("created_by")),
                Json.object(deployment.get("resource_tags")),
                Boolean.TRUE.equals(deployment.get("runtime_only_evaluation")),
                operation,
                pluginName,
                Json.text(plugin.get("package_name")),
                Json.text(plugin.get("package_version")),
                Json.text(plugin.get("source")));
    }
}
