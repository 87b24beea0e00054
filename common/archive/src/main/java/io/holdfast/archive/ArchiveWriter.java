package io.holdfast.archive;

import io.holdfast.archive.ArchiveManifest.Entry;
import io.holdfast.archive.ArchiveManifest.Kind;
import io.holdfast.archive.ArchiveManifest.Table;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one archive. Several threads may write at once, each through its own {@link Worker}; memory is one worker's buffers each and
 * a small record an entry. The caller writes to a name aside, and renames after {@link #finish}.
 */
public final class ArchiveWriter implements Closeable {

    /** Uncompressed size at which a chunk of rows is cut: large enough to compress well, small enough for many in memory. */
    public static final int CHUNK_BYTES = 4 << 20;

    /** Below this, deflating saves less than it costs. */
    private static final int MIN_DEFLATE_BYTES = 128;

    private static final int COPY_BUFFER = 128 * 1024;

    private final Path file;
    private final ZipFileWriter zip;
    private final boolean pureJava;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private int spools;

    /** Fills an entry. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * A finished archive.
     *
     * @param archiveBytes size of the file
     * @param sha256 of the file, hex
     */
    public record Finished(long archiveBytes, String sha256, ArchiveManifest manifest) {}

    private ArchiveWriter(Path file, ZipFileWriter zip, boolean pureJava) {
        this.file = file;
        this.zip = zip;
        this.pureJava = pureJava;
    }

    /** Begins an archive with its metadata. @param file must not exist yet */
    public static ArchiveWriter create(Path file, ArchiveMetadata metadata) throws IOException {
        return create(file, metadata, !DeflateEngines.nativeLoads());
    }

    /** As {@link #create(Path, ArchiveMetadata)}. @param pureJava whether to compress without the native library */
    public static ArchiveWriter create(Path file, ArchiveMetadata metadata, boolean pureJava) throws IOException {
        ArchiveWriter writer = new ArchiveWriter(file, ZipFileWriter.create(file, metadata.createdAt()), pureJava);
        byte[] json = ArchiveJson.pretty(metadata);
        writer.put(
                ZipFileWriter.STORED,
                json,
                json.length,
                crc(json, json.length),
                new Entry(
                        ArchiveNames.METADATA,
                        Kind.DOCUMENT,
                        json.length,
                        Hashes.sha256Hex(json, 0, json.length),
                        null,
                        null));
        return writer;
    }

    /** Writers for one thread each. */
    public Worker worker() {
        return new Worker(pureJava ? DeflateEngines.jdk() : DeflateEngines.best());
    }

    /** Notes what a table holds in all; every table of the state once. Thread-safe. */
    public void table(Table table) {
        synchronized (tables) {
            tables.add(table);
        }
    }

    /** Bytes in the file up to now. */
    public long archiveBytes() {
        return zip.length();
    }

    /** Writes manifest and directory and forces them to the disk. All workers must be done. */
    public Finished finish() throws IOException {
        ArchiveManifest manifest;
        synchronized (entries) {
            synchronized (tables) {
                tables.sort(java.util.Comparator.comparing(Table::qualifiedName));
                manifest = ArchiveManifest.of(entries, tables);
            }
        }
        try (Worker last = worker()) {
            last.spooled(ArchiveNames.MANIFEST, null, out -> ArchiveJson.MAPPER.writeValue(out, manifest));
        }
        String sha256 = zip.finish();
        return new Finished(zip.length(), sha256, manifest);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private void put(int method, byte[] data, int length, long crc, Entry entry) throws IOException {
        zip.write(entry.name(), method, entry.bytes(), crc, data, length);
        note(entry);
    }

    private void note(Entry entry) {
        synchronized (entries) {
            entries.add(entry);
        }
    }

    private synchronized Path spoolFile() {
        return file.resolveSibling(file.getFileName() + ".spool" + (++spools));
    }

    private static long crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    /** One thread's way into the archive. Not thread-safe. */
    public final class Worker implements AutoCloseable {

        private final DeflateEngine engine;
        private byte[] out = new byte[DeflateEngines.bound(CHUNK_BYTES)];

        private Worker(DeflateEngine engine) {
            this.engine = engine;
        }

        /** {@code isa-l} or {@code zlib}. */
        public String engine() {
            return engine.name();
        }

        /** A JSON file of its own meaning that fits in memory; {@code value} is anything that Jackson writes. */
        public void document(String name, Object value) throws IOException {
            byte[] json = ArchiveJson.pretty(value);
            deflated(name, Kind.DOCUMENT, json, json.length, null, null);
        }

        /** A JSON file that may not fit in memory; {@code content} writes it. */
        public void document(String name, Content content) throws IOException {
            spooled(name, Kind.DOCUMENT, content);
        }

        public void columns(TableColumns columns) throws IOException {
            byte[] json = ArchiveJson.pretty(columns);
            deflated(
                    ArchiveNames.columns(columns.schema(), columns.table()),
                    Kind.COLUMNS,
                    json,
                    json.length,
                    null,
                    columns.schema() + "." + columns.table());
        }

        /**
         * Some rows of a table in COPY text, each ending in a line feed.
         *
         * @param from lowest order number in it, with {@code to} the highest; unique in its table
         */
        public void rows(String schema, String table, long from, long to, byte[] text, int length, long rows)
                throws IOException {
            deflated(ArchiveNames.rows(schema, table, from, to), Kind.ROWS, text, length, rows, schema + "." + table);
        }

        /**
         * Content that rows name by its hash; stored, as archives do not compress again.
         *
         * @param content must write exactly {@code bytes} bytes
         * @throws IOException if what it writes is of another size or hash
         */
        public void content(String name, String sha256, long bytes, Content content) throws IOException {
            stored(name, Kind.CONTENT, sha256, bytes, content);
        }

        /** A small file of its own meaning, for example a key. */
        public void file(String name, byte[] bytes) throws IOException {
            deflated(name, Kind.DOCUMENT, bytes, bytes.length, null, null);
        }

        /** A copy for people of something that is also elsewhere, in memory. */
        public void copy(String name, byte[] bytes, int length) throws IOException {
            deflated(name, Kind.COPY, bytes, length, null, null);
        }

        /** As {@link #copy(String, byte[], int)}, of a size that may not fit in memory. */
        public void copy(String name, long bytes, Content content) throws IOException {
            stored(name, Kind.COPY, null, bytes, content);
        }

        @Override
        public void close() {
            engine.close();
        }

        private void deflated(
                String name, Kind kind, byte[] bytes, int length, @Nullable Long rows, @Nullable String table)
                throws IOException {
            Entry entry = new Entry(name, kind, length, Hashes.sha256Hex(bytes, 0, length), rows, table);
            long crc = crc(bytes, length);
            int compressed = -1;
            if (length >= MIN_DEFLATE_BYTES) {
                int bound = DeflateEngines.bound(length);
                boolean huge = bound > out.length;
                byte[] target = huge ? new byte[bound] : out;
                compressed = engine.deflate(bytes, length, target);
                if (compressed >= 0 && compressed < length) {
                    put(ZipFileWriter.DEFLATED, target, compressed, crc, entry);
                    return;
                }
            }
            put(ZipFileWriter.STORED, bytes, length, crc, entry);
        }

        private void stored(String name, Kind kind, @Nullable String sha256, long bytes, Content content)
                throws IOException {
            ZipFileWriter.Placed placed = zip.reserve(name, ZipFileWriter.STORED, bytes, bytes);
            CRC32 crc = new CRC32();
            MessageDigest digest = Hashes.sha256();
            PlacedStream stream = new PlacedStream(name, placed, bytes, crc, digest);
            content.writeTo(stream);
            stream.flush();
            String found = Hashes.hex(digest.digest());
            if (stream.written != bytes) {
                throw new IOException(name + ": " + stream.written + " bytes, expected were " + bytes);
            }
            if (sha256 != null && !found.equals(sha256)) {
                throw new IOException(name + ": content has the SHA-256 " + found + ", expected was " + sha256);
            }
            zip.complete(placed, crc.getValue());
            note(new Entry(name, kind, bytes, found, null, null));
        }

        /** Of unknown size: deflated to a file beside the archive first. {@code kind} null: not to be in the manifest (it is the manifest). */
        private void spooled(String name, @Nullable Kind kind, Content content) throws IOException {
            Path spool = spoolFile();
            try {
                CRC32 crc = new CRC32();
                MessageDigest digest = Hashes.sha256();
                Deflater deflater = new Deflater(1, true);
                long[] size = {0};
                try (OutputStream packed = new DeflaterOutputStream(
                                new BufferedOutputStream(Files.newOutputStream(spool, StandardOpenOption.CREATE_NEW)),
                                deflater,
                                COPY_BUFFER);
                        OutputStream counted = new BufferedOutputStream(
                                new OutputStream() {
                                    @Override
                                    public void write(int b) throws IOException {
                                        write(new byte[] {(byte) b}, 0, 1);
                                    }

                                    @Override
                                    public void write(byte[] bytes, int offset, int length) throws IOException {
                                        crc.update(bytes, offset, length);
                                        digest.update(bytes, offset, length);
                                        size[0] += length;
                                        packed.write(bytes, offset, length);
                                    }
                                },
                                COPY_BUFFER)) {
                    content.writeTo(counted);
                } finally {
                    deflater.end();
                }
                copyIn(spool, zip.reserve(name, ZipFileWriter.DEFLATED, size[0], Files.size(spool)), crc.getValue());
                if (kind != null) {
                    note(new Entry(name, kind, size[0], Hashes.hex(digest.digest()), null, null));
                }
            } finally {
                Files.deleteIfExists(spool);
            }
        }

        private void copyIn(Path spool, ZipFileWriter.Placed placed, long crc) throws IOException {
            try (FileChannel in = FileChannel.open(spool)) {
                ByteBuffer buffer = ByteBuffer.allocate(COPY_BUFFER);
                long position = placed.dataOffset();
                while (in.read(buffer) >= 0) {
                    buffer.flip();
                    int length = buffer.remaining();
                    zip.writeAt(buffer, position);
                    position += length;
                    buffer.clear();
                }
            }
            zip.complete(placed, crc);
        }
    }

    /** Writes into a reserved place, in order. */
    private final class PlacedStream extends OutputStream {
        private final String name;
        private final ZipFileWriter.Placed placed;
        private final long limit;
        private final CRC32 crc;
        private final MessageDigest digest;
        private long written;

        PlacedStream(String name, ZipFileWriter.Placed placed, long limit, CRC32 crc, MessageDigest digest) {
            this.name = name;
            this.placed = placed;
            this.limit = limit;
            this.crc = crc;
            this.digest = digest;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (written + length > limit) {
                throw new IOException(
                        String.format(Locale.ROOT, "%s: more than the %d bytes that were expected", name, limit));
            }
            crc.update(bytes, offset, length);
            digest.update(bytes, offset, length);
            zip.writeAt(ByteBuffer.wrap(bytes, offset, length), placed.dataOffset() + written);
            written += length;
        }
    }
}
