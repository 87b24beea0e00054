package io.holdfast.restore.requests;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A restore and how far it is.
 *
 * @param id also the id of its {@code restore_snapshot} execution
 * @param options never with the hash salt
 * @param phase null before the first
 * @param bytesExpected uncompressed bytes that will be read; 0 while not known
 * @param counts rows by table, executions by fate
 * @param source what the archive says of itself
 * @param t0 the instant that the restore rule compared with, null before
 * @param overdueGrace by how much what was overdue had to be so, null before
 * @param undoState {@code none}, {@code available}, {@code undone}, {@code discarded}
 * @param gateHeld whether the maintenance gate may still be held for it
 */
public record Restore(
        String id,
        String snapshotId,
        String tenantName,
        String requestedBy,
        Instant requestedAt,
        RestoreOptions options,
        RestoreStatus status,
        @Nullable String phase,
        long bytesExpected,
        long bytesDone,
        long rowsDone,
        Map<String, Object> counts,
        List<String> warnings,
        Map<String, Object> source,
        @Nullable String error,
        @Nullable String errorCode,
        @Nullable String hint,
        @Nullable Instant t0,
        @Nullable Duration overdueGrace,
        @Nullable Long epoch,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String claimToken,
        boolean gateHeld,
        boolean linesLogged,
        String undoState) {

    /** What its execution shows as its parameters. */
    public Map<String, Object> executionParameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("snapshot_id", snapshotId);
        parameters.putAll(options.parameters());
        return parameters;
    }

    /** 0 to 1, by the bytes read; 1 for one that is completed. */
    public double progress() {
        if (status == RestoreStatus.COMPLETED) {
            return 1;
        }
        return bytesExpected == 0 ? 0 : Math.min(0.99, bytesDone / (double) bytesExpected);
    }
}
