package io.holdfast.inventory.files.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.files.FilePath;
import io.holdfast.inventory.files.ModificationTime;
import io.holdfast.inventory.files.app.FileArchives;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.jspecify.annotations.Nullable;

/** Files that stay are copied as they are, compressed. Times are kept as NTFS has them, since a zip's own have two seconds' steps. */
@Singleton
class ZipFileArchives implements FileArchives {

    /** What was taken for a blueprint's archive is no larger. */
    private static final Limits OF_A_BLUEPRINT = new Limits(100_000, 2L << 30);

    private final ObjectMapper json;

    ZipFileArchives(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public SortedMap<String, Instant> index(@Nullable Path zip) throws IOException {
        SortedMap<String, Instant> index = new TreeMap<>();
        if (zip != null) {
            try (ZipFile in = opened(zip)) {
                for (ZipArchiveEntry entry : Collections.list(in.getEntries())) {
                    if (isServed(entry)) {
                        index.put(entry.getName(), time(entry));
                    }
                }
            }
        }
        return index;
    }

    static ZipFile opened(Path zip) throws IOException {
        return ZipFile.builder().setPath(zip).get();
    }

    private static boolean isServed(ZipArchiveEntry entry) {
        String name = entry.getName();
        return !entry.isDirectory()
                && !entry.isUnixSymlink()
                && !name.equals(FilePath.INDEX)
                && FilePath.flaw(name).isEmpty();
    }

    static Instant time(ZipArchiveEntry entry) {
        FileTime time = entry.getLastModifiedTime();
        return time == null ? Instant.EPOCH : ModificationTime.rounded(time.toInstant());
    }

    @Override
    public void read(Path zip, String path, Path into) throws IOException {
        try (ZipFile in = opened(zip);
                InputStream file = in.getInputStream(in.getEntry(path))) {
            Files.copy(file, into, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void pack(@Nullable Path zip, String prefix, Path into) throws IOException {
        Map<String, String> index = new LinkedHashMap<>();
        try (OutputStream out = Files.newOutputStream(into);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GzipCompressorOutputStream(out, fast()), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            if (zip != null) {
                try (ZipFile in = opened(zip)) {
                    for (Map.Entry<String, Instant> file : index(zip).entrySet()) {
                        if (file.getKey().startsWith(prefix)) {
                            ZipArchiveEntry entry = in.getEntry(file.getKey());
                            String name = file.getKey().substring(prefix.length());
                            index.put(name, ModificationTime.text(file.getValue()));
                            try (InputStream bytes = in.getInputStream(entry)) {
                                add(tar, name, entry.getSize(), file.getValue(), bytes);
                            }
                        }
                    }
                }
            }
            byte[] text = json.writeValueAsBytes(index);
            add(tar, FilePath.INDEX, text.length, Instant.EPOCH, new ByteArrayInputStream(text));
        }
    }

    /** The client waits for all of it. */
    private static GzipParameters fast() {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(Deflater.BEST_SPEED);
        return parameters;
    }

    private static void add(TarArchiveOutputStream tar, String name, long size, Instant time, InputStream bytes)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setLastModifiedTime(FileTime.from(time));
        tar.putArchiveEntry(entry);
        bytes.transferTo(tar);
        tar.closeArchiveEntry();
    }

    @Override
    public void put(@Nullable Path zip, FilePath path, Path content, Instant modifiedAt, Limits limits, Path into)
            throws IOException {
        SortedMap<String, SentFiles.Sent> sent = new TreeMap<>();
        sent.put(path.text(), new SentFiles.Sent(modifiedAt, Files.size(content)));
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(into)) {
            copyWithout(zip, sent, limits, out);
            try (InputStream bytes = Files.newInputStream(content)) {
                add(out, path.text(), modifiedAt, bytes);
            }
        }
    }

    @Override
    public SortedMap<String, Instant> extract(@Nullable Path zip, String prefix, Path archive, Limits limits, Path into)
            throws IOException {
        SentFiles files = SentFiles.of(archive, prefix, limits);
        SortedMap<String, Instant> put = new TreeMap<>();
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(into)) {
            copyWithout(zip, files.all(), limits, out);
            files.forEach((path, file, bytes) -> {
                add(out, path, file.modifiedAt(), bytes);
                put.put(path, file.modifiedAt());
            });
        }
        return put;
    }

    private static void add(ZipArchiveOutputStream out, String path, Instant time, InputStream bytes)
            throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(path);
        entry.setLastModifiedTime(FileTime.from(time));
        out.putArchiveEntry(entry);
        bytes.transferTo(out);
        out.closeArchiveEntry();
    }

    /** @param sent files that come in addition, or in place of others of the same path */
    private static void copyWithout(
            @Nullable Path zip, SortedMap<String, SentFiles.Sent> sent, Limits limits, ZipArchiveOutputStream out)
            throws IOException {
        SortedMap<String, Long> sizes = new TreeMap<>();
        sent.forEach((path, file) -> sizes.put(path, file.sizeBytes()));
        if (zip != null) {
            copy(zip, entry -> !sent.containsKey(entry.getName()), sizes, out);
        }
        requireOneKindEach(sizes);
        if (sizes.size() > limits.maxFiles()) {
            throw SentFiles.tooMany(sizes.size(), limits);
        }
        long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
        if (bytes > limits.maxBytes()) {
            throw SentFiles.tooLarge(bytes, limits);
        }
    }

    private static void copy(
            Path zip, Predicate<ZipArchiveEntry> chosen, SortedMap<String, Long> sizes, ZipArchiveOutputStream out)
            throws IOException {
        try (ZipFile in = opened(zip)) {
            for (ZipArchiveEntry entry : Collections.list(in.getEntries())) {
                if (isServed(entry) && chosen.test(entry)) {
                    sizes.put(entry.getName(), entry.getSize());
                    try (InputStream raw = in.getRawInputStream(entry)) {
                        out.addRawArchiveEntry(entry, raw);
                    }
                }
            }
        }
    }

    /** No path is a file and a directory with files in it. */
    private static void requireOneKindEach(SortedMap<String, Long> files) {
        for (String path : files.keySet()) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                String parent = path.substring(0, slash);
                if (files.containsKey(parent)) {
                    throw new ManagerException(
                            ErrorCode.CONFLICT,
                            "`" + parent + "` cannot be a file and the directory of `" + path + "`",
                            "delete the one that is there first");
                }
            }
        }
    }

    @Override
    public SortedMap<String, Instant> remove(Path zip, String path, Path into) throws IOException {
        String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(into)) {
            copy(
                    zip,
                    entry -> !entry.getName().equals(path) && !entry.getName().startsWith(prefix),
                    new TreeMap<>(),
                    out);
        }
        return index(into);
    }

    @Override
    public SortedMap<String, Instant> indexOfBlueprint(Path archive) throws IOException {
        SortedMap<String, Instant> index = new TreeMap<>();
        SentFiles.harmless(archive, OF_A_BLUEPRINT)
                .all()
                .forEach((path, file) -> index.put(path.substring(path.indexOf('/') + 1), file.modifiedAt()));
        return index;
    }

    @Override
    public void readOfBlueprint(Path archive, String path, Path into) throws IOException {
        SentFiles.harmless(archive, OF_A_BLUEPRINT).forEach((name, file, bytes) -> {
            if (name.substring(name.indexOf('/') + 1).equals(path)) {
                Files.copy(bytes, into, StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    @Override
    public void zipOfBlueprint(Path archive, String directory, Path into) throws IOException {
        String prefix = directory + "/";
        int parents = directory.lastIndexOf('/') + 1;
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(into)) {
            SentFiles.harmless(archive, OF_A_BLUEPRINT).forEach((name, file, bytes) -> {
                String path = name.substring(name.indexOf('/') + 1);
                if (path.startsWith(prefix)) {
                    add(out, path.substring(parents), file.modifiedAt(), bytes);
                }
            });
        }
    }
}
