package io.holdfast.scheduler.executions;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where executions are kept. Every method joins the transaction at hand. */
public interface Executions {

    /** Who runs an execution and reports on it, as {@link #update} takes it. */
    String WORKER = "holdfast:worker";

    /** The execution, locked until the end of the transaction. */
    Optional<Execution> lock(String tenantName, String id);

    Optional<Execution> find(String tenantName, String id);

    /** What a client is told who asks for one that there is not, in the words of the manager API. */
    static ManagerException missing(String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `Execution` with ID `" + id + "` was not found", null);
    }

    /** Those that exist, in no order. */
    List<Execution> findAll(List<Ref> refs);

    /** The newest one of each deployment that has any, in no order. @param deployments refs whose ids are those of deployments */
    List<Execution> latest(List<Ref> deployments);

    /** As {@link #latest}, of those that do not wait for their turn or their time. */
    List<Execution> latestHandedOut(List<Ref> deployments);

    /**
     * As {@link #latestHandedOut}, of each deployment of which an execution is active, or changed its status since then.
     *
     * @param since of the database's clock
     */
    List<Execution> latestChanged(Instant since);

    /**
     * Operations of an execution that is resumed are to be done once more that failed or wait for another try, from their first try on.
     *
     * @param alsoUnderWay those, too, that a worker has been sent or has begun and did not end
     */
    void reopenOperations(String tenantName, String id, boolean alsoUnderWay);

    /** Adds a new one. False if one with this id is there already; that one is not touched. */
    default boolean add(Execution execution) {
        return add(execution, null);
    }

    /** As {@link #add(Execution)}, of one that a worker is asked to run: {@code leaseUntil} is when it should have answered. */
    boolean add(Execution execution, @Nullable Instant leaseUntil);

    /**
     * Writes status, error, times, resume, token, attempt and lease of an execution that is {@link #lock locked}. A token that it did
     * not have is one that it is handed out under now.
     *
     * @param changedBy who makes the change, for the history: a user, or {@code holdfast:<who>}; null: the scheduler itself
     * @return its version after the change; it grows with every change
     */
    int update(
            Execution execution, @Nullable String reasonCode, @Nullable Instant leaseUntil, @Nullable String changedBy);

    /** Writes how many operations it has and how many of them are finished; nothing where there is no such execution. */
    void count(Ref execution, int total, int finished);

    /** Keeps two submissions for one deployment apart until the end of the transaction. */
    void lockDeployment(String tenantName, String deploymentId);

    /** Whether one with this key, or of this tenant, may have to wait for others of it: it has to be queued and then decided on. */
    boolean isLimited(String tenantName, @Nullable String concurrencyKey);

    /** Ids of those of a deployment that are active or queued, oldest first. */
    List<String> busy(String tenantName, String deploymentId);

    /** Whether one that must be alone is active or queued, in any tenant. */
    boolean blockingSystemWorkflowRuns();

    /** All that are neither ended nor scheduled, in all tenants, oldest first. */
    List<Execution> unfinished();

    /** Wakes whoever waits for due executions, when the transaction commits. */
    void announceDue();

    /** The highest restore epoch seen. */
    long epoch();

    /** Remembers an epoch, if it is higher. */
    void sawEpoch(long epoch);

    /** The database's time: the one that decides what is due. */
    Instant now();

    /** An execution's identity. */
    record Ref(String tenantName, String id) {}
}
