package io.holdfast.restore.requests;

import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.swap.SwapResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The records of restores. Changes join the caller's transaction; those of a running restore ask for its claim. */
public interface Restores {

    /**
     * Notes a request.
     *
     * @return false if another restore has not ended yet: then nothing is noted
     */
    boolean add(
            String id, String snapshotId, String tenantName, String requestedBy, Instant at, RestoreOptions options);

    Optional<Restore> find(String id);

    /** Newest first. */
    List<Restore> list(int offset, int limit);

    long total();

    /** Those that have not ended, hold the gate, or have not logged their lines. */
    List<Restore> unfinished();

    /** The salt of the request, while it has not ended. */
    @Nullable
    String hashSalt(String id);

    /** Takes a restore that nobody has begun. False if somebody has. */
    boolean begin(String id, String claimToken, Instant now);

    /** Notes where it is. False if the claim is lost. */
    boolean enter(String id, String claimToken, RestoreStatus status, String phase, Instant now);

    /** The sign of life, with how far it is. False if the claim is lost. */
    boolean progress(String id, String claimToken, long expected, long done, long rows, Instant now);

    /** Notes what the archive says of itself and what was loaded. */
    void describe(String id, Map<String, Object> source, Map<String, Object> counts, List<String> warnings);

    /** Notes that the gate may be held. */
    void gateHeld(String id, boolean held);

    void linesLogged(String id);

    /** Ends a restore that did not swap. False if it has ended already: then a swap has committed. */
    boolean fail(String id, String error, @Nullable String errorCode, @Nullable String hint, Instant now);

    /** Ends a dry run. */
    boolean completeDryRun(
            String id, SwapResult result, Map<String, Object> counts, List<Decision> decisions, Instant now);

    /** What the restore rule decided, by time. */
    List<Decision> decisions(String id, int limit);

    /** All of them, without holding them in memory. */
    void forEachDecision(String id, Consumer<Decision> reader);
}
