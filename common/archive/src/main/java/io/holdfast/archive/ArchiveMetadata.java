package io.holdfast.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code metadata.json} says: the first entry of an archive.
 *
 * @param formatVersion {@link ArchiveNames#FORMAT_VERSION} of the writer; a reader refuses newer ones
 * @param product {@link ArchiveNames#PRODUCT}
 * @param productVersion version of the software that wrote it; for people
 * @param stateRevision revision of the state schemas (their migrations) that the rows fit
 * @param createdAt when the consistent cut was made
 * @param executionId the create_snapshot execution, or null if there was none
 * @param installationId the installation that it comes from; for people and logs
 * @param lsn PostgreSQL's WAL position at the cut, or null if not known
 * @param xidSnapshot {@code pg_current_snapshot()} of the cut, or null if not known
 * @param tenants names of the tenants in it
 * @param options what was left out
 * @param codec {@code deflate}: how entries are compressed
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ArchiveMetadata(
        int formatVersion,
        String product,
        String productVersion,
        String stateRevision,
        Instant createdAt,
        String snapshotId,
        @Nullable String executionId,
        @Nullable String installationId,
        @Nullable String lsn,
        @Nullable String xidSnapshot,
        List<String> tenants,
        ArchiveOptions options,
        String codec) {

    public ArchiveMetadata {
        Objects.requireNonNull(product);
        productVersion = productVersion == null ? "" : productVersion;
        if (!stateRevision.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("stateRevision is no number of a revision: " + stateRevision);
        }
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(snapshotId);
        tenants = tenants == null ? List.of() : List.copyOf(tenants);
        options = options == null ? ArchiveOptions.ALL : options;
        codec = codec == null ? "deflate" : codec;
    }
}
