package io.holdfast.inventory.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultScheduleTest {

    private static final Instant NOW = Instant.parse("2026-03-28T23:30:00.5Z");

    private static DefaultSchedule only(Map<String, Object> schedule) {
        return DefaultSchedule.of(Map.of("s", schedule), NOW).get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "2030-01-02 04:00, UTC, 2030-01-02T04:00:00",
        "2030-1-2 4:00, Europe/Oslo, 2030-01-02T03:00:00",
        "2030-7-2 4:00:30, Europe/Oslo, 2030-07-02T02:00:30",
        "2030-01-02T04:00, EST, 2030-01-02T09:00:00",
        "2030-01-02, UTC, 2030-01-02T00:00:00",
        "+4h, Europe/Oslo, 2026-03-29T03:30:00",
        "+1 day, UTC, 2026-03-29T23:30:00",
        "+ 2 weeks, UTC, 2026-04-11T23:30:00",
        "+1mo, UTC, 2026-04-28T23:30:00",
        "+90 seconds, UTC, 2026-03-28T23:31:30",
        "+1day +10 min, UTC, 2026-03-29T23:40:00",
        "+1d+1h, UTC, 2026-03-30T00:30:00",
        "9:05, Europe/Oslo, 2026-03-29T07:05:00",
        "18:30, UTC, 2026-03-28T18:30:00",
    })
    void timesAreOfTheirZoneOrCountFromNow(String since, String zone, String expected) {
        assertThat(only(Map.of("workflow", "w", "since", since, "timezone", zone, "until", since))
                        .request())
                .isEqualTo(Map.of("workflow_id", "w", "since", expected, "until", expected));
    }

    @Test
    void withoutATimeItBeginsAtOnceAndTheRestIsPassedOn() {
        assertThat(only(Map.of(
                                "workflow",
                                "w",
                                "rrule",
                                "FREQ=DAILY",
                                "slip",
                                5,
                                "stop_on_fail",
                                true,
                                "weekdays",
                                List.of("MO"),
                                "workflow_parameters",
                                Map.of("a", 1)))
                        .request())
                .isEqualTo(Map.of(
                        "workflow_id",
                        "w",
                        "rrule",
                        "FREQ=DAILY",
                        "slip",
                        5,
                        "stop_on_fail",
                        true,
                        "weekdays",
                        List.of("MO"),
                        "parameters",
                        Map.of("a", 1),
                        "since",
                        "2026-03-28T23:30:00"));
        assertThat(only(Map.of("workflow", "w", "stop_after_fail", true, "default_enabled", false))
                        .request())
                .containsEntry("stop_on_fail", true)
                .containsEntry("enabled", false);
        assertThat(DefaultSchedule.of(Map.of(), NOW)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "since | soon | has `soon` as since, which is no time",
                "since | +1 fortnight | has `+1 fortnight` as since, which is no time",
                "since | +1 day + | has `+1 day +` as since, which is no time",
                "since | 25:00 | has `25:00` as since, which is no time",
                "until | 2030-13-01 10:00 | has `2030-13-01 10:00` as until, which is no time",
                "timezone | Nowhere/Town | has the unknown timezone `Nowhere/Town`",
                "when | now | has the unknown key `when`",
            })
    void whatCannotBeUnderstoodIsRefused(String key, String value, String text) {
        assertThatThrownBy(() -> only(Map.of("workflow", "w", key, value)))
                .isInstanceOfSatisfying(ManagerException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.DEPLOYMENT_CREATION);
                    assertThat(refused.detail()).isEqualTo("the default schedule `s` of the blueprint " + text);
                });
        assertThatThrownBy(() -> only(Map.of("since", "+1 day")))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refused -> assertThat(refused.detail()).contains("names no workflow"));
    }
}
