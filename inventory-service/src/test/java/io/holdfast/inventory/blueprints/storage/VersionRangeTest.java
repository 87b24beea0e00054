package io.holdfast.inventory.blueprints.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.inventory.language.Library;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    @Test
    void rangesContainWhatSatisfiesAllBounds() {
        assertThat(VersionRange.of(null).contains("1")).isTrue();
        assertThat(VersionRange.of("1.10").contains("1.10")).isTrue();
        assertThat(VersionRange.of("1.10").contains("1.1")).isFalse();
        assertThat(VersionRange.of(">=1.9,<2").contains("1.10.3")).isTrue();
        assertThat(VersionRange.of(">=1.9,<2").contains("2.0")).isFalse();
        assertThat(VersionRange.of("> 1.0, != 1.5").contains("1.5.0")).isFalse();
        assertThat(VersionRange.of("<=1").contains("1.0")).isTrue();
    }

    @Test
    void versionsAreOrderedByNumbers() {
        assertThat(List.of("1.10", "1.9", "1.9.1", "2", "1.10rc1").stream()
                        .sorted(VersionRange.ORDER)
                        .toList())
                .startsWith("1.9", "1.9.1", "1.10")
                .endsWith("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"~=1.0", ""})
    void whatIsNoRangeIsRefused(String second) {
        // when
        Library.WrongVersion refusal =
                catchThrowableOfType(Library.WrongVersion.class, () -> VersionRange.of("1.0," + second));
        // then
        assertThat(refusal).hasMessage("'1.0," + second + "' is no range of versions");
    }
}
