package io.holdfast.archive;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.archive.ArchiveManifest.Entry;
import io.holdfast.archive.ArchiveManifest.Kind;
import io.holdfast.archive.ArchiveManifest.Table;
import io.holdfast.contracts.errors.ManagerException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Reads an archive of ours. Opening checks its structure: metadata, format version, manifest, root hash, and that manifest and Zip
 * directory name the same entries with the same sizes. The bytes of an entry are checked as they are read: size and SHA-256, so that
 * nothing from an altered archive is used. All refusals are {@link ManagerException} INVALID_ARCHIVE. Thread-safe.
 */
public final class ArchiveReader implements Closeable {

    private static final int VERIFY_BUFFER = 128 * 1024;

    private final SafeZip zip;
    private final ArchiveMetadata metadata;
    private final ArchiveManifest manifest;
    private final Map<String, Entry> byName;

    private ArchiveReader(SafeZip zip, ArchiveMetadata metadata, ArchiveManifest manifest) {
        this.zip = zip;
        this.metadata = metadata;
        this.manifest = manifest;
        this.byName = new HashMap<>();
        manifest.entries().forEach(entry -> byName.put(entry.name(), entry));
    }

    public static ArchiveReader open(Path file) {
        return open(file, ArchiveLimits.DEFAULT);
    }

    public static ArchiveReader open(Path file, ArchiveLimits limits) {
        SafeZip zip = SafeZip.open(file, limits);
        boolean opened = false;
        try {
            ArchiveReader reader = open(zip);
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                zip.close();
            }
        }
    }

    private static ArchiveReader open(SafeZip zip) {
        ArchiveMetadata metadata = readMetadata(zip);
        if (!zip.contains(ArchiveNames.MANIFEST)) {
            throw Refusals.damaged("the archive has no " + ArchiveNames.MANIFEST + ", which is written last");
        }
        ArchiveManifest manifest = parse(zip.read(ArchiveNames.MANIFEST), ArchiveNames.MANIFEST, ArchiveManifest.class);
        check(zip, manifest);
        return new ArchiveReader(zip, metadata, manifest);
    }

    public ArchiveMetadata metadata() {
        return metadata;
    }

    public ArchiveManifest manifest() {
        return manifest;
    }

    /** Size of the archive file. */
    public long archiveBytes() {
        return zip.fileBytes();
    }

    /** Columns of a table's rows; empty if the archive does not have the table (an older revision). */
    public Optional<TableColumns> columns(String schema, String table) {
        String name = ArchiveNames.columns(schema, table);
        return byName.containsKey(name) ? Optional.of(json(name, TableColumns.class)) : Optional.empty();
    }

    /** The entries with the rows of a table, in the order of their names. */
    public List<Entry> rows(Table table) {
        return manifest.entries().stream()
                .filter(entry ->
                        entry.kind() == Kind.ROWS && table.qualifiedName().equals(entry.table()))
                .toList();
    }

    /** One entry for each different content, by its hash. */
    public Collection<Entry> contents() {
        Map<String, Entry> bySha = new LinkedHashMap<>();
        for (Entry entry : manifest.entries()) {
            if (entry.kind() == Kind.CONTENT) {
                bySha.putIfAbsent(entry.sha256(), entry);
            }
        }
        return bySha.values();
    }

    /** The keys that open the sealed columns; empty if the archive has none. */
    public Optional<SecurityDocument> security() {
        return byName.containsKey(ArchiveNames.SECURITY)
                ? Optional.of(json(ArchiveNames.SECURITY, SecurityDocument.class))
                : Optional.empty();
    }

    /** An entry of the manifest by its name. */
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Opens an entry; reading to its end fails unless size and SHA-256 are those of the manifest. */
    public InputStream open(Entry entry) {
        return new Hashed(zip.open(entry.name()), entry);
    }

    /** Reads an entry whole and checked, before any byte of it is used: for chunks of rows and documents. */
    public byte[] read(Entry entry) {
        byte[] bytes = zip.read(entry.name());
        if (bytes.length != entry.bytes()
                || !Hashes.sha256Hex(bytes, 0, bytes.length).equals(entry.sha256())) {
            throw wrongHash(entry, bytes.length, Hashes.sha256Hex(bytes, 0, bytes.length));
        }
        return bytes;
    }

    /** Reads a JSON entry whole and checked. */
    public <T> T json(String name, Class<T> type) {
        Entry entry = find(name).orElseThrow(() -> Refusals.damaged("the archive has no entry " + name));
        return parse(read(entry), name, type);
    }

    /**
     * Reads every entry and checks its hash.
     *
     * @param workers threads
     * @param progress told the uncompressed bytes of each entry that is checked, from any thread
     * @throws ManagerException INVALID_ARCHIVE at the first entry that is wrong
     */
    public void verify(int workers, LongConsumer progress) {
        List<Entry> entries = manifest.entries();
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, workers));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < Math.max(1, workers); i++) {
                running.add(threads.submit(() -> verifyFrom(entries, next, progress)));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ManagerException refused) {
                throw refused;
            }
            throw Refusals.damaged("the archive cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while verifying an archive", e);
        } finally {
            threads.shutdownNow();
        }
    }

    @Override
    public void close() {
        zip.close();
    }

    private void verifyFrom(List<Entry> entries, AtomicInteger next, LongConsumer progress) {
        byte[] buffer = new byte[VERIFY_BUFFER];
        int index;
        while ((index = next.getAndIncrement()) < entries.size()) {
            Entry entry = entries.get(index);
            try (InputStream in = open(entry)) {
                while (in.read(buffer) >= 0) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                }
            } catch (IOException e) {
                next.set(entries.size());
                throw Refusals.damaged(entry.name() + " cannot be read: " + e.getMessage(), e);
            } catch (ManagerException e) {
                next.set(entries.size());
                throw e;
            }
            progress.accept(entry.bytes());
        }
    }

    /** {@code metadata.json} of an archive of ours. */
    static ArchiveMetadata readMetadata(SafeZip zip) {
        if (!zip.contains(ArchiveNames.METADATA)) {
            throw Refusals.invalid(
                    "the Zip file has no " + ArchiveNames.METADATA + "; it is not a snapshot archive",
                    "upload the .zip file that `snapshots download` made");
        }
        JsonNode json = parse(zip.read(ArchiveNames.METADATA), ArchiveNames.METADATA, JsonNode.class);
        String product = json.path("product").asText("");
        if (!product.equals(ArchiveNames.PRODUCT)) {
            throw Refusals.invalid(
                    "metadata.json names the product `" + product + "`; expected was `" + ArchiveNames.PRODUCT + "`",
                    null);
        }
        int version = json.path("formatVersion").asInt(-1);
        if (version < 1 || version > ArchiveNames.FORMAT_VERSION) {
            throw Refusals.invalid(
                    "the archive has the format version "
                            + json.path("formatVersion").asText("(none)") + "; this software reads versions up to "
                            + ArchiveNames.FORMAT_VERSION,
                    "restore it with the version that made it, or a newer one");
        }
        return parse(
                json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                ArchiveNames.METADATA,
                ArchiveMetadata.class);
    }

    private static void check(SafeZip zip, ArchiveManifest manifest) {
        Set<String> listed = new HashSet<>();
        for (Entry entry : manifest.entries()) {
            if (!listed.add(entry.name())) {
                throw Refusals.hostile("the manifest lists " + entry.name() + " twice");
            }
            if (!zip.contains(entry.name())) {
                throw Refusals.damaged("the archive lacks the entry " + entry.name() + ", which its manifest lists");
            }
            if (zip.bytes(entry.name()) != entry.bytes()) {
                throw Refusals.damaged("the entry " + entry.name() + " has " + zip.bytes(entry.name())
                        + " bytes; its manifest says " + entry.bytes());
            }
        }
        for (String name : zip.names()) {
            if (!name.equals(ArchiveNames.MANIFEST) && !listed.contains(name)) {
                throw Refusals.hostile("the archive holds the entry " + name + ", which its manifest does not list");
            }
        }
        Set<String> tables = new HashSet<>();
        for (Table table : manifest.tables()) {
            if (!tables.add(table.qualifiedName())) {
                throw Refusals.hostile("the manifest lists the table " + table.qualifiedName() + " twice");
            }
        }
        String root = ArchiveManifest.root(manifest.entries(), manifest.tables());
        if (!root.equals(manifest.rootSha256())) {
            throw Refusals.damaged(
                    "the manifest's root hash is " + manifest.rootSha256() + "; its entries give " + root);
        }
    }

    private static <T> T parse(byte[] json, String name, Class<T> type) {
        try {
            T value = ArchiveJson.MAPPER.readValue(json, type);
            if (value == null) {
                throw Refusals.damaged(name + " is empty");
            }
            return value;
        } catch (JacksonException e) {
            throw Refusals.damaged(name + " is not what it should be: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw Refusals.damaged(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static ManagerException wrongHash(Entry entry, long bytes, String found) {
        return Refusals.damaged("the entry " + entry.name() + " has " + bytes + " bytes with the SHA-256 " + found
                + "; its manifest says " + entry.bytes() + " with " + entry.sha256());
    }

    private static final class Hashed extends CheckedStream {
        private final Entry entry;
        private final MessageDigest digest = Hashes.sha256();
        private long given;
        private boolean ended;

        Hashed(InputStream in, Entry entry) {
            super(in);
            this.entry = entry;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            if (read > 0) {
                digest.update(bytes, offset, read);
                given += read;
            } else if (read < 0 && !ended) {
                ended = true;
                String found = Hashes.hex(digest.digest());
                if (given != entry.bytes() || !found.equals(entry.sha256())) {
                    throw wrongHash(entry, given, found);
                }
            }
            return read;
        }
    }
}
