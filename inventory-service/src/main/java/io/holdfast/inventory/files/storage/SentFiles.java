package io.holdfast.inventory.files.storage;

import io.holdfast.archive.BoundedTar;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.files.FilePath;
import io.holdfast.inventory.files.ModificationTime;
import io.holdfast.inventory.files.app.FileArchives.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/** The files of an archive that somebody sent: all of it is checked before anything of it is used, so it is read twice. */
final class SentFiles {

    private static final int TAR_MAGIC_AT = 257;
    private static final String TAR_MAGIC = "ustar";
    private static final int HEAD_BYTES = 512;

    /** Hundreds of times what a path needs. */
    /** @param sizeBytes unpacked */
    record Sent(Instant modifiedAt, long sizeBytes) {}

    interface Visitor {
        void visit(String path, Sent file, InputStream bytes) throws IOException;
    }

    /** Entries as they come. A name may come more than once: the last one counts. */
    private interface EntryVisitor {
        void visit(int number, String name, Kind kind, Instant modifiedAt, InputStream bytes) throws IOException;
    }

    private enum Kind {
        FILE,
        DIRECTORY,
        OTHER
    }

    private final Path archive;
    private final String format;
    private final String prefix;
    private final boolean strict;
    private final Limits limits;
    private final SortedMap<String, Sent> files = new TreeMap<>();
    private final Map<String, Integer> lastOfName = new HashMap<>();

    private SentFiles(Path archive, String format, String prefix, boolean strict, Limits limits) {
        this.archive = archive;
        this.format = format;
        this.prefix = prefix;
        this.strict = strict;
        this.limits = limits;
    }

    /** @param prefix put before each path: empty, or ends with a slash */
    static SentFiles of(Path archive, String prefix, Limits limits) throws IOException {
        return read(new SentFiles(archive, formatOf(archive), prefix, true, limits));
    }

    /** What is no file with a harmless path is left out. */
    static SentFiles harmless(Path archive, Limits limits) throws IOException {
        return read(new SentFiles(archive, formatOf(archive), "", false, limits));
    }

    private static SentFiles read(SentFiles sent) throws IOException {
        try {
            sent.check();
        } catch (IOException | IllegalArgumentException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "the archive is damaged: " + e.getMessage(), "send it again", e);
        }
        return sent;
    }

    private static String formatOf(Path archive) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(archive)) {
            head = in.readNBytes(HEAD_BYTES);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
            return "zip";
        }
        if (text.startsWith("\u001f\u008b")) {
            return "tar.gz";
        }
        if (text.startsWith("BZh")) {
            return "tar.bz2";
        }
        if (text.startsWith(TAR_MAGIC, TAR_MAGIC_AT)) {
            return "tar";
        }
        throw new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "the archive is of an unrecognized format. Supported formats are: ['zip', 'tar', 'tar.gz', 'tar.bz2']",
                "send an archive, or a file without `extract`");
    }

    private void check() throws IOException {
        long[] bytesSoFar = {0};
        forEachEntry((number, name, kind, modifiedAt, bytes) -> {
            if (number > limits.maxFiles() * 2) {
                throw tooMany(number, limits);
            }
            String path = plain(name);
            if (kind == Kind.DIRECTORY || path.isEmpty() || (prefix + path).equals(FilePath.INDEX)) {
                return;
            }
            String flaw = FilePath.flaw(path).orElse(null);
            if (!strict && (flaw != null || kind == Kind.OTHER)) {
                return;
            }
            if (flaw != null) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the archive has the path `" + name + "`, which " + flaw,
                        "use relative paths without .. only");
            }
            if (kind == Kind.OTHER) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "`" + name + "` of the archive is neither a file nor a directory",
                        "archive files only, no links");
            }
            long size = count(bytes, limits.maxBytes() - bytesSoFar[0], limits);
            bytesSoFar[0] += size;
            String whole = new FilePath(prefix + path).text();
            files.put(whole, new Sent(modifiedAt, size));
            lastOfName.put(whole, number);
        });
    }

    /** Without what a tar of a directory puts before each path. */
    private static String plain(String name) {
        String path = name;
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        return path.equals(".") ? "" : path;
    }

    private static long count(InputStream bytes, long atMost, Limits limits) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long size = 0;
        for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
            size += read;
            if (size > atMost) {
                throw tooLarge(limits.maxBytes() + 1, limits);
            }
        }
        return size;
    }

    static ManagerException tooMany(int files, Limits limits) {
        return new ManagerException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the work directory would have " + files + " files, may have at most " + limits.maxFiles(),
                "leave out what is not needed, or raise holdfast.inventory.work-directories.max-files");
    }

    static ManagerException tooLarge(long bytes, Limits limits) {
        return new ManagerException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the work directory would have " + bytes + " bytes or more, may have at most " + limits.maxBytes(),
                "leave out what is not needed, or raise holdfast.inventory.work-directories.max-size");
    }

    SortedMap<String, Sent> all() {
        return Collections.unmodifiableSortedMap(files);
    }

    void forEach(Visitor visitor) throws IOException {
        forEachEntry((number, name, kind, modifiedAt, bytes) -> {
            String path = prefix + plain(name);
            if (Integer.valueOf(number).equals(lastOfName.get(path)) && kind == Kind.FILE) {
                visitor.visit(path, new Sent(modifiedAt, 0), bytes);
            }
        });
    }

    private void forEachEntry(EntryVisitor visitor) throws IOException {
        if (format.equals("zip")) {
            forEachOfZip(visitor);
        } else {
            forEachOfTar(visitor);
        }
    }

    /** As a stream, since a directory of entries at the end of a zip may be too large to be held. */
    private void forEachOfZip(EntryVisitor visitor) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                ZipArchiveInputStream zip = new ZipArchiveInputStream(file, "UTF-8", true, true)) {
            int number = 0;
            for (ZipArchiveEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Kind kind = entry.isDirectory() ? Kind.DIRECTORY : Kind.FILE;
                visitor.visit(number++, entry.getName(), kind, ZipFileArchives.time(entry), zip);
                drain(zip);
            }
        }
    }

    private void forEachOfTar(EntryVisitor visitor) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                BoundedTar tar = BoundedTar.of(file, format)) {
            int number = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                FileTime time = entry.getLastModifiedTime();
                // A link is a file to the library unless it is asked.
                Kind kind = entry.isDirectory()
                        ? Kind.DIRECTORY
                        : entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() ? Kind.FILE : Kind.OTHER;
                visitor.visit(
                        number++,
                        entry.getName(),
                        kind,
                        time == null ? Instant.EPOCH : ModificationTime.rounded(time.toInstant()),
                        tar);
                drain(tar);
            }
        }
    }

    /** What nobody wanted of an entry; as large as all files may be. */
    private void drain(InputStream entry) throws IOException {
        count(entry, limits.maxBytes(), limits);
    }
}
