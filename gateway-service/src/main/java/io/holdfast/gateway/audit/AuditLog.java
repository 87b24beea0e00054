package io.holdfast.gateway.audit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where changes are written down. */
public interface AuditLog {

    /**
     * Committed before the request is carried out, and durable with whatever the request changes, so that nothing is done that nobody
     * knows of. Not to be called in a transaction, which then would not wait for the disk either; nor is {@link #end}.
     *
     * @return the entry's id, for {@link #end}
     */
    long begin(AuditEntry entry);

    /**
     * @param status HTTP status of the answer
     * @param changed what was made or changed, where the request's path does not name it; null: not known
     */
    void end(long id, int status, @Nullable Changed changed);

    /** Adds what another log holds, all of it or nothing. */
    void carry(List<CarriedEntry> entries);

    /**
     * Forgets what was written up to a time, that time included. Entries of truncations themselves stay.
     *
     * @param creator of this user only; null for all
     * @param executionId of this execution only; null for all
     * @return how many entries were forgotten
     */
    int truncate(Instant before, @Nullable String creator, @Nullable String executionId);
}
