package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ApiTimeTest {

    @Test
    void alwaysHasThreeDigitsOfMillisecondsAndIsUtc() {
        assertThat(ApiTime.format(Instant.parse("2020-03-13T04:00:00Z"))).isEqualTo("2020-03-13T04:00:00.000Z");
        assertThat(ApiTime.format(Instant.parse("2020-03-13T04:00:00.123999Z"))).isEqualTo("2020-03-13T04:00:00.123Z");
    }

    @Test
    void anyTimeReadsAsThePatternSays() {
        // given
        DateTimeFormatter pattern = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        Random random = new Random(7);
        List<Instant> times = new ArrayList<>(List.of(
                Instant.EPOCH,
                Instant.parse("0000-01-01T00:00:00Z"),
                Instant.parse("-0001-12-31T23:59:59.999Z"),
                Instant.parse("9999-12-31T23:59:59.999999999Z"),
                Instant.parse("+10000-01-01T00:00:00Z"),
                Instant.parse("1969-12-31T23:59:59.001Z"),
                Instant.parse("2024-02-29T09:08:07.006Z")));
        for (int i = 0; i < 1000; i++) {
            times.add(Instant.ofEpochSecond(
                    random.nextLong() % 300_000_000_000L, Math.floorMod(random.nextInt(), 1_000_000_000)));
        }
        // when, then
        for (Instant time : times) {
            assertThat(ApiTime.format(time)).isEqualTo(pattern.format(time));
        }
    }

    @Test
    void unsetStaysUnset() {
        assertThat(ApiTime.formatOrNull(null)).isNull();
    }

    @Test
    void readsAnyOffset() {
        assertThat(ApiTime.parse("2020-03-13T06:00:00.5+02:00")).isEqualTo(Instant.parse("2020-03-13T04:00:00.500Z"));
    }
}
