package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many messages are on the way, and what became of them. */
class ConfirmsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration NONE = Duration.ofMillis(1);

    private final AtomicInteger news = new AtomicInteger();
    private final Confirms confirms = new Confirms(news::incrementAndGet);

    private List<OutgoingMessage> published(int count) {
        List<OutgoingMessage> messages = IntStream.range(0, count)
                .mapToObj(i -> OutgoingMessage.rebuildable(
                        "message-" + i,
                        "some.type.v1",
                        "subject",
                        "",
                        "queue",
                        "{}".getBytes(StandardCharsets.UTF_8),
                        Instant.EPOCH))
                .toList();
        for (int i = 0; i < count; i++) {
            confirms.published();
        }
        return messages;
    }

    @Test
    void waitsUntilFewEnoughAreOnTheWay() throws Exception {
        // given
        confirms.expect(1, published(4));
        confirms.awaitAtMost(4, NONE);
        assertThatThrownBy(() -> confirms.awaitAtMost(3, NONE)).isInstanceOf(TimeoutException.class);

        // when
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                confirms.awaitAtMost(1, PATIENCE);
            } catch (IOException | TimeoutException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        confirms.settled(2, true, true);
        assertThat(waiting).isNotDone();
        confirms.settled(4, false, false);

        // then
        waiting.get(1, TimeUnit.MINUTES);
    }

    @Test
    void theSameMessageIsSettledOnce() throws Exception {
        confirms.expect(1, published(3));
        confirms.settled(2, false, true);
        confirms.settled(2, true, true);
        confirms.awaitAtMost(1, NONE);
        assertThatThrownBy(() -> confirms.awaitAtMost(0, NONE)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aChannelThatClosesIsNotWaitedFor() {
        confirms.expect(1, published(2));
        confirms.broken(new ShutdownSignalException(true, false, null, null));
        assertThatThrownBy(() -> confirms.awaitAtMost(1, PATIENCE)).isInstanceOf(IOException.class);
    }

    @Test
    void itIsNewsWhenTheLastOfABatchIsSettledAndWhenTheChannelIsLost() throws Exception {
        // given
        Confirms.Batch first = confirms.expect(1, published(2));
        Confirms.Batch second = confirms.expect(3, published(2));
        // when
        confirms.settled(1, false, true);
        // then
        assertThat(first.isConfirmed(PATIENCE)).isFalse();
        assertThat(news).hasValue(0);
        // when
        confirms.settled(3, true, true);
        // then
        assertThat(first.isConfirmed(NONE)).isTrue();
        assertThat(second.isConfirmed(PATIENCE)).isFalse();
        assertThat(news).hasValue(1);
        // when
        confirms.broken(new ShutdownSignalException(true, false, null, null));
        // then
        assertThat(news).hasValue(2);
        assertThat(first.isConfirmed(NONE)).isTrue();
        assertThatThrownBy(() -> second.isConfirmed(PATIENCE)).isInstanceOf(IOException.class);
    }

    @Test
    void aBatchWhoseTimeIsUpIsNotWaitedForAnyMore() {
        Confirms.Batch batch = confirms.expect(1, published(1));
        assertThatThrownBy(() -> batch.isConfirmed(Duration.ZERO)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void whatIsRefusedIsToldWithItsReason() throws Exception {
        List<OutgoingMessage> messages = published(2);
        Confirms.Batch batch = confirms.expect(7, messages);
        confirms.settled(7, false, true);
        confirms.settled(8, false, false);
        assertThat(batch.await(PATIENCE)).isEqualTo(Map.of(messages.get(1), Confirms.REFUSED));
    }
}
