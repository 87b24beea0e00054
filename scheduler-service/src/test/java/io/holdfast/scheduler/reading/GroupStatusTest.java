package io.holdfast.scheduler.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GroupStatusTest {

    @Test
    void theStatusOfAGroupFollowsFromThoseOfItsExecutions() {
        assertThat(GroupStatus.of(List.of())).isEmpty();
        assertThat(GroupStatus.of(List.of("pending", "pending"))).contains("pending");
        assertThat(GroupStatus.of(List.of("pending", "queued"))).contains("queued");
        assertThat(GroupStatus.of(List.of("scheduled"))).contains("queued");
        assertThat(GroupStatus.of(List.of("terminated", "cancelled"))).contains("terminated");
        assertThat(GroupStatus.of(List.of("terminated", "failed"))).contains("failed");
        assertThat(GroupStatus.of(List.of("terminated", "pending"))).contains("started");
        assertThat(GroupStatus.of(List.of("started"))).contains("started");
        assertThat(GroupStatus.of(List.of("failed", "cancelling"))).contains("started");
    }
}
