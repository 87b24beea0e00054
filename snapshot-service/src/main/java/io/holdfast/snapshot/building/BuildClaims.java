package io.holdfast.snapshot.building;

import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.StoredArchive;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Claims on builds. A claim is an instance's, lives by its heartbeat and is good for one attempt: whatever an instance does under a
 * claim that is no longer its own has no effect. All calls inside the caller's transaction.
 */
public interface BuildClaims {

    /** @param attempt 1 for the first */
    record Claim(Snapshot snapshot, String instanceId, int attempt) {}

    /** A snapshot whose attempts are used up. */
    record Exhausted(Snapshot snapshot, int attempts) {}

    /** Takes the oldest snapshot that nobody builds, or whose builder's heartbeat is older than {@code aliveSince}. */
    Optional<Claim> claimNext(String instanceId, Instant now, Instant aliveSince, int maxAttempts);

    /** Marks as failed, with {@code error}, what nobody builds and what has no attempts left. */
    List<Exhausted> failExhausted(Instant now, Instant aliveSince, int maxAttempts, String error);

    /** Lets go of all that this instance holds: at its start, when whatever it held is dead. @return how many */
    int release(String instanceId);

    /** Says that the builder lives, and how far it is. @return false if the claim is no longer its own */
    boolean heartbeat(Claim claim, Instant now, BuildProgress progress);

    /** @return false if the claim is no longer its own; then nothing has changed */
    boolean complete(Claim claim, Instant now, StoredArchive archive, BuildProgress progress);

    /** @return false if the claim is no longer its own; then nothing has changed */
    boolean fail(Claim claim, Instant now, String error);
}
