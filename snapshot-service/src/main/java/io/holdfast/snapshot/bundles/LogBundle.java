package io.holdfast.snapshot.bundles;

import io.holdfast.snapshot.catalogue.SnapshotStatus;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A log bundle as the catalogue has it. Its life is a snapshot's.
 *
 * @param error why it failed; empty otherwise
 * @param finishedAt null while it is being created
 * @param executionId the create_log_bundle execution; null for uploads
 * @param archiveBytes size of its archive; null while there is none
 */
public record LogBundle(
        String tenantName,
        String id,
        SnapshotStatus status,
        String error,
        String createdBy,
        Instant createdAt,
        @Nullable Instant finishedAt,
        @Nullable String executionId,
        @Nullable Long archiveBytes) {

    public LogBundle {
        Objects.requireNonNull(tenantName);
        Objects.requireNonNull(id);
        Objects.requireNonNull(status);
        Objects.requireNonNull(error);
        Objects.requireNonNull(createdBy);
        Objects.requireNonNull(createdAt);
    }

    /** One that is to be made. */
    public static LogBundle requested(
            String tenantName, String id, String createdBy, Instant createdAt, String executionId) {
        return new LogBundle(
                tenantName, id, SnapshotStatus.CREATING, "", createdBy, createdAt, null, executionId, null);
    }

    /** One whose archive came from elsewhere. */
    public static LogBundle uploaded(String tenantName, String id, String createdBy, Instant at, long archiveBytes) {
        return new LogBundle(tenantName, id, SnapshotStatus.UPLOADED, "", createdBy, at, at, null, archiveBytes);
    }
}
