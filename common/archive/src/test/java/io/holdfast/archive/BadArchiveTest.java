package io.holdfast.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadArchiveTest {

    @TempDir
    Path folder;

    @Test
    void anEmptyFileIsRefused() throws Exception {
        assertRefused(Files.createFile(folder.resolve("empty.zip")), "the file is empty (0 bytes)");
    }

    @Test
    void whatIsNoZipFileIsRefused() throws Exception {
        assertRefused(file("some text that is no archive at all".getBytes(StandardCharsets.UTF_8)), "not a Zip file");
    }

    @Test
    void aTruncatedArchiveIsRefusedWhereverItIsCut() throws Exception {
        byte[] whole = Files.readAllBytes(sound());
        for (int length : new int[] {3, 25, 1000, whole.length / 2, whole.length - 30, whole.length - 1}) {
            Path cut = file(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ArchiveInspector.inspect(cut))
                    .as("cut at " + length)
                    .isInstanceOfSatisfying(
                            ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE));
        }
    }

    @Test
    void otherPeoplesZipIsRefused() throws Exception {
        assertRefused(zip("readme.txt", "hello"), "has no metadata.json");
        assertRefused(zip("metadata.json", "{\"name\":\"x\"}"), "neither Holdfast's nor Cloudify's");
        assertRefused(zip("metadata.json", "hello"), "no JSON");
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        Path file = folder.resolve("newer.zip");
        AnArchive.write(file, AnArchive.metadata(99));
        assertRefused(file, "format version 99; this software reads versions up to 1");
    }

    @Test
    void aDocumentThatCannotBeMeantIsRefused() throws Exception {
        String metadata = json(ArchiveNames.METADATA);
        for (String revision : new String[] {"abc", "-1", "0", "1; drop"}) {
            assertThatThrownBy(() -> ArchiveJson.MAPPER.readValue(
                            metadata.replace("\"stateRevision\" : \"1\"", "\"stateRevision\" : \"" + revision + "\""),
                            ArchiveMetadata.class))
                    .isInstanceOf(JacksonException.class)
                    .hasMessageContaining("no number of a revision");
        }
        String columns = json(ArchiveNames.columns("access", "tenants"));
        assertThatThrownBy(() ->
                        ArchiveJson.MAPPER.readValue(columns.replace("storage_id", "a\\u0000b"), TableColumns.class))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("no name of a column");
        assertThatThrownBy(
                        () -> ArchiveJson.MAPPER.readValue(columns.replace("storage_id", "name"), TableColumns.class))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("a column comes twice");
        assertThatThrownBy(() -> new ArchiveManifest.Table("access", "tenants", 1, Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesThatLeaveTheirFolderAreRefused() throws Exception {
        for (String name :
                new String[] {"../evil", "/etc/passwd", "a/../../b", "a\\b", "C:/x", "a//b", "./a", "a/.."}) {
            assertRefused(zip("metadata.json", "{}", name, "x"), "could leave its folder");
        }
    }

    @Test
    void linksAndTwiceTheSameNameAreRefused() throws Exception {
        Path links = folder.resolve("links.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(links)) {
            ZipArchiveEntry link = new ZipArchiveEntry("link");
            link.setUnixMode(0120777);
            out.putArchiveEntry(link);
            out.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
        }
        assertRefused(links, "symbolic link");
        Path twice = folder.resolve("twice.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(twice)) {
            for (int i = 0; i < 2; i++) {
                out.putArchiveEntry(new ZipArchiveEntry("metadata.json"));
                out.write('x');
                out.closeArchiveEntry();
            }
        }
        assertRefused(twice, "two entries have the name `metadata.json`");
    }

    @Test
    void bombsAreRefusedBeforeAnythingIsUnpacked() throws Exception {
        byte[] zeros = new byte[1 << 20];
        Path bomb = folder.resolve("bomb.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(bomb))) {
            for (int i = 0; i < 20; i++) {
                out.putNextEntry(new ZipEntry("zeros" + i));
                out.write(zeros);
            }
        }
        ArchiveLimits small = new ArchiveLimits(1000, 1 << 20, 1 << 20, 250, 1 << 20);
        assertThatThrownBy(() -> ArchiveInspector.inspect(bomb, small))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("times its size");
        ArchiveLimits few = new ArchiveLimits(10, 1 << 20, 1 << 30, 250, 1 << 20);
        assertThatThrownBy(() -> ArchiveInspector.inspect(bomb, few))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("declares 20 entries");
    }

    @Test
    void anEntryThatGivesMoreThanItDeclaresIsRefused() throws Exception {
        byte[] zip = Files.readAllBytes(zip("metadata.json", "{}", "data", "x".repeat(5000)));
        // declared in the directory: ten bytes instead of 5000
        int central = indexOf(zip, new byte[] {0x50, 0x4b, 1, 2}, indexOf(zip, new byte[] {0x50, 0x4b, 1, 2}, 0) + 4);
        zip[central + 24] = 10;
        zip[central + 25] = 0;
        try (SafeZip safe = SafeZip.open(file(zip))) {
            assertThatThrownBy(() -> safe.read("data"))
                    .isInstanceOf(ManagerException.class)
                    .hasMessageContaining("gives more than the 10 bytes");
        }
    }

    @Test
    void anAlteredByteIsFoundByItsChecksum() throws Exception {
        // given a byte of the stored plugin, and the CRCs made to fit: only the SHA-256 tells
        byte[] whole = Files.readAllBytes(sound());
        int at = indexOf(whole, Arrays.copyOf(AnArchive.PLUGIN, 32), 0);
        byte[] altered = AnArchive.PLUGIN.clone();
        altered[1000] ^= 1;
        System.arraycopy(altered, 0, whole, at, altered.length);
        replaceAll(whole, crc(AnArchive.PLUGIN), crc(altered));
        Path file = file(whole);
        // when, then
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            assertThatThrownBy(() -> reader.verify(1, bytes -> {}))
                    .isInstanceOf(ManagerException.class)
                    .hasMessageContaining("plugins/default_tenant/p1.wgn")
                    .hasMessageContaining("its manifest says");
        }
    }

    @Test
    void anEntryThatTheManifestDoesNotListIsRefused() throws Exception {
        // given
        Path more = folder.resolve("more.zip");
        try (SafeZip zip = SafeZip.open(sound());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(more))) {
            for (String name : zip.names()) {
                out.putNextEntry(new ZipEntry(name));
                out.write(zip.read(name));
            }
            out.putNextEntry(new ZipEntry("extra"));
        }
        // when, then
        assertRefused(more, "which its manifest does not list");
    }

    @Test
    void damageInAnotherProductsArchiveIsFoundByReadingAllOfIt() throws Exception {
        // given
        String text = "{\"type\": \"tenants\", \"items\": []}" + " ".repeat(100);
        Path whole = zip("metadata.json", "{\"snapshot_version\":\"7.1.0\"}", "mgmt/00000001.json", text);
        byte[] bytes = Files.readAllBytes(whole);
        replaceAll(bytes, crc(text.getBytes(StandardCharsets.UTF_8)), new byte[] {1, 2, 3, 4});
        // when
        try (SafeZip sound = SafeZip.open(whole);
                SafeZip damaged = SafeZip.open(file(bytes))) {
            sound.verify();
            // then
            assertThatThrownBy(damaged::verify)
                    .isInstanceOfSatisfying(
                            ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE))
                    .hasMessageContaining("mgmt/00000001.json");
        }
    }

    @Test
    void allLayoutsAreToldApart() throws Exception {
        String v7 = "{\"snapshot_version\":\"7.1.0\"}";
        assertLayout(ArchiveLayout.NATIVE, sound());
        assertLayout(
                ArchiveLayout.CLOUDIFY_N1,
                zip("metadata.json", v7, "mgmt/00000001.json", "{}", "tenants/t/00000001.json", "{}"));
        assertLayout(
                ArchiveLayout.CLOUDIFY_N0,
                zip("metadata.json", v7, "mgmt/users/0.json", "{}", "tenants/t/sites/0.json", "{}"));
        assertLayout(
                ArchiveLayout.CLOUDIFY_LEGACY, zip("metadata.json", "{\"snapshot_version\":\"5.0.5\"}", "pg_data", ""));
        assertLayout(
                ArchiveLayout.CLOUDIFY_LEGACY,
                zip(
                        "metadata.json",
                        "{\"schema_revision\":\"a\",\"stage_schema_revision\":null,\"composer_schema_revision\":null}"));
        assertLayout(
                ArchiveLayout.CLOUDIFY_3,
                zip("metadata.json", "{\"has_cloudify_events\":true,\"snapshot_version\":\"3.4.0\"}", "es_data", ""));
        assertLayout(ArchiveLayout.UNKNOWN, zip("metadata.json", v7));
    }

    private static void assertLayout(ArchiveLayout expected, Path file) {
        assertThat(ArchiveInspector.inspect(file).layout()).isEqualTo(expected);
    }

    private static void assertRefused(Path file, String text) {
        assertThatThrownBy(() -> ArchiveInspector.requireKnown(file))
                .isInstanceOfSatisfying(
                        ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE))
                .hasMessageContaining(text);
    }

    private String json(String name) throws IOException {
        try (SafeZip zip = SafeZip.open(sound())) {
            return new String(zip.read(name), StandardCharsets.UTF_8);
        }
    }

    private Path sound() throws IOException {
        Path file = folder.resolve("sound" + System.nanoTime() + ".zip");
        AnArchive.write(file);
        return file;
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "bad", ".zip"), bytes);
    }

    private Path zip(String... namesAndTexts) throws IOException {
        Path file = Files.createTempFile(folder, "zip", ".zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                out.putNextEntry(new ZipEntry(namesAndTexts[i]));
                out.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static byte[] crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        long value = crc.getValue();
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }

    private static void replaceAll(byte[] in, byte[] from, byte[] to) {
        for (int at = indexOf(in, from, 0); at >= 0; at = indexOf(in, from, at + 1)) {
            System.arraycopy(to, 0, in, at, to.length);
        }
    }

    private static int indexOf(byte[] in, byte[] what, int from) {
        for (int i = from; i <= in.length - what.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }
}
