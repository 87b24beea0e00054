package io.holdfast.cluster.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant T1 = T0.plusSeconds(60);
    private static final String RESTORE = "restore r1";

    private static final Gate ACTIVATED =
            Gate.OPEN.activate("admin", T0).orElseThrow().settle(T1).orElseThrow();

    @Test
    void anOperatorsModeWaitsUntilNothingIsUnfinished() {
        Gate activating = Gate.OPEN.activate("admin", T0).orElseThrow();
        assertThat(activating.state()).isEqualTo(new GateState(GateStatus.ACTIVATING, null, "admin", T0, null));
        assertThat(ACTIVATED.state()).isEqualTo(new GateState(GateStatus.ACTIVATED, null, "admin", T0, T1));
    }

    @Test
    void whatIsOnCannotBeActivatedAgainAndWhatIsOffCannotBeDeactivated() {
        assertThat(ACTIVATED.activate("other", T1)).isEmpty();
        assertThat(Gate.OPEN.deactivate()).isEmpty();
        assertThat(Gate.OPEN.settle(T1)).isEmpty();
        assertThat(ACTIVATED.settle(T1)).isEmpty();
    }

    @Test
    void aHoldClosesTheGateAtOnce() {
        assertThat(Gate.OPEN.enter(RESTORE, "admin", T0).state())
                .isEqualTo(new GateState(GateStatus.ACTIVATED, RESTORE, "admin", T0, T0));
    }

    @Test
    void theEndOfAHoldLeavesAnOperatorsModeAsItWas() {
        assertThat(ACTIVATED.enter(RESTORE, "r", T1).leave(RESTORE)).isEqualTo(ACTIVATED);
        assertThat(Gate.OPEN.enter(RESTORE, "r", T1).leave(RESTORE)).isEqualTo(Gate.OPEN);
    }

    @Test
    void enteringAndLeavingTwiceIsLikeOnce() {
        Gate held = Gate.OPEN.enter(RESTORE, "r", T0);
        assertThat(held.enter(RESTORE, "r", T1)).isEqualTo(held);
        assertThat(held.leave(RESTORE).leave(RESTORE)).isEqualTo(Gate.OPEN);
    }

    @Test
    void anothersHoldIsNotLiftedExceptByLeavingWhateverItIs() {
        Gate held = Gate.OPEN.enter(RESTORE, "r", T0);
        assertThat(held.leave("restore r2")).isEqualTo(held);
        assertThat(held.leave(null)).isEqualTo(Gate.OPEN);
    }

    @Test
    void onlyScheduledExecutionsDoNotDelayMaintenance() {
        assertThat(new UnfinishedExecution("e", "scheduled", null, null).delaysMaintenance())
                .isFalse();
        for (String status : new String[] {"pending", "started", "queued", "cancelling", "kill_cancelling"}) {
            assertThat(new UnfinishedExecution("e", status, null, null).delaysMaintenance())
                    .as(status)
                    .isTrue();
        }
    }
}
