package io.holdfast.contracts.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Facts of the restore-service. Source: restore-service, by its outbox. */
public sealed interface RestoreEvent extends Event {

    /** A restore was accepted. {@code restoreId} is also the id of its {@code restore_snapshot} execution. */
    record Requested(
            String restoreId,
            String snapshotId,
            String tenantName,
            String requestedBy,
            boolean force,
            Instant requestedAt)
            implements RestoreEvent {
        public static final String TYPE = "restore.requested.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return restoreId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** The staged state is live: committed together with the swap. {@code epoch} grows with every restore; messages of lower epochs are stale. */
    record Completed(
            String restoreId,
            String snapshotId,
            String tenantName,
            long epoch,
            Instant t0,
            long rescheduledExecutions,
            long overdueExecutions,
            long cancelledExecutions)
            implements RestoreEvent {
        public static final String TYPE = "restore.completed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return restoreId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** A restore was given up before the swap; the live state is untouched. */
    record Failed(String restoreId, String snapshotId, String tenantName, String reason, Instant failedAt)
            implements RestoreEvent {
        public static final String TYPE = "restore.failed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return restoreId;
        }

        @Override
        public @Nullable String tenant() {
            return tenantName;
        }
    }

    /** The state from before a restore is live again. */
    record Undone(String restoreId, String undoneBy, long epoch, Instant undoneAt) implements RestoreEvent {
        public static final String TYPE = "restore.undone.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return restoreId;
        }
    }
}
