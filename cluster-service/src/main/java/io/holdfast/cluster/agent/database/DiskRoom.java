package io.holdfast.cluster.agent.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether PostgreSQL has room to write, for data and for its log, which may be on a disk of its own. It counts what is left for programs
 * without privileges: PostgreSQL never runs as root. Not for several threads.
 */
final class DiskRoom {

    private final Path data;
    private final long reserveBytes;
    private boolean full;

    /**
     * @param data PostgreSQL's data directory; it may not be there yet
     * @param reserveBytes with less it is full, and stays so until there is twice as much; 0: it never is
     */
    DiskRoom(Path data, long reserveBytes) {
        this.data = data;
        this.reserveBytes = reserveBytes;
    }

    /** @throws UncheckedIOException if the file system does not tell */
    boolean isFull() {
        long least = full ? 2 * reserveBytes : reserveBytes;
        full = reserveBytes > 0 && (usableBytes(data) < least || usableBytes(data.resolve("pg_wal")) < least);
        return full;
    }

    /** {@link Long#MAX_VALUE} where there is nothing to write to. */
    private static long usableBytes(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Long.MAX_VALUE;
        }
        try {
            FileStore store = Files.getFileStore(directory);
            // some file systems of networks know no sizes
            return store.getTotalSpace() == 0 ? Long.MAX_VALUE : store.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("how much room is left in " + directory + " is not known", e);
        }
    }
}
