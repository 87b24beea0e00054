package io.holdfast.scheduler.deletion.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Executions that have ended, as far as a caller sees them. Every method joins the transaction at hand. */
public interface EndedExecutions {

    /** How many the request's filters match. */
    long count(ListRequest request, CallerIdentity caller);

    /**
     * Deletes the oldest that match, with their events, tasks graphs and history. Of each deployment the last execution that made it stays.
     *
     * @param before null: however young
     * @param most how many at once
     * @return how many it deleted; fewer than {@code most} means that there are no more
     */
    int deleteOldest(ListRequest request, CallerIdentity caller, @Nullable Instant before, int most);
}
