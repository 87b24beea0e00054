package io.holdfast.restore.loading;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/** For archives that already speak the database's own language: rows as COPY text, content under its hash, our data keys. */
public interface RawStagingTarget extends StagingTarget {

    /**
     * Loads rows that are COPY text already.
     *
     * @param schema the live name
     * @return how many rows there were
     */
    long copy(String schema, String table, List<String> columns, byte[] copyText, int length);

    /**
     * Stores content whose hash the caller vouches for (by failing while it is read to its end).
     *
     * @return whether it was new
     */
    boolean putContent(String sha256, long bytes, InputStream content) throws IOException;

    /** Takes over a data key of the archive, wrapped anew with this manager's master key: sealed values stay as they are. */
    void adoptDataKey(String keyId, byte[] key, Instant createdAt);

    /** Lets the {@code storage_id} numbers of a table go on after {@code last}. */
    void continueAfter(String schema, String table, long last);
}
