package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.testsupport.faults.FaultKind;
import io.holdfast.testsupport.faults.FaultTrial.Outcome;
import io.holdfast.testsupport.faults.FaultTrial.Result;
import io.holdfast.testsupport.history.Violation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailoverReportTest {

    @Test
    void outagesAreThoseOfFaultsThatMayInterrupt() {
        // given
        Outcome outcome = new Outcome(
                List.of(
                        result(FaultKind.NODE_KILL, true, 400, 1_000),
                        result(FaultKind.PARTITION, true, 1_300, 2_500),
                        result(FaultKind.NODE_KILL, true, 600, 1_500),
                        result(FaultKind.FLAP, true, 360, 10)),
                List.of(new Violation(Violation.Rule.ACKNOWLEDGED_WRITE_LOST, "wn1-7")),
                1000,
                7,
                1);
        // when
        List<String> fields = new FailoverReport(outcome).fields("");
        // then
        assertThat(fields)
                .contains(
                        "\"faults\":4",
                        "\"acknowledged_writes_lost\":1",
                        "\"outage_p50_ms\":600",
                        "\"outage_max_ms\":1300",
                        "\"undisturbed_max_ms\":360",
                        "\"node_crash_p50_ms\":400",
                        "\"switchover_p50_ms\":null",
                        "\"rejoin_max_s\":2.50",
                        "\"unexpected_failovers\":1");
    }

    @Test
    void percentilesAreMeasuredValues() {
        List<Long> values = List.of(1L, 2L, 3L, 4L);
        assertThat(FailoverReport.percentile(values, 50)).isEqualTo(2);
        assertThat(FailoverReport.percentile(values, 99)).isEqualTo(4);
        assertThat(FailoverReport.percentile(List.of(), 50)).isNull();
    }

    @Test
    void optionsThatCannotBeAreRefusedWithWhatIsExpected() {
        assertThatThrownBy(() -> FailoverOptions.parse(List.of("--only", "earthquake")))
                .hasMessageContaining("earthquake")
                .hasMessageContaining("node_kill");
        assertThatThrownBy(() -> FailoverOptions.parse(List.of("--faults", "0")))
                .hasMessageContaining("at least 1");
        assertThat(FailoverOptions.parse(List.of("--peer", "--faults", "3")).faults())
                .isEqualTo(3);
        assertThat(FailoverOptions.parse(List.of("--witness")).witness()).isTrue();
    }

    private static Result result(FaultKind kind, boolean failedOver, long outageMillis, long rejoinMillis) {
        return new Result(kind, "n1", failedOver, Duration.ofMillis(outageMillis), Duration.ofMillis(rejoinMillis));
    }
}
