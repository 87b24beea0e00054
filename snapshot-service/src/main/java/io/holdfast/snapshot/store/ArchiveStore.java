package io.holdfast.snapshot.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where archives lie, by tenant and snapshot id. An archive is written aside and appears under its name whole or not at all.
 * Thread-safe.
 */
public interface ArchiveStore {

    /**
     * A path to write to, which does not exist yet. Whoever asked either publishes or discards it; those of a dead process are swept at
     * the next start.
     */
    Path aside(String tenantName, String snapshotId) throws IOException;

    /**
     * A path for the copy of an archive of this content: the same for every try, so that one that broke off can go on. Swept as those of
     * {@link #aside}, and published in the same way.
     */
    Path partOf(String sha256);

    /** Forces {@code written} to the disk and makes it the snapshot's archive, in place of a former one. */
    void publish(Path written, String tenantName, String snapshotId) throws IOException;

    /** Removes what was written aside, if it is there. */
    void discard(Path written);

    /** The archive of a snapshot, if there is one. */
    Optional<Path> find(String tenantName, String snapshotId);

    /** Removes the archive, if there is one. */
    void delete(String tenantName, String snapshotId) throws IOException;

    /** Bytes that can still be written. */
    long usableBytes() throws IOException;

    /**
     * Tells this process from others that use the store, and is the same at its next start. Two processes that live at the same time never
     * have the same one.
     */
    String instanceId();
}
