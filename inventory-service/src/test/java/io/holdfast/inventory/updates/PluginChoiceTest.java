package io.holdfast.inventory.updates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PluginChoiceTest {

    private static final List<PluginChoice.Used> USED = List.of(
            new PluginChoice.Used("a", "3.1.4"), new PluginChoice.Used("b", "2"), new PluginChoice.Used("c", "dev"));

    private static PluginChoice choice(boolean latest, List<String> toLatest, boolean minor, List<String> toMinor) {
        return new PluginChoice(List.of(), latest, toLatest, minor, toMinor, Map.of());
    }

    @Test
    void theLatestIsWhatTheBlueprintsImportAllows() {
        assertThat(choice(true, List.of(), false, List.of()).ranges(USED)).isEmpty();
        assertThat(choice(false, List.of(), false, List.of()).ranges(USED)).isEmpty();
    }

    @Test
    void minorUpdatesStayWithinTheMajorVersion() {
        assertThat(choice(false, List.of(), true, List.of()).ranges(USED))
                .isEqualTo(Map.of("a", ">=3.1,<4", "b", ">=2,<3", "c", "==dev"));
    }

    @Test
    void singlePluginsAreExceptedFromWhatCountsForAll() {
        assertThat(choice(false, List.of("a"), true, List.of()).ranges(USED))
                .isEqualTo(Map.of("b", ">=2,<3", "c", "==dev"));
        assertThat(choice(true, List.of(), false, List.of("a")).ranges(USED)).isEqualTo(Map.of("a", ">=3.1,<4"));
    }

    @Test
    void pluginsThatAreNotNamedStayAsTheyAre() {
        assertThat(new PluginChoice(List.of("a"), true, List.of(), false, List.of(), Map.of()).ranges(USED))
                .isEqualTo(Map.of("b", "==2", "c", "==dev"));
    }

    @Test
    void aMappedVersionCountsBeforeAllElse() {
        assertThat(new PluginChoice(List.of("b"), false, List.of(), true, List.of(), Map.of("a", "9.9")).ranges(USED))
                .isEqualTo(Map.of("a", "==9.9", "b", ">=2,<3", "c", "==dev"));
    }
}
