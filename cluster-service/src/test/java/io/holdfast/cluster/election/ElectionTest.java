package io.holdfast.cluster.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Row by row: what each event leads to. */
class ElectionTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final long MILLI = 1_000_000;

    private final Election election = new Election(Settings.DEFAULT);

    @Test
    void theOneVoterOfANewClusterElectsItselfAtOnce() {
        // given
        DurableState durable = DurableState.first(7, N1, 11, 0, List.of());
        State booted = election.boot(durable, 0).state();
        State standby = election.step(booted, new Event.StandbyStarted(7, new Position(1, Lsn.parse("0/1000"))), MILLI)
                .state();
        // when
        Step step = election.step(standby, new Event.Tick(), 2 * MILLI);
        // then
        assertThat(step.state().role()).isEqualTo(Role.ACTIVE_STARTING);
        assertThat(step.state().epoch()).isEqualTo(2);
        assertThat(step.actions().get(0))
                .isEqualTo(new Action.Persist(step.state().durable()));
        assertThat(step.actions()).contains(new Action.Promote(2, new SyncSetting(0, List.of())));
    }
}
