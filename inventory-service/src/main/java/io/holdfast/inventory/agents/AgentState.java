package io.holdfast.inventory.agents;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The states that an agent may be in. Source: cloudify-api section 13. */
public final class AgentState {

    private static final List<String> ALL = List.of(
            "creating",
            "created",
            "configuring",
            "configured",
            "starting",
            "started",
            "stopping",
            "stopped",
            "deleting",
            "deleted",
            "restarting",
            "restarted",
            "restored",
            "upgrading",
            "upgraded",
            "nonresponsive",
            "failed");

    private AgentState() {}

    /** @throws ManagerException {@code bad_parameters_error} if there is no such state */
    public static String check(@Nullable String state) {
        if (state == null || !ALL.contains(state)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Invalid agent state: `" + state + "`.",
                    "the states are " + String.join(", ", ALL));
        }
        return state;
    }
}
