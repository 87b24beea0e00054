package io.holdfast.inventory.deployments.app;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest execution of each deployment, which another service knows. */
public interface LatestExecutions {

    record Deployment(String tenant, String id) {}

    /** @param status the execution's own: {@code started}, {@code terminated}, … */
    record Latest(String id, String workflowId, String status, long totalOperations, long finishedOperations) {

        /** Whether it is another execution than the one that is known, or has another status since. */
        public boolean isNews(@Nullable String knownId, @Nullable String knownStatus) {
            return !(id.equals(knownId) && status.equals(knownStatus));
        }
    }

    /** @param now what to ask from the next time; @param epoch another one after a restore has replaced everything */
    record Changes(Map<Deployment, Latest> latest, Instant now, long epoch) {}

    /**
     * Of the deployments where an execution is under way or changed its status since then, in all tenants.
     *
     * @throws io.holdfast.contracts.errors.ManagerException where the other service does not answer
     */
    Changes changedSince(Instant since);

    /** Of those that have any, in one question. A service that does not answer knows none: lists show what is stored then. */
    Map<Deployment, Latest> of(Collection<Deployment> deployments);
}
