package io.holdfast.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A Zip file that several threads write at once (APPNOTE 6.3: methods 0 and 8, no data descriptors, Zip64 only where a number does
 * not fit). As the compressed size of an entry is known before its first byte, its place in the file is reserved and then filled by
 * position, without a lock and without waiting for the entries before it. That is what the usual Zip writers, which stream one entry
 * after the other, cannot do.
 *
 * <p>The hash of the whole file grows along with the part of the file that is complete from its beginning.
 */
final class ZipFileWriter implements Closeable {

    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final long MAX_32 = 0xFFFF_FFFFL;
    private static final int MAX_16 = 0xFFFF;
    private static final int LOCAL_HEADER = 30;
    private static final int ZIP64_LOCAL_EXTRA = 20;
    private static final int VERSION_DEFLATE = 20;
    private static final int VERSION_ZIP64 = 45;
    private static final int MADE_BY_UNIX = 3 << 8;
    /** Regular file, readable by its owner alone: archives hold secrets. */
    private static final long FILE_MODE = 0100600L << 16;

    private static final int HASH_BUFFER = 256 * 1024;

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final FileChannel channel;
    private final int dosTime;
    private final int dosDate;
    private final List<Placed> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long end;

    private final Object hashLock = new Object();
    private final MessageDigest fileDigest = Hashes.sha256();
    private final TreeMap<Long, Long> completed = new TreeMap<>();
    private final ByteBuffer hashBuffer = ByteBuffer.allocate(HASH_BUFFER);
    private long hashed;
    private boolean hashing;

    /** A reserved place. Filled by one thread, then handed to {@link #complete}. */
    static final class Placed {
        private final byte[] name;
        private final int method;
        private final long size;
        private final long compressedSize;
        private final long headerOffset;
        private final long dataOffset;
        private long crc;

        private Placed(byte[] name, int method, long size, long compressedSize, long headerOffset) {
            this.name = name;
            this.method = method;
            this.size = size;
            this.compressedSize = compressedSize;
            this.headerOffset = headerOffset;
            this.dataOffset = headerOffset + LOCAL_HEADER + name.length + (zip64Sizes() ? ZIP64_LOCAL_EXTRA : 0);
        }

        private boolean zip64Sizes() {
            return size >= MAX_32 || compressedSize >= MAX_32;
        }

        long dataOffset() {
            return dataOffset;
        }
    }

    private ZipFileWriter(FileChannel channel, Instant time) {
        this.channel = channel;
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        int year = Math.max(1980, Math.min(2107, utc.getYear()));
        this.dosDate = (year - 1980) << 9 | utc.getMonthValue() << 5 | utc.getDayOfMonth();
        this.dosTime = utc.getHour() << 11 | utc.getMinute() << 5 | utc.getSecond() / 2;
    }

    /** @param file must not exist; made readable by its owner alone */
    static ZipFileWriter create(Path file, Instant time) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileChannel channel = posix
                ? FileChannel.open(file, options, OWNER_ONLY)
                : FileChannel.open(file, options, new FileAttribute<?>[0]);
        return new ZipFileWriter(channel, time);
    }

    /** Writes an entry that is in memory. Thread-safe. */
    void write(String name, int method, long size, long crc, byte[] data, int length) throws IOException {
        Placed placed = reserve(name, method, size, length);
        writeAt(ByteBuffer.wrap(data, 0, length), placed.dataOffset());
        complete(placed, crc);
    }

    /** Reserves the place of an entry whose compressed size is known. Thread-safe. */
    synchronized Placed reserve(String name, int method, long size, long compressedSize) {
        if (!names.add(name)) {
            throw new IllegalStateException("two entries of the name " + name);
        }
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > MAX_16 || !name.equals(new String(bytes, StandardCharsets.US_ASCII))) {
            throw new IllegalArgumentException("not a name for an entry: " + name);
        }
        Placed placed = new Placed(bytes, method, size, compressedSize, end);
        end = placed.dataOffset + compressedSize;
        entries.add(placed);
        return placed;
    }

    /** Writes all of {@code data} at {@code position}. Thread-safe. */
    void writeAt(ByteBuffer data, long position) throws IOException {
        long at = position;
        while (data.hasRemaining()) {
            at += channel.write(data, at);
        }
    }

    /** The entry's data is written: writes its header. Thread-safe. */
    void complete(Placed placed, long crc) throws IOException {
        placed.crc = crc;
        ByteBuffer header = littleEndian((int) (placed.dataOffset - placed.headerOffset));
        boolean zip64 = placed.zip64Sizes();
        header.putInt(0x04034b50);
        header.putShort((short) (zip64 ? VERSION_ZIP64 : VERSION_DEFLATE));
        header.putShort((short) 0);
        header.putShort((short) placed.method);
        header.putShort((short) dosTime);
        header.putShort((short) dosDate);
        header.putInt((int) crc);
        header.putInt((int) (zip64 ? MAX_32 : placed.compressedSize));
        header.putInt((int) (zip64 ? MAX_32 : placed.size));
        header.putShort((short) placed.name.length);
        header.putShort((short) (zip64 ? ZIP64_LOCAL_EXTRA : 0));
        header.put(placed.name);
        if (zip64) {
            header.putShort((short) 1);
            header.putShort((short) 16);
            header.putLong(placed.size);
            header.putLong(placed.compressedSize);
        }
        writeAt(header.flip(), placed.headerOffset);
        completed(placed.headerOffset, placed.dataOffset + placed.compressedSize);
    }

    /** Writes the central directory and forces everything to the disk. @return SHA-256 of the file, hex */
    synchronized String finish() throws IOException {
        long directory = end;
        long position = end;
        ByteBuffer buffer = littleEndian(1 << 20);
        for (Placed placed : entries) {
            if (buffer.remaining() < 46 + 28 + placed.name.length) {
                position = flush(buffer, position);
            }
            putCentral(buffer, placed);
        }
        position = flush(buffer, position);
        putEnd(buffer, directory, position);
        position = flush(buffer, position);
        end = position;
        completed(directory, position);
        channel.force(true);
        synchronized (hashLock) {
            if (hashed != end) {
                throw new IllegalStateException("hashed " + hashed + " of " + end + " bytes: an entry is not complete");
            }
            return Hashes.hex(fileDigest.digest());
        }
    }

    synchronized long length() {
        return end;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private long flush(ByteBuffer buffer, long position) throws IOException {
        buffer.flip();
        int length = buffer.remaining();
        writeAt(buffer, position);
        buffer.clear();
        return position + length;
    }

    private void putCentral(ByteBuffer buffer, Placed placed) {
        boolean zip64Offset = placed.headerOffset >= MAX_32;
        int extra = (placed.zip64Sizes() ? 16 : 0) + (zip64Offset ? 8 : 0);
        int extraLength = extra == 0 ? 0 : extra + 4;
        int version = extra == 0 ? VERSION_DEFLATE : VERSION_ZIP64;
        buffer.putInt(0x02014b50);
        buffer.putShort((short) (MADE_BY_UNIX | version));
        buffer.putShort((short) version);
        buffer.putShort((short) 0);
        buffer.putShort((short) placed.method);
        buffer.putShort((short) dosTime);
        buffer.putShort((short) dosDate);
        buffer.putInt((int) placed.crc);
        buffer.putInt((int) (placed.zip64Sizes() ? MAX_32 : placed.compressedSize));
        buffer.putInt((int) (placed.zip64Sizes() ? MAX_32 : placed.size));
        buffer.putShort((short) placed.name.length);
        buffer.putShort((short) extraLength);
        buffer.putShort((short) 0);
        buffer.putShort((short) 0);
        buffer.putShort((short) 0);
        buffer.putInt((int) FILE_MODE);
        buffer.putInt((int) (zip64Offset ? MAX_32 : placed.headerOffset));
        buffer.put(placed.name);
        if (extra > 0) {
            buffer.putShort((short) 1);
            buffer.putShort((short) extra);
            if (placed.zip64Sizes()) {
                buffer.putLong(placed.size);
                buffer.putLong(placed.compressedSize);
            }
            if (zip64Offset) {
                buffer.putLong(placed.headerOffset);
            }
        }
    }

    private void putEnd(ByteBuffer buffer, long directory, long directoryEnd) {
        long length = directoryEnd - directory;
        boolean zip64 = entries.size() >= MAX_16 || directory >= MAX_32 || length >= MAX_32;
        if (zip64) {
            buffer.putInt(0x06064b50);
            buffer.putLong(44);
            buffer.putShort((short) (MADE_BY_UNIX | VERSION_ZIP64));
            buffer.putShort((short) VERSION_ZIP64);
            buffer.putInt(0);
            buffer.putInt(0);
            buffer.putLong(entries.size());
            buffer.putLong(entries.size());
            buffer.putLong(length);
            buffer.putLong(directory);
            buffer.putInt(0x07064b50);
            buffer.putInt(0);
            buffer.putLong(directoryEnd);
            buffer.putInt(1);
        }
        int count = entries.size() >= MAX_16 ? MAX_16 : entries.size();
        buffer.putInt(0x06054b50);
        buffer.putShort((short) 0);
        buffer.putShort((short) 0);
        buffer.putShort((short) count);
        buffer.putShort((short) count);
        buffer.putInt((int) Math.min(length, MAX_32));
        buffer.putInt((int) Math.min(directory, MAX_32));
        buffer.putShort((short) 0);
    }

    /** Notes a complete range; whoever finds the file complete further than it is hashed, and nobody hashing, hashes on. */
    private void completed(long from, long to) throws IOException {
        synchronized (hashLock) {
            completed.put(from, to);
            if (hashing) {
                return;
            }
            hashing = true;
        }
        while (true) {
            long start;
            long stop;
            synchronized (hashLock) {
                Long next = completed.remove(hashed);
                if (next == null) {
                    hashing = false;
                    return;
                }
                start = hashed;
                stop = next;
            }
            hash(start, stop);
            synchronized (hashLock) {
                hashed = stop;
            }
        }
    }

    private void hash(long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            hashBuffer.clear().limit((int) Math.min(HASH_BUFFER, to - position));
            int read = channel.read(hashBuffer, position);
            if (read < 0) {
                throw new IOException("the file ends at " + position + ", written were " + to + " bytes");
            }
            fileDigest.update(hashBuffer.array(), 0, read);
            position += read;
        }
    }

    private static ByteBuffer littleEndian(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
