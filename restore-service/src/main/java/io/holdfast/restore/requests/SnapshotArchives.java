package io.holdfast.restore.requests;

import java.nio.file.Path;

/** The snapshots and their archives, which belong to another service. */
public interface SnapshotArchives {

    /**
     * @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND; SNAPSHOT_ACTION if it has no archive that could be restored (it is
     *     being made, or it failed)
     */
    SnapshotFacts requireRestorable(String snapshotId, String tenantName);

    /**
     * Copies the archive to a file, checking size and hash as far as they are known.
     *
     * @throws io.holdfast.contracts.errors.ManagerException INVALID_ARCHIVE if it is not what the catalogue says; INSUFFICIENT_STORAGE
     */
    void fetch(SnapshotFacts snapshot, Path file);
}
