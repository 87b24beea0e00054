package io.holdfast.snapshot.building;

import io.holdfast.archive.ArchiveOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an archive is built for.
 *
 * @param executionId the create_snapshot execution, or null if there is none
 * @param productVersion of this software; for people
 * @param installationId of this installation; for people
 * @param workers connections and threads that export at once, besides the one that holds the cut; at least one
 * @param extractedBlueprints whether {@code blueprints/} gets extracted copies for people
 */
public record BuildRequest(
        String snapshotId,
        @Nullable String executionId,
        String productVersion,
        String installationId,
        ArchiveOptions options,
        int workers,
        boolean extractedBlueprints) {

    public BuildRequest {
        Objects.requireNonNull(snapshotId);
        Objects.requireNonNull(options);
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
    }
}
