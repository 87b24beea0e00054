package io.holdfast.scheduler.executions;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to run a workflow, as far as its form goes.
 *
 * @param deploymentId null: of no deployment
 * @param scheduledTime as sent; null: now
 * @param waitAfterFail as of the execution
 * @param priority 0 to 9
 * @param concurrencyKey null: none
 * @param blueprintId what the deployment is being updated to; null: it is shown with its own blueprint
 * @param carryOver what a tool that rebuilds a manager sets; null for ordinary submissions
 */
public record Submission(
        String tenantName,
        String submittedBy,
        @Nullable String deploymentId,
        String workflowId,
        Map<String, Object> parameters,
        boolean allowCustomParameters,
        boolean force,
        boolean dryRun,
        boolean queue,
        @Nullable String scheduledTime,
        @Nullable Integer waitAfterFail,
        int priority,
        @Nullable String concurrencyKey,
        @Nullable String blueprintId,
        CarryOver carryOver) {

    /**
     * Whether only a workflow that is available now may be started: not for what waits for its time, is started in any case, or is carried
     * over.
     */
    public boolean asksForAvailability() {
        return !force && scheduledTime == null && !isCarriedOver();
    }

    /** Whether it is one from elsewhere, with the status that it had there: nothing is started. */
    public boolean isCarriedOver() {
        return carryOver.forceStatus() != null;
    }

    /** The same in another tenant. */
    public Submission in(String otherTenant) {
        return with(otherTenant, deploymentId, parameters, queue, concurrencyKey, carryOver);
    }

    /** The same, but it waits for its deployment, under this key. */
    public Submission inTurn(@Nullable String key) {
        return with(tenantName, deploymentId, parameters, true, key, carryOver);
    }

    /** The same in the deployment of a component, under an id and without a key of its own. */
    public Submission inComponent(String componentId, Map<String, Object> merged) {
        return with(tenantName, componentId, merged, queue, null, CarryOver.by(carryOver.createdBy()));
    }

    /** The same but for these. */
    private Submission with(
            String tenant,
            @Nullable String deployment,
            Map<String, Object> given,
            boolean waits,
            @Nullable String key,
            CarryOver carried) {
        return new Submission(
                tenant,
                submittedBy,
                deployment,
                workflowId,
                given,
                allowCustomParameters,
                force,
                dryRun,
                waits,
                scheduledTime,
                waitAfterFail,
                priority,
                key,
                blueprintId,
                carried);
    }

    /** All null or false for ordinary submissions. {@code visibility} counts where there is no deployment, whose it would be; null: tenant. */
    public record CarryOver(
            @Nullable String id,
            @Nullable ExecutionStatus forceStatus,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String error,
            boolean systemWorkflow,
            @Nullable String visibility) {

        public static final CarryOver NOTHING = by(null);

        private static CarryOver by(@Nullable String createdBy) {
            return new CarryOver(null, null, createdBy, null, null, null, null, false, null);
        }
    }
}
