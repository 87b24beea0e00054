package io.holdfast.messaging;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the broker has said about the messages that are on their way through one channel: confirmed, refused, or returned because no
 * queue wanted them. A return comes before the confirm of the same message and outweighs it. One thread publishes and waits; the
 * client's thread reports.
 */
final class Confirms {

    static final String UNROUTABLE = "unroutable";
    static final String REFUSED = "refused by the broker";

    private final Deque<Batch> waiting = new ArrayDeque<>();
    private int onTheWay;
    private @Nullable ShutdownSignalException broken;
    private final Runnable onNews;

    /** @param onNews called when all of some batch is settled, and when nothing will be any more; must only signal */
    Confirms(Runnable onNews) {
        this.onNews = onNews;
    }

    /** Messages that were published one after the other, whose delivery tags are therefore consecutive. */
    static final class Batch {

        private final Confirms confirms;
        private final long firstTag;
        private final List<OutgoingMessage> messages;
        private final BitSet settled;
        private final Map<OutgoingMessage, String> failed = new LinkedHashMap<>();
        private final long publishedNanos = System.nanoTime();
        private long settledNanos = publishedNanos;

        private Batch(Confirms confirms, long firstTag, List<OutgoingMessage> messages) {
            this.confirms = confirms;
            this.firstTag = firstTag;
            this.messages = messages;
            this.settled = new BitSet(messages.size());
        }

        int size() {
            return messages.size();
        }

        /** From the first publishing to the last confirm. */
        Duration waited() {
            return Duration.ofNanos(settledNanos - publishedNanos);
        }

        /** Waits for all. The messages that the broker did not take, with the reason. */
        Map<OutgoingMessage, String> await(Duration patience)
                throws IOException, TimeoutException, InterruptedException {
            return confirms.await(this, patience);
        }

        /** As {@link #await}, but does not wait: false if something is missing that may still come. */
        boolean isConfirmed(Duration patience) throws IOException, TimeoutException {
            return confirms.isReached(this::isSettled, patience);
        }

        private boolean isSettled() {
            return settled.cardinality() == messages.size();
        }

        /** Whether this was the last one that was missing. */
        private boolean settle(long tag, boolean multiple, boolean taken) {
            int last = (int) Math.min(tag - firstTag, messages.size() - 1);
            int first = multiple ? settled.nextClearBit(0) : last;
            if (tag < firstTag || !multiple && tag - firstTag >= messages.size() || isSettled()) {
                return false;
            }
            for (int i = first; i <= last; i++) {
                if (!settled.get(i)) {
                    settled.set(i);
                    confirms.onTheWay--;
                    if (!taken) {
                        failed.putIfAbsent(messages.get(i), REFUSED);
                    }
                }
            }
            settledNanos = System.nanoTime();
            return isSettled();
        }

        private boolean returned(String messageId, String why) {
            for (OutgoingMessage message : messages) {
                if (message.messageId().equals(messageId)) {
                    failed.put(message, why);
                    return true;
                }
            }
            return false;
        }
    }

    /** Call it before the first of them is published. */
    synchronized Batch expect(long firstTag, List<OutgoingMessage> messages) {
        Batch batch = new Batch(this, firstTag, messages);
        waiting.add(batch);
        return batch;
    }

    /** The next of them leaves now. */
    synchronized void published() {
        onTheWay++;
    }

    /** Waits until at most so many messages are published and not settled. */
    void awaitAtMost(int most, Duration patience) throws IOException, TimeoutException, InterruptedException {
        await(() -> onTheWay <= most, patience);
    }

    synchronized void settled(long tag, boolean multiple, boolean taken) {
        boolean complete = false;
        for (Batch batch : waiting) {
            complete |= batch.settle(tag, multiple, taken);
        }
        notifyAll();
        if (complete) {
            onNews.run();
        }
    }

    synchronized void returned(String messageId, String why) {
        for (Batch batch : waiting) {
            if (batch.returned(messageId, why)) {
                return;
            }
        }
    }

    synchronized void broken(ShutdownSignalException cause) {
        broken = cause;
        notifyAll();
        onNews.run();
    }

    private synchronized Map<OutgoingMessage, String> await(Batch batch, Duration patience)
            throws IOException, TimeoutException, InterruptedException {
        await(batch::isSettled, patience);
        waiting.remove(batch);
        return batch.failed;
    }

    private synchronized void await(BooleanSupplier reached, Duration patience)
            throws IOException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isReached(reached, Duration.ofNanos(deadline - System.nanoTime()))) {
            wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }

    /** False if it may still be. */
    private synchronized boolean isReached(BooleanSupplier reached, Duration patience)
            throws IOException, TimeoutException {
        if (reached.getAsBoolean()) {
            return true;
        }
        ShutdownSignalException cause = broken;
        if (cause != null) {
            throw new IOException("the channel closed before all was confirmed: " + cause.getMessage(), cause);
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new TimeoutException("the broker did not confirm within holdfast.messaging.confirm-timeout");
        }
        return false;
    }
}
