package io.holdfast.scheduler.executions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionsTest {

    @ParameterizedTest
    @CsvSource({
        "pending, started",
        "pending, failed",
        "pending, terminated",
        "pending, cancelled",
        "started, terminated",
        "started, failed",
        "started, cancelling",
        "started, kill_cancelling",
        "cancelling, cancelled",
        "cancelling, failed",
        "force_cancelling, cancelled",
        "force_cancelling, failed",
        "kill_cancelling, cancelled",
        "kill_cancelling, failed",
        "queued, cancelled",
    })
    void clientsReportWhatBecameOfAnExecution(String from, String to) {
        assertThat(Transitions.isReportable(ExecutionStatus.of(from), ExecutionStatus.of(to)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "cancelling, terminated",
        "cancelling, started",
        "cancelling, pending",
        "cancelling, force_cancelling",
        "cancelling, kill_cancelling",
        "force_cancelling, terminated",
        "force_cancelling, cancelling",
        "force_cancelling, kill_cancelling",
        "terminated, started",
        "failed, pending",
        "cancelled, terminated",
        "failed, queued",
        "scheduled, pending",
        "queued, pending",
    })
    void whatIsBeingStoppedOrHasEndedIsNotReportedToRunOrToBeWell(String from, String to) {
        assertThat(Transitions.isReportable(ExecutionStatus.of(from), ExecutionStatus.of(to)))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void reportingTheStatusThatItHasIsAlwaysFine(ExecutionStatus status) {
        assertThat(Transitions.isReportable(status, status)).isTrue();
    }
}
