package io.holdfast.snapshot.bundles;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue of log bundles. All calls inside the caller's transaction. */
public interface LogBundles {

    /** @param tenantName null: of whichever tenant, if only one has it (calls between services name none) */
    Optional<LogBundle> find(@Nullable String tenantName, String id);

    /** As {@link #find}, {@code not_found_error} with the API's text otherwise. */
    default LogBundle get(@Nullable String tenantName, String id) {
        return find(tenantName, id)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "Requested `LogBundle` with ID `" + id + "` was not found", null));
    }

    /** @throws ManagerException {@code conflict_error} with the API's text if the tenant has one of this id */
    void add(LogBundle bundle);

    /** Takes the oldest that is being created and that nobody has taken. */
    Optional<LogBundle> claimNext(String instanceId, Instant now);

    /**
     * Ends a creation. The scheduler is to be told of it.
     *
     * @param instanceId who claimed it
     * @param archiveBytes null if it failed
     * @return false if it is no longer that instance's; then nothing has changed
     */
    boolean finish(
            LogBundle bundle,
            String instanceId,
            SnapshotStatus status,
            String error,
            @Nullable Long archiveBytes,
            Instant now);

    /**
     * Fails what was claimed before {@code claimedBefore}, or at any time by {@code deadInstance}: whoever gathered it is gone. The scheduler
     * is to be told of it.
     *
     * @param deadInstance null if none is known to be dead
     * @return how many
     */
    int failAbandoned(@Nullable String deadInstance, Instant claimedBefore, String error, Instant now);

    /** Sets status and error, whatever they were. Where that ends a creation, the scheduler is to be told. */
    void mark(LogBundle bundle, SnapshotStatus status, String error, Instant now);

    /** Another archive takes the place of the former; a failed bundle becomes an uploaded one. */
    void replaceArchive(LogBundle bundle, long archiveBytes, Instant now);

    void remove(LogBundle bundle);

    /** Ended ones of whose end the scheduler has not heard. */
    List<LogBundle> untold();

    void markTold(LogBundle bundle);

    /** Ended ones, of all tenants, besides the {@code keep} latest. */
    List<LogBundle> surplus(int keep);
}
