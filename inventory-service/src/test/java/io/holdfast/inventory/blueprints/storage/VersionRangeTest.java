package io.holdfast.inventory.blueprints.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.inventory.language.Library;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    private static final List<String> KNOWN = List.of(
            "1.0.dev1",
            "1.0a1",
            "1.0rc1",
            "1.0",
            "1.0+local.1",
            "1.0.post1",
            "1.0.1",
            "1.5",
            "1.10.3",
            "2.0a1",
            "2.0",
            "2.0.1",
            "1!0.5",
            "unversioned");

    /** Source: Python's packaging, which the product asks. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.0             | 1.0
            v1.0            |
            1               |
            ===1.0          | 1.0
            ==1             | 1.0 1.0+local.1
            ==1.0+local-1   | 1.0+local.1
            ==1.*           | 1.0 1.0+local.1 1.0.post1 1.0.1 1.5 1.10.3
            !=1.0.*         | 1.5 1.10.3 2.0 2.0.1 1!0.5
            != 1.5,>1.0.0   | 1.0.1 1.10.3 2.0 2.0.1 1!0.5
            >=1.9,<2        | 1.10.3
            >=1.9,<=2.0     | 1.10.3 2.0
            <1.0            |
            <1.0rc1         |
            <=1.0rc1        | 1.0.dev1 1.0a1 1.0rc1
            <=1.0           | 1.0 1.0+local.1
            >1.0            | 1.0.1 1.5 1.10.3 2.0 2.0.1 1!0.5
            >1.0.post0      | 1.0.post1 1.0.1 1.5 1.10.3 2.0 2.0.1 1!0.5
            >=1.0a1,<1.0.1  | 1.0a1 1.0rc1 1.0 1.0+local.1 1.0.post1
            >=2.0a1         | 2.0a1 2.0 2.0.1 1!0.5
            ~=1.0           | 1.0 1.0+local.1 1.0.post1 1.0.1 1.5 1.10.3
            ~=1.0.1         | 1.0.1
            ~=2.0.0         | 2.0 2.0.1
            ==1!0.5         | 1!0.5
            unversioned     | unversioned
            ~=1             |
            =1.0            |
            """)
    void rangesContainWhatSatisfiesAllBounds(String range, String contained) {
        // when
        Stream<String> found = KNOWN.stream().filter(VersionRange.of(range)::contains);
        // then
        assertThat(found)
                .containsExactly(
                        contained == null ? new String[0] : contained.strip().split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void withoutBoundsAllReleasesAreContained(String range) {
        assertThat(KNOWN.stream().filter(VersionRange.of(range)::contains))
                .containsExactlyElementsOf(KNOWN.stream()
                        .filter(version ->
                                !List.of("1.0.dev1", "1.0a1", "1.0rc1", "2.0a1").contains(version))
                        .toList());
    }

    @Test
    void versionsAreOrderedAsPythonOrdersThem() {
        // given
        List<String> ordered = List.of(
                "unversioned",
                "0.9",
                "1.0.dev1",
                "1.0a1.dev2",
                "1.0-alpha.1",
                "1.0a2.post1",
                "1.0b1",
                "1.0c1",
                "1.0rc2",
                "1",
                "1.0+a",
                "1.0.0+a.b",
                "1.0+5",
                "1.0.post1.dev3",
                "1.0-1",
                "1.0.r2",
                "1.9",
                "1.10",
                "2",
                "1!0.1");
        // when
        List<String> sorted = ordered.stream()
                .sorted(java.util.Comparator.reverseOrder())
                .sorted(VersionRange.ORDER)
                .toList();
        // then
        assertThat(sorted).containsExactlyElementsOf(ordered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0 2.0", ""})
    void whatIsNoRangeIsRefused(String second) {
        // when
        Library.WrongVersion refusal =
                catchThrowableOfType(Library.WrongVersion.class, () -> VersionRange.of("1.0," + second));
        // then
        assertThat(refusal).hasMessage("'1.0," + second + "' is no range of versions");
    }
}
