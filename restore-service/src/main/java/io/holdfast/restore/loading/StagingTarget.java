package io.holdfast.restore.loading;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The staged schemas that a loader fills. Thread-safe; writers and connections are not. */
public interface StagingTarget {

    /** A connection as the owner of the staged schemas, in autocommit, for the caller to close. Its search path holds no state schema. */
    Connection connection() throws SQLException;

    /** Name of the staged schema that will be {@code liveName} (one of {@code access}, {@code inventory}, {@code scheduler}). */
    String schema(String liveName);

    /**
     * A writer of rows. Any number may be open at once: they share connections. Rows come into the table in the order of writing per
     * writer; columns that are not named take their defaults ({@code storage_id}: the next number at the time that the row reaches the
     * database).
     *
     * @param schema the live name
     * @param columns names of the columns that {@link TableWriter#row} gives, in its order
     */
    TableWriter writer(String schema, String table, List<String> columns);

    /**
     * Stores content in pieces of 1 MiB, once per hash.
     *
     * @return its SHA-256, lower-case hex: what the {@code *_sha256} columns name
     */
    String putContent(InputStream content) throws IOException;

    /**
     * Seals a value for a {@code *_enc} column, bound to its row.
     *
     * @param table without schema, for example {@code secrets}
     * @param key what the readers of that table bind it to, for example tenant name and key
     */
    String seal(String plain, String table, String... key);

    Warnings warnings();
}
