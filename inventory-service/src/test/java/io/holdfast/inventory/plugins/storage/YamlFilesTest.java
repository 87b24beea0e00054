package io.holdfast.inventory.plugins.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFilesTest {

    private static final List<String> FILES = List.of("net/plugin_1_3.yaml", "net/plugin_1_4.yaml", "net/plugin.yaml");

    @ParameterizedTest
    @CsvSource({
        ", net/plugin_1_3.yaml",
        "'', net/plugin_1_3.yaml",
        "1_4, net/plugin_1_4.yaml",
        "cloudify_dsl_1_4, net/plugin_1_4.yaml",
        "1_5, net/plugin.yaml"
    })
    void theFileOfTheVersionElseOneOfNoVersionIsChosen(String version, String chosen) {
        assertThat(YamlFiles.choose(FILES, version)).contains(chosen);
    }

    @Test
    void whereAllAreOfOtherVersionsItIsTheFirst() {
        assertThat(YamlFiles.choose(FILES.subList(0, 2), "1_5")).contains("net/plugin_1_3.yaml");
        assertThat(YamlFiles.choose(List.of(), "1_5")).isEmpty();
    }

    @Test
    void aNameHasNoFolder() {
        assertThat(YamlFiles.name("a/b/plugin.yaml")).isEqualTo("plugin.yaml");
        assertThat(YamlFiles.name("plugin.yaml")).isEqualTo("plugin.yaml");
    }
}
