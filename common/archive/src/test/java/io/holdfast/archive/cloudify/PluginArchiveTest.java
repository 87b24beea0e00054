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
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
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
            assertThat(PluginArchive.labels(plugin.yaml(), "labels")).isEqualTo("{\"obj-type\":[\"aws\"]}");
            assertThat(PluginArchive.labels(plugin.yaml(), "blueprint_labels")).isNull();
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

    @Test
    void aWagonWhoseNamesHaveNoEndIsRefused() throws IOException {
        assertRefused(write(tarGzWithLongName(2 << 20)), "name and attributes have more than");
    }

    @Test
    void aDescriptionMayUseManyAliases() throws IOException {
        // given
        StringBuilder yaml = new StringBuilder("types: &types {a: 1}\nlabels:\n");
        for (int i = 0; i < 500; i++) {
            yaml.append("  l").append(i).append(": {<<: *types, b: *types}\n");
        }
        // when
        try (PluginArchive plugin = PluginArchive.open(write(pluginZip("p", "1.0", yaml.toString())))) {
            // then
            assertThat(plugin.yaml().json("labels")).contains("\"l499\":{\"a\":1,\"b\":{\"a\":1}}");
        }
    }

    @Test
    void aDescriptionThatIsEndlessWithItsAliasesWrittenOutIsRefused() throws IOException {
        // given
        StringBuilder wide = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 25; i++) {
            wide.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        StringBuilder deep = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 20_000; i++) {
            deep.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
        }
        // then
        for (String yaml : List.of(wide.toString(), deep.toString(), "a: &a [*a]\n", "a: &a {b: [*a]}\n")) {
            assertRefused(write(pluginZip("p", "1.0", yaml)), "with its aliases written out");
        }
    }

    /** What tells the name of the next entry is longer than anybody's name. */
    private static byte[] tarGzWithLongName(int bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(packed))) {
            TarArchiveEntry entry = new TarArchiveEntry("name", TarConstants.LF_GNUTYPE_LONGNAME);
            entry.setSize(bytes);
            tar.putArchiveEntry(entry);
            tar.write(new byte[bytes]);
            tar.closeArchiveEntry();
        }
        return packed.toByteArray();
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
