package io.holdfast.gateway.audit.app;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How requests have ended, on its way into the log. It is written aside, for clients do not wait for it; but who has an answer and
 * then reads the log, finds it there. Safe for use by many threads.
 */
@ApplicationScoped
public class AnswersUnderWay {

    /** A database that takes longer keeps nobody from reading what is there. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Set<CompletableFuture<Void>> underWay = ConcurrentHashMap.newKeySet();

    /** To be called before the client can have the answer. @return to be run when it is written, or cannot be */
    public Runnable begin() {
        CompletableFuture<Void> written = new CompletableFuture<>();
        underWay.add(written);
        return () -> {
            underWay.remove(written);
            written.complete(null);
        };
    }

    /** Waits until all that is under way now is written, but not for long. On a worker thread. */
    public void await() {
        CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
