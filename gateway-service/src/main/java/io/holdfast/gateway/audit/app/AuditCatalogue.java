package io.holdfast.gateway.audit.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads of the audit log, oldest first unless a request sorts otherwise. */
public interface AuditCatalogue {

    /** The entries that are asked for; null: no matter. */
    record Wanted(
            @Nullable String creator,
            @Nullable String executionId,
            @Nullable Instant since,
            long afterId,
            long upToId) {

        /** Of any id. */
        public Wanted(@Nullable String creator, @Nullable String executionId, @Nullable Instant since) {
            this(creator, executionId, since, 0, Long.MAX_VALUE);
        }

        /** The same of those whose ids are greater than one and not greater than another. */
        public Wanted between(long after, long upTo) {
            return new Wanted(creator, executionId, since, after, upTo);
        }
    }

    /** @param request page, order and projection; its filters are not looked at */
    Listing list(ListRequest request, Wanted wanted, CallerIdentity caller);

    /** The greatest id up to which no entry will be added any more. */
    long horizon();

    /** The greatest id that was given out. */
    long given();
}
