package io.holdfast.archive.cloudify;

import static io.holdfast.testsupport.cloudify.CloudifyItems.pluginZip;
import static io.holdfast.testsupport.cloudify.CloudifyItems.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginArchiveTest {

    @TempDir
    Path folder;

    @Test
    void fieldsComeFromTheWagonAndTheYaml() throws IOException {
        // given
        Path file = write(pluginZip("test-plugin", "1.0", "labels:\n  obj-type:\n    values: [aws]\n"));
        // when
        try (PluginArchive plugin = PluginArchive.open(file)) {
            // then
            assertThat(plugin.isBareWagon()).isFalse();
            assertThat(plugin.packageJson().text("package_version")).isEqualTo("1.0");
            assertThat(plugin.yamlFiles()).containsExactly("plugin.yaml");
            assertThat(plugin.yaml().json("labels")).isEqualTo("{\"obj-type\":{\"values\":[\"aws\"]}}");
            try (var wagon = plugin.openWagon()) {
                assertThat(wagon.readAllBytes()).startsWith('P', 'K');
            }
        }
    }

    @Test
    void aWagonIsATarAsWell() throws IOException {
        // given
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            byte[] json = "{\"package_name\": \"p\"}".getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry("p/package.json");
            entry.setSize(json.length);
            tar.putArchiveEntry(entry);
            tar.write(json);
            tar.closeArchiveEntry();
        }
        // when
        try (PluginArchive bare = PluginArchive.open(write(bytes.toByteArray()));
                PluginArchive packed = PluginArchive.open(write(zip(Map.of("p.wgn", bytes.toByteArray()))))) {
            // then
            assertThat(bare.isBareWagon()).isTrue();
            assertThat(bare.packageJson().text("package_name")).isEqualTo("p");
            assertThat(packed.packageJson().text("package_name")).isEqualTo("p");
        }
    }

    @Test
    void garbageIsRefusedWithTheReason() throws IOException {
        byte[] garbage = "no plugin at all".getBytes(StandardCharsets.UTF_8);
        assertRefused(write(garbage), "wagon");
        assertRefused(write(new byte[0]), "wagon");
        assertRefused(write(zip(Map.of("a.wgn", garbage, "b.wgn", garbage))), "2 wagons");
        assertRefused(write(zip(Map.of("a.wgn", garbage))), "wagon");
        assertRefused(write(zip(Map.of("a.wgn", zip(Map.of("p/other.json", garbage))))), "no package.json");
        assertRefused(write(zip(Map.of("p/package.json", garbage))), "not readable JSON");
    }

    private static void assertRefused(Path file, String part) {
        assertThatThrownBy(() -> PluginArchive.open(file))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining(part);
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(folder, "plugin", ".zip"), content);
    }
}
