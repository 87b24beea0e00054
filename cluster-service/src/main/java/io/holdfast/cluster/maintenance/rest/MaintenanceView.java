package io.holdfast.cluster.maintenance.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.holdfast.cluster.maintenance.GateState;
import io.holdfast.cluster.maintenance.GateStatus;
import io.holdfast.cluster.maintenance.Maintenance;
import io.holdfast.cluster.maintenance.UnfinishedExecution;
import io.holdfast.http.ApiTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API's state object (cloudify-api section 3); {@code reason} is ours and says which restore holds the gate. */
record MaintenanceView(
        String status,
        @JsonProperty("activated_at") @Nullable String activatedAt,
        @JsonProperty("activation_requested_at") @Nullable String activationRequestedAt,
        @JsonProperty("remaining_executions") @Nullable List<Remaining> remainingExecutions,
        @JsonProperty("requested_by") @Nullable String requestedBy,
        @Nullable String reason) {

    record Remaining(
            String id,
            String status,
            @JsonProperty("deployment_id") @Nullable String deploymentId,
            @JsonProperty("workflow_id") @Nullable String workflowId) {

        static Remaining of(UnfinishedExecution execution) {
            return new Remaining(execution.id(), execution.status(), execution.deploymentId(), execution.workflowId());
        }
    }

    static MaintenanceView of(Maintenance maintenance) {
        GateState state = maintenance.state();
        if (state.status() == GateStatus.DEACTIVATED) {
            // Empty texts, not nulls: what clients of the API have always seen.
            return new MaintenanceView(state.status().wireName(), "", "", null, "", null);
        }
        List<UnfinishedExecution> remaining = maintenance.remaining();
        return new MaintenanceView(
                state.status().wireName(),
                time(state.activatedAt()),
                time(state.activationRequestedAt()),
                remaining == null ? null : remaining.stream().map(Remaining::of).toList(),
                state.requestedBy(),
                state.reason());
    }

    /** The answer to a deactivation: what was ended, under the new status. */
    static MaintenanceView ended(GateState state) {
        return new MaintenanceView(
                GateStatus.DEACTIVATED.wireName(),
                time(state.activatedAt()),
                time(state.activationRequestedAt()),
                null,
                state.requestedBy(),
                null);
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return ApiTime.formatOrNull(instant);
    }
}
