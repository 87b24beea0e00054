package io.holdfast.snapshot.catalogue;

import io.holdfast.archive.ArchiveOptions;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as the catalogue has it.
 *
 * @param error why it failed; empty otherwise
 * @param finishedAt when it was created, had failed or was uploaded; null while it is being created
 * @param executionId the create_snapshot execution; null for uploads
 * @param archive null while there is none
 */
public record Snapshot(
        String tenantName,
        String id,
        SnapshotStatus status,
        String error,
        String createdBy,
        Instant createdAt,
        @Nullable Instant finishedAt,
        ArchiveOptions options,
        @Nullable String executionId,
        @Nullable StoredArchive archive,
        Progress progress) {

    /**
     * How far a build is.
     *
     * @param phase lower case; null before the first
     * @param attempt 0: not begun; 2: begun again after its process died
     * @param estimatedBytes 0: not known
     */
    public record Progress(@Nullable String phase, int attempt, long rawBytes, long rows, long estimatedBytes) {
        public static final Progress NONE = new Progress(null, 0, 0, 0, 0);
    }

    public Snapshot {
        Objects.requireNonNull(tenantName);
        Objects.requireNonNull(id);
        Objects.requireNonNull(status);
        Objects.requireNonNull(error);
        Objects.requireNonNull(createdBy);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(options);
        Objects.requireNonNull(progress);
    }

    /** One that is to be built. */
    public static Snapshot requested(
            String tenantName,
            String id,
            String createdBy,
            Instant createdAt,
            ArchiveOptions options,
            String executionId) {
        return new Snapshot(
                tenantName,
                id,
                SnapshotStatus.CREATING,
                "",
                createdBy,
                createdAt,
                null,
                options,
                executionId,
                null,
                Progress.NONE);
    }

    /** One whose archive came from elsewhere. */
    public static Snapshot uploaded(String tenantName, String id, String createdBy, Instant at, StoredArchive archive) {
        return new Snapshot(
                tenantName,
                id,
                SnapshotStatus.UPLOADED,
                "",
                createdBy,
                at,
                at,
                ArchiveOptions.ALL,
                null,
                archive,
                Progress.NONE);
    }
}
