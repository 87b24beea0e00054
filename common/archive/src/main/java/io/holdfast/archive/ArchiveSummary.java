package io.holdfast.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a look at an archive tells, without reading its data.
 *
 * @param version format version of ours, or Cloudify's {@code snapshot_version}; null if not told
 * @param createdAt null if not told
 * @param executionId the create_snapshot execution, or null if not told
 * @param tenants names; empty if not told
 * @param archiveBytes size of the file
 * @param rawBytes uncompressed
 * @param entries files in it
 * @param contents counts for people, by what is counted: rows by table, or files by kind
 * @param metadata ours, else null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ArchiveSummary(
        ArchiveLayout layout,
        @Nullable String version,
        @Nullable Instant createdAt,
        @Nullable String executionId,
        List<String> tenants,
        long archiveBytes,
        long rawBytes,
        int entries,
        Map<String, Long> contents,
        @Nullable ArchiveMetadata metadata) {
    public ArchiveSummary {
        tenants = List.copyOf(tenants);
        contents = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(contents));
    }
}
