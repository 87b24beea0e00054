package io.holdfast.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manifest.json} says: the last entry of an archive, about every other one.
 *
 * @param entries sorted by name; without the manifest itself
 * @param tables every table of the state, also empty ones
 * @param rootSha256 see {@link #root}
 */
public record ArchiveManifest(int formatVersion, List<Entry> entries, List<Table> tables, String rootSha256) {

    /** More than any installation will ever give out; beyond it a restored sequence would run dry. */
    private static final long MAX_STORAGE_ID = 1L << 60;

    /** What an entry is to a reader. The wire names are the lower-case names. */
    public enum Kind {
        /** A JSON file of its own meaning. */
        DOCUMENT,
        /** The columns of a table. */
        COLUMNS,
        /** Rows of a table as PostgreSQL's COPY text. */
        ROWS,
        /** Content that rows name by its hash. */
        CONTENT,
        /** A copy for people of something that is also elsewhere; a reader ignores it. */
        COPY;

        @com.fasterxml.jackson.annotation.JsonValue
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param bytes uncompressed size
     * @param sha256 of the uncompressed bytes, hex
     * @param rows for {@link Kind#ROWS}, else null
     * @param table {@code schema.table} for {@link Kind#ROWS} and {@link Kind#COLUMNS}, else null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entry(
            String name,
            Kind kind,
            long bytes,
            String sha256,
            @Nullable Long rows,
            @Nullable String table) {
        public Entry {
            Objects.requireNonNull(name);
            Objects.requireNonNull(kind);
            Objects.requireNonNull(sha256);
        }
    }

    /**
     * @param rows in all its entries together
     * @param lastStorageId last value that its {@code storage_id} sequence gave out, or null if it has none or gave none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Table(
            String schema,
            String table,
            long rows,
            @Nullable Long lastStorageId) {
        public Table {
            Objects.requireNonNull(schema);
            Objects.requireNonNull(table);
            if (rows < 0 || lastStorageId != null && (lastStorageId < 0 || lastStorageId > MAX_STORAGE_ID)) {
                throw new IllegalArgumentException(
                        schema + "." + table + " has " + rows + " rows numbered up to " + lastStorageId);
            }
        }

        /** {@code schema.table}. */
        public String qualifiedName() {
            return schema + "." + table;
        }
    }

    public ArchiveManifest {
        entries = List.copyOf(entries);
        tables = List.copyOf(tables);
        Objects.requireNonNull(rootSha256);
    }

    static ArchiveManifest of(List<Entry> entries, List<Table> tables) {
        List<Entry> sorted =
                entries.stream().sorted(Comparator.comparing(Entry::name)).toList();
        return new ArchiveManifest(ArchiveNames.FORMAT_VERSION, sorted, tables, root(sorted, tables));
    }

    /** Sum of the uncompressed sizes. */
    public long rawBytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** Sum of the rows of all tables. */
    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    /**
     * One hash for the whole: SHA-256 of the text {@code <sha256>  <name>\n} of every entry, sorted by name (what {@code sha256sum}
     * prints), then {@code <rows> <lastStorageId or ->  <schema.table>\n} of every table, sorted.
     */
    static String root(List<Entry> entries, List<Table> tables) {
        MessageDigest digest = Hashes.sha256();
        entries.stream()
                .sorted(Comparator.comparing(Entry::name))
                .forEach(entry -> update(digest, entry.sha256() + "  " + entry.name() + "\n"));
        tables.stream()
                .sorted(Comparator.comparing(Table::qualifiedName))
                .forEach(table -> update(
                        digest,
                        table.rows() + " " + (table.lastStorageId() == null ? "-" : table.lastStorageId()) + "  "
                                + table.qualifiedName() + "\n"));
        return Hashes.hex(digest.digest());
    }

    private static void update(MessageDigest digest, String line) {
        digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
}
