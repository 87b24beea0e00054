package io.holdfast.restore.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreRuleTest {

    private static final Instant T0 = Instant.parse("2020-03-13T06:00:00.000001Z");

    @ParameterizedTest
    @CsvSource({"1, RESCHEDULED", "0, OVERDUE", "-1, OVERDUE"})
    void strictlyLaterSurvivesAndExactlyNowIsOverdue(long microseconds, Fate expected) {
        assertThat(RestoreRule.of("scheduled", T0.plus(microseconds, ChronoUnit.MICROS), false, T0))
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "queued, QUEUED",
        "pending, CANCELLED",
        "started, CANCELLED",
        "cancelling, CANCELLED",
        "force_cancelling, CANCELLED",
        "kill_cancelling, CANCELLED",
        "scheduled, INVALID_SCHEDULE"
    })
    void whatHadNotEndedHasAFateWithoutATime(String status, Fate expected) {
        assertThat(RestoreRule.of(status, null, false, T0)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"terminated", "failed", "cancelled"})
    void whatHadEndedStaysAsItIs(String status) {
        assertThat(RestoreRule.of(status, T0, true, T0)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1969-12-31T23:59:59Z, OVERDUE",
        "0001-01-01T00:00:00Z, OVERDUE",
        "0000-12-31T23:59:59Z, INVALID_SCHEDULE",
        "9999-12-31T23:59:59Z, RESCHEDULED",
        "+10000-01-01T00:00:00Z, INVALID_SCHEDULE"
    })
    void oddTimesHaveAFate(Instant scheduledFor, Fate expected) {
        assertThat(RestoreRule.of("scheduled", scheduledFor, false, T0)).contains(expected);
    }

    @Test
    void theExecutionThatMadeTheSnapshotDidItsWork() {
        assertThat(RestoreRule.of("started", null, true, T0)).contains(Fate.TERMINATED);
    }

    @Test
    void theLineIsWordForWordWhatTheUsersWerePromised() {
        assertThat(RestoreRule.overdueLine("w1", Instant.parse("2020-03-13T04:00:00Z")))
                .isEqualTo("Execution w1 scheduled for 2020-03-13T04:00:00.000Z is overdue. Marking as FAILED.");
        assertThat(RestoreRule.overdueLine("w1", Instant.parse("2020-03-13T04:00:00.999999Z")))
                .isEqualTo("Execution w1 scheduled for 2020-03-13T04:00:00.999Z is overdue. Marking as FAILED.");
    }
}
