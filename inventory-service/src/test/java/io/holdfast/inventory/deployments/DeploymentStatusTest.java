package io.holdfast.inventory.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentStatusTest {

    @ParameterizedTest
    @CsvSource({
        "terminated, active, good",
        "terminated, inactive, requires_attention",
        "failed, active, requires_attention",
        "cancelled, active, good",
        "cancelled, inactive, requires_attention",
        "pending, inactive, in_progress",
        "started, active, in_progress",
        "kill_cancelling, active, in_progress",
        "queued, active, good",
        "scheduled, inactive, requires_attention",
    })
    void followsTheNewestExecutionAndTheInstances(String execution, String installation, String expected) {
        assertThat(DeploymentStatus.of(DeploymentStatus.shown(execution), installation, List.of())
                        .wireName())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "good, good, good",
        "good, requires_attention, requires_attention",
        "in_progress, requires_attention, requires_attention",
        "in_progress, good, in_progress",
        ", , good",
        "good, unheard-of, good",
    })
    void isNoBetterThanWhatIsBelowIt(String services, String environments, String expected) {
        assertThat(DeploymentStatus.of("completed", "active", Arrays.asList(services, environments))
                        .wireName())
                .isEqualTo(expected);
    }
}
