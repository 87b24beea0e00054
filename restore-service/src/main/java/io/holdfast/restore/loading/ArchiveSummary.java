package io.holdfast.restore.loading;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an archive says of itself.
 *
 * @param format name of the layout, for people: {@code holdfast-1}, {@code cloudify-n1}, …
 * @param product who wrote it: {@code holdfast}, {@code cloudify}
 * @param productVersion its version, as it calls itself
 * @param stateRevision revision of the state schemas that its rows fit; null: today's
 * @param createdAt the instant that it shows, null if it does not say
 * @param installation the installation that it is of, null if it does not say
 * @param tenants names of the tenants in it
 * @param uncompressedBytes of everything in it; what staging needs in the database is estimated from this
 */
public record ArchiveSummary(
        String format,
        String product,
        String productVersion,
        @Nullable String stateRevision,
        @Nullable Instant createdAt,
        @Nullable String installation,
        List<String> tenants,
        long uncompressedBytes) {

    public ArchiveSummary {
        Objects.requireNonNull(format);
        Objects.requireNonNull(product);
        Objects.requireNonNull(productVersion);
        tenants = List.copyOf(tenants);
        if (uncompressedBytes < 0) {
            throw new IllegalArgumentException("uncompressedBytes must not be negative: " + uncompressedBytes);
        }
    }
}
