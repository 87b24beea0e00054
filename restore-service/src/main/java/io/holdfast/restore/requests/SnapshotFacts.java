package io.holdfast.restore.requests;

import org.jspecify.annotations.Nullable;

/**
 * What the catalogue says of a snapshot.
 *
 * @param archiveBytes size of the archive, negative if not told
 * @param sha256 of the whole archive, hex, null if not told
 */
public record SnapshotFacts(
        String id,
        String tenantName,
        String status,
        long archiveBytes,
        @Nullable String sha256) {}
