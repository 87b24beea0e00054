package io.holdfast.snapshot.copies;

import java.util.Objects;

/** Whose archive. */
public record ArchiveName(String tenantName, String snapshotId) {
    public ArchiveName {
        Objects.requireNonNull(tenantName);
        Objects.requireNonNull(snapshotId);
    }
}
