package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {

    @Test
    void valuesAreTakenAndTheRestIsTheDefault() {
        assertThat(BenchOptions.parse(List.of("snapshot", "--scale", "0.25", "--runs", "3", "--files")))
                .isEqualTo(new BenchOptions("snapshot", 0.25, "0.25", 3, 2, true, true));
        assertThat(BenchOptions.parse(List.of("restore", "--scale", "l")).scale())
                .isEqualTo(6.0);
    }

    @ParameterizedTest
    @CsvSource({
        "--runs, x, '--runs takes a number, not x; see --help'",
        "--runs, 0, '--runs must be at least 1, not 0'",
        "--workers, 99999999999, '--workers must be at most 2147483647, not 99999999999'",
        "--scale, big, '--scale takes S, M, L or a number above 0 and below 10000, not big'",
        "--scale, -1, '--scale takes S, M, L or a number above 0 and below 10000, not -1'",
        "--scale, 0, '--scale takes S, M, L or a number above 0 and below 10000, not 0'",
        "--scale, NaN, '--scale takes S, M, L or a number above 0 and below 10000, not NaN'"
    })
    void whatIsNoNumberOrTooSmallIsRefusedInWords(String option, String value, String words) {
        assertThatThrownBy(() -> BenchOptions.parse(List.of("snapshot", option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(words);
    }
}
