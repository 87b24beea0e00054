package io.holdfast.contracts.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Facts of the snapshot-service. Source: snapshot-service, by its outbox. */
public sealed interface SnapshotEvent extends Event {

    /** A snapshot was asked for. The scheduler shows it as a system execution; the snapshot-service itself builds it. {@code executionId} names that execution. */
    record Requested(
            String snapshotId,
            String executionId,
            String tenantName,
            String requestedBy,
            boolean includeCredentials,
            boolean includeLogs,
            boolean includeEvents,
            Instant requestedAt)
            implements SnapshotEvent {
        public static final String TYPE = "snapshot.requested.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return snapshotId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** An archive is complete, fsynced and readable. {@code archiveBytes} is its size on disk, {@code sha256} is of the whole file, hex. */
    record Created(
            String snapshotId,
            @Nullable String executionId,
            String tenantName,
            long archiveBytes,
            String sha256,
            Instant createdAt)
            implements SnapshotEvent {
        public static final String TYPE = "snapshot.created.v1";

        public Created {
            if (archiveBytes < 0) {
                throw new IllegalArgumentException("archiveBytes must not be negative: " + archiveBytes);
            }
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return snapshotId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** A snapshot could not be built; nothing is left of it on disk. {@code reason} is for people. */
    record Failed(String snapshotId, @Nullable String executionId, String tenantName, String reason, Instant failedAt)
            implements SnapshotEvent {
        public static final String TYPE = "snapshot.failed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return snapshotId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** A snapshot and its archive were deleted. */
    record Deleted(String snapshotId, String tenantName, String deletedBy, Instant deletedAt) implements SnapshotEvent {
        public static final String TYPE = "snapshot.deleted.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return snapshotId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }
}
