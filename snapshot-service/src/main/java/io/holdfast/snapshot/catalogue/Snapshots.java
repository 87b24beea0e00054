package io.holdfast.snapshot.catalogue;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue. All calls inside the caller's transaction. */
public interface Snapshots {

    /** @param tenantName null: of whichever tenant, if only one has it (calls between services name none) */
    Optional<Snapshot> find(@Nullable String tenantName, String id);

    /** As {@link #find}, {@code not_found_error} with the API's text otherwise. */
    default Snapshot get(@Nullable String tenantName, String id) {
        return find(tenantName, id).orElseThrow(() -> missing(id));
    }

    static ManagerException missing(String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `Snapshot` with ID `" + id + "` was not found", null);
    }

    /** @throws ManagerException {@code conflict_error} with the API's text if the tenant has one of this id */
    void add(Snapshot snapshot);

    /** Sets status and error, whatever they were. */
    void mark(Snapshot snapshot, SnapshotStatus status, String error);

    /** Another archive takes the place of the former; a failed snapshot becomes an uploaded one. */
    void replaceArchive(Snapshot snapshot, StoredArchive archive, java.time.Instant at);

    /** @throws ManagerException {@code not_found_error} where somebody else has removed it meanwhile */
    void remove(Snapshot snapshot);
}
