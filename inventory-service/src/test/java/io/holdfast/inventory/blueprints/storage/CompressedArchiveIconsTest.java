package io.holdfast.inventory.blueprints.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedArchiveIconsTest {

    private static final String LONG = "bp/" + "d".repeat(150) + "/script.sh";

    @TempDir
    Path directory;

    private final CompressedArchiveIcons icons = new CompressedArchiveIcons();

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz", "tar.bz2"})
    void anIconIsPutInReplacedAndTakenOutAndTheOthersStay(String format) throws IOException {
        // given
        Map<String, String> files = new LinkedHashMap<>();
        files.put("./bp/", "");
        files.put("./bp/blueprint.yaml", "a: 1");
        files.put(LONG, "echo");
        // when
        byte[] first = written(archive(format, files), format, "one");
        byte[] second = written(first, format, "two");
        byte[] none = written(second, format, null);
        // then
        assertThat(read(first, format)).containsEntry("bp/icon.png", "one").hasSize(4);
        assertThat(read(second, format)).containsEntry("bp/icon.png", "two").hasSize(4);
        assertThat(read(none, format))
                .hasSize(3)
                .containsEntry("./bp/blueprint.yaml", "a: 1")
                .containsEntry(LONG, "echo");
    }

    @Test
    void anEmptyArchiveHasNoPlaceForIt() throws IOException {
        byte[] empty = archive("tar", Map.of());
        assertThatThrownBy(() -> written(empty, "tar", "one"))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_BLUEPRINT));
    }

    private byte[] written(byte[] archive, String format, @Nullable String icon) throws IOException {
        Path into = directory.resolve("written");
        icons.write(
                new ByteArrayInputStream(archive),
                format,
                icon == null ? null : icon.getBytes(StandardCharsets.UTF_8),
                into);
        return Files.readAllBytes(into);
    }

    private static Map<String, String> read(byte[] archive, String format) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        InputStream bytes = new BufferedInputStream(new ByteArrayInputStream(archive));
        try (ArchiveInputStream<?> in = CompressedArchiveReader.opened(bytes, format)) {
            for (ArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private static byte[] archive(String format, Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (format.equals("zip")) {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    zip.putArchiveEntry(new ZipArchiveEntry(file.getKey()));
                    zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                    zip.closeArchiveEntry();
                }
            }
            return bytes.toByteArray();
        }
        OutputStream out = format.equals("tar.gz")
                ? new GzipCompressorOutputStream(bytes)
                : format.equals("tar.bz2") ? new BZip2CompressorOutputStream(bytes) : bytes;
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, String> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length());
                tar.putArchiveEntry(entry);
                tar.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
