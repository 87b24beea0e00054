package io.holdfast.scheduler.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.scheduler.operations.OperationState.Told;
import org.junit.jupiter.api.Test;

/** Expected texts are those of the product for the same operations. */
class OperationStateTest {

    private static final String TASK = "RemoteWorkflowTask";
    private static final String PART = "SubgraphTask";

    @Test
    void eachStateIsToldWithTheNameOfTheTask() {
        assertThat(first(TASK, "sending")).isEqualTo("Sending task 'p.create'");
        assertThat(first(TASK, "started")).isEqualTo("Task started 'p.create'");
        assertThat(first(TASK, "succeeded")).isEqualTo("Task succeeded 'p.create'");
        assertThat(first(TASK, "rescheduled")).isEqualTo("Task rescheduled 'p.create'");
        assertThat(first(TASK, "failed")).isEqualTo("Task failed 'p.create'");
    }

    @Test
    void whatConsistsOfOthersIsASubgraph() {
        assertThat(first(PART, "started")).isEqualTo("Subgraph started 'p.create'");
        assertThat(first(PART, "succeeded")).isEqualTo("Subgraph succeeded 'p.create'");
        assertThat(first(PART, "failed")).isEqualTo("Subgraph failed 'p.create'");
    }

    @Test
    void aSuccessTellsItsResultAndAFailureWhy() {
        assertThat(new Told(TASK, "p.create", "succeeded", "10.0.0.1", "unheard", 0, 60).message())
                .isEqualTo("Task succeeded 'p.create' - 10.0.0.1");
        assertThat(new Told(TASK, "p.create", "failed", "unheard", "no disk", 0, 60).message())
                .isEqualTo("Task failed 'p.create' -> no disk");
        assertThat(new Told(TASK, "p.create", "rescheduled", null, "not yet", 0, 60).message())
                .isEqualTo("Task rescheduled 'p.create' -> not yet");
        assertThat(new Told(TASK, "p.create", "started", "unheard", "unheard", 0, 60).message())
                .isEqualTo("Task started 'p.create'");
    }

    @Test
    void aRetryIsCounted() {
        assertThat(new Told(TASK, "p.create", "sending", null, null, 2, 60).message())
                .isEqualTo("Sending task 'p.create' [retry 2/60]");
        assertThat(new Told(TASK, "p.create", "failed", null, "no disk", 3, -1).message())
                .isEqualTo("Task failed 'p.create' -> no disk [retry 3]");
    }

    private static String first(String type, String state) {
        return new Told(type, "p.create", state, null, null, 0, 60).message();
    }
}
