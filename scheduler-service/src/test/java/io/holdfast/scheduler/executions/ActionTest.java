package io.holdfast.scheduler.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionTest {

    @ParameterizedTest
    @CsvSource({
        "cancel, pending, cancelling",
        "cancel, started, cancelling",
        "cancel, scheduled, cancelled",
        "cancel, queued, cancelled",
        "force-cancel, cancelling, force_cancelling",
        "force-cancel, started, force_cancelling",
        "kill, scheduled, cancelled",
        "kill, force_cancelling, kill_cancelling",
        "resume, failed, pending",
        "resume, cancelled, pending",
        "resume, started, pending",
        "force-resume, failed, pending",
        "requeue, scheduled, scheduled",
    })
    void allowedActionsLeadWhereTheTableSays(String action, String from, String to) {
        assertThat(Action.of(action).appliedTo(in(from)).wireName()).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({
        "cancel, terminated, Can't cancel execution e1 because it's in status terminated",
        "cancel, cancelling, Can't cancel execution e1 because it's in status cancelling",
        "force-cancel, failed, Can't force-cancel execution e1 because it's in status failed",
        "kill, cancelled, Can't kill execution e1 because it's in status cancelled",
        "resume, terminated, Cannot resume execution: `e1` in state: `terminated`",
        "force-resume, started, Cannot force-resume execution: `e1` in state: `started`",
        "requeue, pending, Cannot requeue execution: `e1` in state: `pending`",
    })
    void otherActionsAreRefusedWithTheTextOfTheApi(String action, String from, String message) {
        assertThatThrownBy(() -> Action.of(action).appliedTo(in(from)))
                .isInstanceOf(ManagerException.class)
                .hasMessage(message);
    }

    private static Execution in(String status) {
        return new Execution(
                "t",
                "e1",
                "install",
                "d",
                null,
                null,
                ExecutionStatus.of(status),
                null,
                false,
                false,
                false,
                false,
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                null,
                "tenant",
                "admin",
                null,
                0,
                Execution.Turn.ORDINARY);
    }
}
