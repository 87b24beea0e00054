package io.holdfast.archive;

import io.holdfast.contracts.errors.ManagerException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A Zip file from anywhere, opened without trust. Opening reads the central directory and refuses, each with
 * {@code INVALID_ARCHIVE}: what is empty, truncated or no Zip; names that are absolute, climb, hold backslashes or occur twice; links;
 * encrypted entries and unusual methods; entries that overlap or leave the file; counts and sizes beyond the limits. Reading an entry
 * never gives more than its declared size and checks size and CRC at its end.
 *
 * <p>Thread-safe: several threads may read entries at once.
 */
public final class SafeZip implements Closeable {

    private static final int END_RECORD = 22;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_LOCATOR = 20;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int MAX_NAME = 4096;
    private static final Set<Integer> METHODS = Set.of(0, 8);

    private final ZipFile zip;
    private final Map<String, ZipArchiveEntry> entries;
    private final Set<String> directories;
    private final long fileBytes;
    private final ArchiveLimits limits;

    private SafeZip(
            ZipFile zip,
            Map<String, ZipArchiveEntry> entries,
            Set<String> directories,
            long fileBytes,
            ArchiveLimits limits) {
        this.zip = zip;
        this.entries = Collections.unmodifiableMap(entries);
        this.directories = Collections.unmodifiableSet(directories);
        this.fileBytes = fileBytes;
        this.limits = limits;
    }

    public static SafeZip open(Path file) {
        return open(file, ArchiveLimits.DEFAULT);
    }

    /** @throws ManagerException INVALID_ARCHIVE if it is not a Zip file that can be trusted */
    public static SafeZip open(Path file, ArchiveLimits limits) {
        FileChannel channel = null;
        boolean opened = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            long size = channel.size();
            checkFrame(channel, size, limits);
            ZipFile zip = ZipFile.builder()
                    .setSeekableByteChannel(channel)
                    .setIgnoreLocalFileHeader(true)
                    .get();
            SafeZip safe = check(zip, size, limits);
            opened = true;
            return safe;
        } catch (IOException | IllegalArgumentException e) {
            throw Refusals.damaged("the Zip directory cannot be read: " + reason(e), e);
        } finally {
            if (!opened && channel != null) {
                closeQuietly(channel);
            }
        }
    }

    /** Names of the files in it, in the order of the directory; without directories. */
    public Set<String> names() {
        return entries.keySet();
    }

    /** Names of directory entries, each ending in a slash. */
    public Set<String> directories() {
        return directories;
    }

    public boolean contains(String name) {
        return entries.containsKey(name);
    }

    /** Declared uncompressed size. */
    public long bytes(String name) {
        return entry(name).getSize();
    }

    /** Size of the file itself. */
    public long fileBytes() {
        return fileBytes;
    }

    /** Declared uncompressed sizes of all entries together. */
    public long rawBytes() {
        return entries.values().stream().mapToLong(ZipArchiveEntry::getSize).sum();
    }

    /** Opens an entry; reading checks its size and CRC and throws {@link ManagerException} INVALID_ARCHIVE when they are wrong. */
    public InputStream open(String name) {
        ZipArchiveEntry entry = entry(name);
        try {
            // Opening reads the local header through a buffer of the ZipFile; reading afterwards is by position,
            // without a lock.
            synchronized (zip) {
                return new Checked(zip.getInputStream(entry), entry);
            }
        } catch (IOException e) {
            throw Refusals.damaged(name + " cannot be read: " + reason(e), e);
        }
    }

    /** Reads an entry whole; refuses those above {@link ArchiveLimits#maxDocumentBytes}. */
    public byte[] read(String name) {
        long bytes = bytes(name);
        if (bytes > limits.maxDocumentBytes()) {
            throw Refusals.invalid(
                    name + " holds " + bytes + " bytes, more than the " + limits.maxDocumentBytes()
                            + " that are read into memory",
                    null);
        }
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw Refusals.damaged(name + " cannot be read: " + reason(e), e);
        }
    }

    /** Reads every entry once, so that a wrong CRC or size is met now and not in the middle of a restore. */
    public void verify() {
        for (String name : names()) {
            try (InputStream in = open(name)) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw Refusals.damaged(name + " cannot be read: " + reason(e), e);
            }
        }
    }

    /** As {@link #read}, empty where there is no such entry. */
    public Optional<byte[]> find(String name) {
        return contains(name) ? Optional.of(read(name)) : Optional.empty();
    }

    @Override
    public void close() {
        closeQuietly(zip);
    }

    private ZipArchiveEntry entry(String name) {
        ZipArchiveEntry entry = entries.get(name);
        if (entry == null) {
            throw Refusals.damaged("the archive has no entry " + name);
        }
        return entry;
    }

    private static void checkFrame(FileChannel channel, long size, ArchiveLimits limits) throws IOException {
        if (size == 0) {
            throw Refusals.invalid("the file is empty (0 bytes); expected was a Zip file", "upload the archive again");
        }
        byte[] head = read(channel, 0, (int) Math.min(4, size));
        if (size < END_RECORD || head[0] != 'P' || head[1] != 'K') {
            throw Refusals.invalid(
                    "not a Zip file: it begins with " + Hashes.hex(head) + " (" + size
                            + " bytes); expected were 504b0304",
                    "upload the .zip file that `snapshots download` made");
        }
        int tailLength = (int) Math.min(size, END_RECORD + MAX_COMMENT);
        long tailAt = size - tailLength;
        ByteBuffer tail = ByteBuffer.wrap(read(channel, tailAt, tailLength)).order(ByteOrder.LITTLE_ENDIAN);
        int end = tailLength - END_RECORD;
        while (end >= 0 && tail.getInt(end) != END_SIGNATURE) {
            end--;
        }
        if (end < 0) {
            throw Refusals.damaged(
                    "the Zip file is truncated: " + size + " bytes without the directory that ends such a file");
        }
        long count = tail.getShort(end + 10) & 0xFFFF;
        long directoryBytes = tail.getInt(end + 12) & 0xFFFF_FFFFL;
        long endAt = tailAt + end;
        if (endAt >= END64_LOCATOR) {
            ByteBuffer locator = ByteBuffer.wrap(read(channel, endAt - END64_LOCATOR, END64_LOCATOR))
                    .order(ByteOrder.LITTLE_ENDIAN);
            long end64At = locator.getLong(8);
            if (locator.getInt(0) == 0x07064b50 && end64At >= 0 && end64At <= size - 56) {
                ByteBuffer end64 = ByteBuffer.wrap(read(channel, end64At, 56)).order(ByteOrder.LITTLE_ENDIAN);
                count = end64.getLong(32);
                directoryBytes = end64.getLong(40);
            }
        }
        if (count < 0 || count > limits.maxEntries()) {
            throw Refusals.hostile("the Zip file declares " + Long.toUnsignedString(count) + " entries, more than the "
                    + limits.maxEntries() + " that any archive has");
        }
        if (directoryBytes < 0 || directoryBytes > Math.min(size, limits.maxDirectoryBytes())) {
            throw Refusals.damaged("the Zip file declares a directory of " + Long.toUnsignedString(directoryBytes)
                    + " bytes; expected were at most " + Math.min(size, limits.maxDirectoryBytes()));
        }
    }

    private static SafeZip check(ZipFile zip, long fileBytes, ArchiveLimits limits) {
        Map<String, ZipArchiveEntry> files = new LinkedHashMap<>();
        Set<String> directories = new java.util.LinkedHashSet<>();
        List<ZipArchiveEntry> all = new ArrayList<>();
        long raw = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            if (all.size() >= limits.maxEntries()) {
                throw Refusals.hostile("more than " + limits.maxEntries() + " entries in the Zip file");
            }
            all.add(entry);
            checkEntry(entry);
            raw = Math.addExact(raw, entry.getSize());
            boolean first =
                    entry.isDirectory() ? directories.add(entry.getName()) : files.put(entry.getName(), entry) == null;
            if (!first) {
                throw Refusals.hostile("two entries have the name " + quoted(entry.getName()));
            }
        }
        if (raw > limits.freeRawBytes() && raw / Math.max(1, fileBytes) > limits.maxRatio()) {
            throw Refusals.hostile("the entries claim " + raw + " bytes out of a file of " + fileBytes + ", more than "
                    + limits.maxRatio() + " times its size");
        }
        checkPlaces(all, fileBytes);
        return new SafeZip(zip, files, directories, fileBytes, limits);
    }

    private static void checkEntry(ZipArchiveEntry entry) {
        String name = entry.getName();
        checkName(name);
        for (byte b : entry.getRawName()) {
            // The library turns backslashes of some writers into slashes; another reader might not.
            if (b == '\\') {
                throw leavesItsFolder(name);
            }
        }
        if (entry.isUnixSymlink()) {
            throw Refusals.hostile("the entry " + quoted(name) + " is a symbolic link");
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw Refusals.invalid(
                    "the entry " + quoted(name) + " is encrypted; expected were plain entries",
                    "decrypt the archive first");
        }
        if (!METHODS.contains(entry.getMethod())) {
            throw Refusals.invalid(
                    "the entry " + quoted(name) + " uses the Zip method " + entry.getMethod()
                            + "; expected were 0 (stored) and 8 (deflate)",
                    null);
        }
        if (entry.getSize() < 0 || entry.getCompressedSize() < 0) {
            throw Refusals.damaged("the entry " + quoted(name) + " has no size");
        }
        // Deflate cannot do better than 1032 to 1.
        if (entry.getSize() > 1032 * (entry.getCompressedSize() + 1)) {
            throw Refusals.hostile("the entry " + quoted(name) + " claims " + entry.getSize() + " bytes out of "
                    + entry.getCompressedSize());
        }
    }

    private static void checkName(String name) {
        boolean bad = name.isEmpty()
                || name.length() > MAX_NAME
                || name.startsWith("/")
                || name.indexOf('\\') >= 0
                || name.matches("(?s)[A-Za-z]:.*")
                || name.chars().anyMatch(c -> c < 0x20 || c == 0x7F);
        String path = name.endsWith("/") ? name.substring(0, Math.max(0, name.length() - 1)) : name;
        for (String segment : path.split("/", -1)) {
            bad = bad || segment.isEmpty() || segment.equals(".") || segment.equals("..");
        }
        if (bad) {
            throw leavesItsFolder(name);
        }
    }

    private static ManagerException leavesItsFolder(String name) {
        return Refusals.hostile("the entry " + quoted(name)
                + " has a name that could leave its folder; expected were relative names without `..` and backslashes");
    }

    private static void checkPlaces(List<ZipArchiveEntry> all, long fileBytes) {
        List<ZipArchiveEntry> byPlace = new ArrayList<>(all);
        byPlace.sort(Comparator.comparingLong(ZipArchiveEntry::getLocalHeaderOffset));
        long free = 0;
        for (ZipArchiveEntry entry : byPlace) {
            long from = entry.getLocalHeaderOffset();
            if (from < free) {
                throw Refusals.hostile("the entry " + quoted(entry.getName()) + " overlaps another one");
            }
            free = from + 30 + entry.getCompressedSize();
            if (free > fileBytes) {
                throw Refusals.damaged("the Zip file is truncated: " + quoted(entry.getName()) + " ends at " + free
                        + ", the file at " + fileBytes);
            }
        }
    }

    private static byte[] read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        long at = position;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw new IOException("the file ends at " + at);
            }
            at += read;
        }
        return buffer.array();
    }

    private static String quoted(String name) {
        String shown = name.length() > 120 ? name.substring(0, 120) + "…" : name;
        return "`" + shown.replaceAll("\\p{Cntrl}", "?") + "`";
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException ignored) {
            // It was only read.
        }
    }

    /** Gives at most the declared bytes; at the end, all of them with the declared CRC, or fails. */
    private static final class Checked extends CheckedStream {
        private final ZipArchiveEntry entry;
        private final CRC32 crc = new CRC32();
        private long given;
        private boolean ended;

        Checked(InputStream in, ZipArchiveEntry entry) {
            super(in);
            this.entry = entry;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (ended) {
                return -1;
            }
            int read;
            try {
                read = in.read(bytes, offset, length);
            } catch (IOException e) {
                throw Refusals.damaged(quoted(entry.getName()) + " cannot be read: " + reason(e), e);
            }
            if (read < 0) {
                ended = true;
                if (given != entry.getSize() || crc.getValue() != entry.getCrc()) {
                    throw Refusals.damaged(quoted(entry.getName()) + " has " + given + " bytes with the CRC "
                            + Long.toHexString(crc.getValue()) + "; expected were " + entry.getSize() + " with "
                            + Long.toHexString(entry.getCrc()));
                }
                return -1;
            }
            given += read;
            if (given > entry.getSize()) {
                throw Refusals.hostile(quoted(entry.getName()) + " gives more than the " + entry.getSize()
                        + " bytes that it declares");
            }
            crc.update(bytes, offset, read);
            return read;
        }
    }
}
