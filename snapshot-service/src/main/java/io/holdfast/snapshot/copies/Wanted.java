package io.holdfast.snapshot.copies;

import java.util.Objects;

/**
 * An archive that every node is to have.
 *
 * @param bytes size of the file
 * @param sha256 of the file, hex
 */
public record Wanted(String tenantName, String snapshotId, long bytes, String sha256) {
    public Wanted {
        Objects.requireNonNull(tenantName);
        Objects.requireNonNull(snapshotId);
        Objects.requireNonNull(sha256);
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative: " + bytes);
        }
    }

    public ArchiveName name() {
        return new ArchiveName(tenantName, snapshotId);
    }
}
