package io.holdfast.workflow.builtin;

import java.util.Arrays;
import java.util.Optional;

/** The workflows of the standard types, by the function that they are mapped to. */
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
    VALIDATE_AGENTS("validate_agents");

    private static final String MODULE = "cloudify.plugins.workflows.";

    private final String function;

    BuiltInWorkflow(String function) {
        this.function = MODULE + function;
    }

    /** @param function as a deployment's workflow names it; empty for every other one */
    public static Optional<BuiltInWorkflow> of(String function) {
        return Arrays.stream(values())
                .filter(workflow -> workflow.function.equals(function))
                .findFirst();
    }
}
