package io.holdfast.scheduler.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        "kill, kill_cancelling, kill_cancelling",
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
        "kill, cancelled, Can't kill execution e1 because it's in status cancelled",
        "force-cancel, failed, Can't force-cancel execution e1 because it's in status failed",
        "resume, terminated, Cannot resume execution: `e1` in state: `terminated`",
        "force-resume, started, Cannot force-resume execution: `e1` in state: `started`",
        "requeue, pending, Cannot requeue execution: `e1` in state: `pending`",
    })
    void otherActionsAreRefusedWithTheTextOfTheApi(String action, String from, String message) {
        assertThatThrownBy(() -> Action.of(action).appliedTo(in(from)))
                .isInstanceOf(ManagerException.class)
                .hasMessage(message);
    }

    /** Source: cloudify-api section 4; that killing and requeueing what has ended is a conflict, is ours. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cancel       | pending started                                   | queued scheduled | ILLEGAL_ACTION | Can't cancel execution e1 because it's in status %s
                    force-cancel | pending started cancelling                        | queued scheduled | ILLEGAL_ACTION | Can't force-cancel execution e1 because it's in status %s
                    kill         | pending started cancelling force_cancelling kill_cancelling | queued scheduled | CONFLICT | Can't kill execution e1 because it's in status %s
                    resume       | failed cancelled started                          |                  | CONFLICT       | Cannot resume execution: `e1` in state: `%s`
                    force-resume | failed cancelled                                  |                  | CONFLICT       | Cannot force-resume execution: `e1` in state: `%s`
                    requeue      | scheduled                                         |                  | CONFLICT       | Cannot requeue execution: `e1` in state: `%s`
                    """)
    void everyActionInEveryStatusIsAllowedOrRefusedAsTheTableSays(
            String name, String allowed, @Nullable String endedAtOnce, ErrorCode code, String message) {
        Action action = Action.of(name);
        for (ExecutionStatus status : ExecutionStatus.values()) {
            String from = status.wireName();
            if (endedAtOnce != null && List.of(endedAtOnce.split(" ")).contains(from)) {
                assertThat(action.appliedTo(in(from))).as(from).isEqualTo(ExecutionStatus.CANCELLED);
            } else if (List.of(allowed.split(" ")).contains(from)) {
                assertThat(action.appliedTo(in(from))).as(from).isNotNull();
            } else {
                assertThatThrownBy(() -> action.appliedTo(in(from)))
                        .as(from)
                        .isInstanceOfSatisfying(
                                ManagerException.class,
                                refusal -> assertThat(refusal.code()).isEqualTo(code))
                        .hasMessage(message.formatted(from));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kill, terminated, false",
        "kill, failed, false",
        "kill, cancelled, false",
        "kill, kill_cancelling, false",
        "kill, started, true",
        "kill, queued, true",
        "resume, started, false",
        "resume, failed, true",
    })
    void amongSeveralOnlyThoseAreKilledOrResumedThatRunOrDoNot(String action, String status, boolean open) {
        assertThat(Action.of(action).isOpenTo(in(status))).isEqualTo(open);
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
