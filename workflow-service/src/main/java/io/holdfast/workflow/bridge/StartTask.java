package io.holdfast.workflow.bridge;

import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The message that makes a worker run a workflow. Source: scheduler.md, section 1.3. */
public final class StartTask {

    private static final String TARGET = "cloudify.management";

    private StartTask() {}

    /**
     * @param restHosts where workers reach the API
     * @param restPort its port
     */
    public static Letter of(StartExecution command, Workflow workflow, List<String> restHosts, int restPort) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("type", "workflow");
        context.put("task_id", command.executionId());
        context.put("execution_id", command.executionId());
        context.put("task_name", workflow.operation());
        context.put("workflow_id", command.workflowId());
        context.put("dry_run", command.dryRun());
        context.put("is_system_workflow", command.systemWorkflow());
        context.put("execution_creator_username", command.createdBy());
        context.put("task_target", TARGET);
        context.put("tenant", Map.of("name", command.tenantName()));
        context.put("resume", command.resume());
        context.put(
                "wait_after_fail",
                Objects.requireNonNullElse(command.waitAfterFail(), StartExecution.DEFAULT_WAIT_AFTER_FAIL));
        context.put("bypass_maintenance", false);
        context.put("rest_host", restHosts);
        context.put("rest_port", restPort);
        context.put("deployment_id", workflow.deploymentId());
        context.put("deployment_display_name", workflow.deploymentDisplayName());
        context.put("deployment_creator", workflow.deploymentCreator());
        context.put("deployment_resource_tags", workflow.resourceTags());
        context.put("blueprint_id", workflow.blueprintId());
        context.put("runtime_only_evaluation", workflow.runtimeOnlyEvaluation());
        context.put("plugin", plugin(command, workflow));

        Map<String, Object> kwargs = new LinkedHashMap<>(command.parameters());
        kwargs.put("__cloudify_context", context);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", command.executionId());
        body.put("execution_creator", command.createdBy());
        body.put("cloudify_task", Map.of("kwargs", kwargs));
        return new Letter(Letter.Kind.START, command.tenantName(), command.executionId(), command.token(), null, body);
    }

    private static Map<String, Object> plugin(StartExecution command, Workflow workflow) {
        Map<String, Object> plugin = new LinkedHashMap<>();
        plugin.put("name", workflow.plugin());
        plugin.put("package_name", workflow.packageName());
        plugin.put("package_version", workflow.packageVersion());
        plugin.put("source", workflow.pluginSource());
        plugin.put("visibility", null);
        plugin.put("tenant_name", command.tenantName());
        return plugin;
    }
}
