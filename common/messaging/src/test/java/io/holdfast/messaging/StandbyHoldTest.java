package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.role.NodeRole;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

class StandbyHoldTest {

    private final AtomicInteger taken = new AtomicInteger();
    private final CompletableFuture<Void> givenBack = new CompletableFuture<>();
    private final Message<byte[]> message =
            Message.of(new byte[0], () -> CompletableFuture.completedStage(null), reason -> {
                givenBack.complete(null);
                return CompletableFuture.completedStage(null);
            });

    private CompletionStage<Void> take(Message<byte[]> delivered) {
        taken.incrementAndGet();
        return delivered.ack();
    }

    @Test
    void whatCameFromABrokerOfAllNodesIsGivenBackForTheActiveOne() throws Exception {
        StandbyHold.until(NodeRole.inCluster(true), message, this::take)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertThat(givenBack).isCompleted();
        assertThat(taken).hasValue(0);
    }

    @Test
    void whatCameFromTheNodesOwnBrokerIsHeld() {
        CompletionStage<Void> held = StandbyHold.until(NodeRole.inCluster(false), message, this::take);

        // longer than a message of a shared broker is held
        assertThatThrownBy(() -> givenBack.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(held.toCompletableFuture()).isNotDone();
        assertThat(taken).hasValue(0);
    }

    @Test
    void anActiveNodeTakesItAtOnce() {
        StandbyHold.until(NodeRole.alone(), message, this::take);

        assertThat(taken).hasValue(1);
        assertThat(givenBack).isNotDone();
    }
}
