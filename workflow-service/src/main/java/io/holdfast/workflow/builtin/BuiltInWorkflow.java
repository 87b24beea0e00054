package io.holdfast.workflow.builtin;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The workflows of the standard types and those of the manager itself, by the function that they are mapped to. */
public enum BuiltInWorkflow {
    INSTALL("install"),
    UNINSTALL("uninstall"),
    REINSTALL("reinstall"),
    START("start"),
    STOP("stop"),
    RESTART("restart"),
    EXECUTE_OPERATION("execute_operation"),
    PULL("pull"),
    CHECK_STATUS("check_status"),
    CHECK_DRIFT("check_drift"),
    HEAL("auto_heal_reinstall_node_subgraph"),
    ROLLBACK("rollback"),
    SCALE("scale_entity"),
    INSTALL_NEW_AGENTS("install_new_agents"),
    VALIDATE_AGENTS("validate_agents"),
    UPDATE("cloudify_system_workflows.deployment_update.workflow.", "update_deployment"),
    UPDATE_DEPLOYMENT("cloudify_system_workflows.deployment_environment.", "update_deployment");

    /** Those that run in deployments that do not declare them, too. */
    private static final Map<String, BuiltInWorkflow> OF_MANAGER =
            Map.of("update", UPDATE, "csys_update_deployment", UPDATE_DEPLOYMENT);

    /** Functions that older standard types name, which do the same. */
    private static final Map<String, BuiltInWorkflow> OLDER =
            Map.of("cloudify.plugins.workflows.update", UPDATE, "cloudify.plugins.workflows.scale", SCALE);

    private final String function;

    BuiltInWorkflow(String function) {
        this("cloudify.plugins.workflows.", function);
    }

    BuiltInWorkflow(String module, String function) {
        this.function = module + function;
    }

    /** @param function as a deployment's workflow names it; empty for every other one */
    public static Optional<BuiltInWorkflow> of(String function) {
        return Arrays.stream(values())
                .filter(workflow -> workflow.function.equals(function))
                .findFirst()
                .or(() -> Optional.ofNullable(OLDER.get(function)));
    }

    /** The manager's own of a name that a deployment does not declare; empty where there is none. */
    public static Optional<BuiltInWorkflow> ofManager(String workflowId) {
        return Optional.ofNullable(OF_MANAGER.get(workflowId));
    }
}
