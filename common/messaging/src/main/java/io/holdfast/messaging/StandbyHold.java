package io.holdfast.messaging;

import io.holdfast.role.NodeRole;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * What becomes of a message on a node that is not active. From a broker of its own it is held, unacknowledged, until the node is active:
 * given back it would come again at once, and count as a failed delivery each time. From a broker that all nodes share it is given back
 * after a moment, for the active node to take: held here it would be out of that one's reach.
 */
public final class StandbyHold {

    /** Below the half hour after which RabbitMQ closes the channel of a consumer that does not acknowledge. */
    private static final Duration LONGEST = Duration.ofMinutes(20);

    /** So that nothing spins while the active node has all that it can take; far from the deliveries that a queue allows for a message. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private StandbyHold() {}

    /**
     * @param take on the calling thread if the node is active, else later on a worker thread
     * @return completes when the message is acknowledged or given back
     */
    public static CompletionStage<Void> until(
            NodeRole role, Message<byte[]> message, Function<Message<byte[]>, CompletionStage<Void>> take) {
        if (role.isActive()) {
            return take.apply(message);
        }
        Duration limit = role.isBrokerShared() ? MOMENT : LONGEST;
        CompletableFuture<Boolean> active = role.whenActive()
                .thenApply(now -> true)
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    if (failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException) {
                        return false;
                    }
                    throw new CompletionException(failure);
                });
        return active.thenComposeAsync(
                now -> now ? until(role, message, take) : message.nack(new TimeoutException("this node is not active")),
                Infrastructure.getDefaultWorkerPool());
    }
}
