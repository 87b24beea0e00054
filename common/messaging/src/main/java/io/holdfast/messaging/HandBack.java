package io.holdfast.messaging;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Gives messages back to the broker that can be neither handled nor kept, mostly as the database is away. Each waits for as long as
 * nothing has succeeded, a second at least and 30 s at most: many that fail together wait no longer than one. Thread-safe.
 */
public final class HandBack {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier nanos;
    private final AtomicLong failingSince = new AtomicLong(NEVER);

    public HandBack() {
        this(System::nanoTime);
    }

    HandBack(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A message was handled or kept. */
    public void succeeded() {
        failingSince.set(NEVER);
    }

    /** How long one that fails now is to wait. */
    public Duration pause() {
        long now = nanos.getAsLong();
        failingSince.compareAndSet(NEVER, now);
        long since = failingSince.get();
        Duration failing = Duration.ofNanos(since == NEVER ? 0 : now - since);
        if (failing.compareTo(FIRST_PAUSE) < 0) {
            return FIRST_PAUSE;
        }
        return failing.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : failing;
    }

    /** Completes when it is given back. */
    public static CompletionStage<Void> after(Duration pause, Message<byte[]> message, Throwable why) {
        return CompletableFuture.supplyAsync(
                        () -> message, CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS))
                .thenCompose(waited -> waited.nack(why));
    }
}
