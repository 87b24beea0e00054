package io.holdfast.inventory.blueprints.storage;

import io.holdfast.archive.BoundedTar;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.blueprints.app.ArchiveReader;
import io.holdfast.inventory.language.BlueprintFiles;
import io.holdfast.inventory.language.YamlReader;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads archives as a stream. Of files other than YAML only the names are kept: scripts may be large. */
@Singleton
class CompressedArchiveReader implements ArchiveReader {

    /** Of all files of an archive, unpacked. */
    private static final long MAX_BYTES = 2L * 1024 * 1024 * 1024;

    private static final int MAX_FILES = 100_000;

    /** All YAML of one archive: it is held in memory. */
    private static final long MAX_YAML_BYTES = 64L * 1024 * 1024;

    private static final int TAR_MAGIC_AT = 257;
    private static final byte[] TAR_MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);

    /** A single file must be small enough to be looked at as text. */
    private static final int HEAD_BYTES = 64 * 1024;

    @Override
    public String recognise(Path file, String mainFile) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD_BYTES);
        }
        if (starts(head, 0, 'P', 'K', 3, 4)) {
            return "zip";
        }
        if (starts(head, 0, 0x1f, 0x8b)) {
            return "tar.gz";
        }
        if (starts(head, 0, 'B', 'Z', 'h')) {
            return "tar.bz2";
        }
        if (head.length > TAR_MAGIC_AT + TAR_MAGIC.length
                && Arrays.equals(head, TAR_MAGIC_AT, TAR_MAGIC_AT + TAR_MAGIC.length, TAR_MAGIC, 0, TAR_MAGIC.length)) {
            return "tar";
        }
        if (Files.size(file) <= YamlReader.MAX_FILE_BYTES && looksLikeABlueprint(Files.readAllBytes(file))) {
            pack(file, mainFile);
            return "tar.gz";
        }
        throw new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "Blueprint archive is of an unrecognized format. Supported formats are: ['zip', 'tar', 'tar.gz', 'tar.bz2']",
                "send an archive of one directory with the blueprint in it, or a single YAML file");
    }

    private static boolean starts(byte[] head, int at, int... expected) {
        if (head.length < at + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((head[at + i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean looksLikeABlueprint(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .contains("tosca_definitions_version");
        } catch (CharacterCodingException e) {
            return false; // Then it is no text, and no blueprint.
        }
    }

    private static void pack(Path file, String mainFile) throws IOException {
        byte[] yaml = Files.readAllBytes(file);
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            TarArchiveEntry entry = new TarArchiveEntry("blueprint/" + mainFile);
            entry.setSize(yaml.length);
            tar.putArchiveEntry(entry);
            tar.write(yaml);
            tar.closeArchiveEntry();
        }
    }

    @Override
    public BlueprintFiles read(InputStream archive, String format) {
        try (ArchiveInputStream<?> in = opened(new BufferedInputStream(archive), format)) {
            return new Unpacking().read(in);
        } catch (IOException | IllegalArgumentException e) {
            throw invalid("the archive is damaged: " + e.getMessage(), "send the archive again");
        }
    }

    static ArchiveInputStream<?> opened(InputStream in, String format) throws IOException {
        return format.equals("zip") ? new ZipArchiveInputStream(in) : BoundedTar.of(in, format);
    }

    private static ManagerException invalid(String detail, String hint) {
        return new ManagerException(ErrorCode.INVALID_BLUEPRINT, detail, hint);
    }

    private static final class Unpacking {

        private final Map<String, byte[]> files = new HashMap<>();
        private @Nullable String top;
        private long bytes;
        private long yamlBytes;
        private int count;

        BlueprintFiles read(ArchiveInputStream<?> in) throws IOException {
            for (ArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++count > MAX_FILES) {
                    throw invalid(
                            "the archive has more than " + MAX_FILES + " entries", "leave out what is not needed");
                }
                String path = inTop(entry.getName(), entry.isDirectory());
                if (path.isEmpty() || entry.isDirectory() || isSpecial(entry)) {
                    continue;
                }
                files.put(path, content(in, path));
            }
            if (top == null) {
                throw invalid(
                        "Archive must contain exactly 1 directory, but it is empty",
                        "put the blueprint into one directory and archive that");
            }
            return new Unpacked(files);
        }

        private static boolean isSpecial(ArchiveEntry entry) {
            return entry instanceof TarArchiveEntry tar && !tar.isFile();
        }

        /** The path below the one top directory; empty for that directory itself. */
        private String inTop(String name, boolean directory) {
            String path = name.replace('\\', '/');
            while (path.startsWith("./")) {
                path = path.substring(2);
            }
            if (path.isEmpty() || path.equals(".")) {
                return "";
            }
            if (path.startsWith("/") || Arrays.asList(path.split("/")).contains("..")) {
                throw invalid(
                        "the archive has the path '" + name + "', which leads out of it", "use relative paths only");
            }
            int slash = path.indexOf('/');
            String first = slash < 0 ? path : path.substring(0, slash);
            boolean otherTop = top != null && !top.equals(first);
            if (otherTop || (slash < 0 && !directory)) {
                throw invalid(
                        "Archive must contain exactly 1 directory, but it has "
                                + (otherTop ? "'" + top + "' and '" + first + "'" : "the file '" + first + "'")
                                + " at its top",
                        "put the blueprint into one directory and archive that");
            }
            top = first;
            return slash < 0 ? "" : path.substring(slash + 1);
        }

        private byte[] content(InputStream in, String path) throws IOException {
            String lower = path.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".yaml") || lower.endsWith(".yml")) {
                byte[] content = in.readNBytes(YamlReader.MAX_FILE_BYTES + 1);
                yamlBytes += content.length;
                if (content.length > YamlReader.MAX_FILE_BYTES || yamlBytes > MAX_YAML_BYTES) {
                    throw invalid(
                            "the YAML files of the archive are too large, '" + path + "' among them",
                            "at most " + YamlReader.MAX_FILE_BYTES + " bytes each and " + MAX_YAML_BYTES + " together");
                }
                bytes += content.length;
                return content;
            }
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                if (bytes > MAX_BYTES) {
                    throw invalid(
                            "the archive has more than " + MAX_BYTES + " bytes unpacked",
                            "leave out what is not needed");
                }
            }
            return NOT_KEPT;
        }
    }

    private static final byte[] NOT_KEPT = new byte[0];

    private record Unpacked(Map<String, byte[]> files) implements BlueprintFiles {

        @Override
        public Optional<byte[]> read(String path) {
            byte[] content = files.get(path);
            if (content != null && content == NOT_KEPT) {
                throw invalid("the file '" + path + "' is not YAML by its name", "call it .yaml or .yml");
            }
            return Optional.ofNullable(content);
        }

        @Override
        public boolean contains(String path) {
            return files.containsKey(path);
        }
    }
}
