package io.holdfast.restore.loading;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a loader has loaded. The counts are checked against the tables afterwards.
 *
 * @param rows rows written, by {@code schema.table} under the live names; tables without rows may be missing
 * @param warnings what could not come back as it was, for people; usually {@code target.warnings().list()}
 * @param sourceProduct as in {@link ArchiveSummary}
 * @param sourceVersion as in {@link ArchiveSummary}
 * @param snapshotCreatedAt the instant that the archive shows, null if it does not say
 * @param createExecutionId the {@code create_snapshot} execution that made the archive, null if it does not say; the restore marks it
 *     {@code terminated}
 */
public record LoadReport(
        Map<String, Long> rows,
        List<String> warnings,
        String sourceProduct,
        String sourceVersion,
        @Nullable Instant snapshotCreatedAt,
        @Nullable String createExecutionId) {

    public LoadReport {
        rows = Map.copyOf(rows);
        warnings = List.copyOf(warnings);
        Objects.requireNonNull(sourceProduct);
        Objects.requireNonNull(sourceVersion);
    }
}
