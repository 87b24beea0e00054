package io.holdfast.scheduler.reading.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;

/** Events and logs, oldest first. */
public interface EventCatalogue {

    /** The API's own default page size for events. */
    int DEFAULT_SIZE = 10_000;

    /**
     * Filters are those of events (cloudify-api section 12): {@code message} and {@code operation} are patterns with {@code %}, a
     * filter by {@code level} means logs, one by {@code event_type} means events, {@code _range=field,from,to} bounds a time.
     */
    Listing list(ListRequest request, CallerIdentity caller);
}
