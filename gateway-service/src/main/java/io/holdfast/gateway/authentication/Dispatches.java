package io.holdfast.gateway.authentication;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Executions, as far as they say whether the token of one of their workers is still good. */
public interface Dispatches {

    /**
     * How an execution is handed out at present.
     *
     * @param token of the present dispatch
     * @param createdBy the user on whose behalf its worker works
     * @param active whether it is pending, running or stopping
     */
    record Dispatch(String token, @Nullable String createdBy, boolean active) {}

    /** Empty if there is no such execution, or nobody has it. */
    Optional<Dispatch> find(String tenantName, String executionId);
}
