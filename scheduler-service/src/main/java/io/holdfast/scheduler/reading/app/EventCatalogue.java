package io.holdfast.scheduler.reading.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import java.util.List;
import java.util.function.Consumer;

/** Events and logs, oldest first. */
public interface EventCatalogue {

    /** The API's own default page size for events. */
    int DEFAULT_SIZE = 10_000;

    /**
     * Filters are those of events (cloudify-api section 12): {@code message} and {@code operation} are patterns with {@code %}, a
     * filter by {@code level} means logs, one by {@code event_type} means events, {@code _range=field,from,to} bounds a time.
     */
    Listing list(ListRequest request, CallerIdentity caller);

    /**
     * Deletes what {@link #list} would find in the caller's tenant, whatever the page.
     *
     * @return how many events and logs there were
     */
    int delete(ListRequest request, CallerIdentity caller);

    /** As {@link #delete(ListRequest, CallerIdentity)}. @param each gets each of them, as JSON of its row, oldest first */
    int delete(ListRequest request, CallerIdentity caller, Consumer<String> each);

    /** As {@link #list}, those whose {@code _storage_id} is greater than one and not greater than another, all of them, by it. */
    List<Row> between(ListRequest request, CallerIdentity caller, long after, long upTo);

    /** The greatest {@code _storage_id} up to which nothing will be added any more. Behind by a look, and zero at the first. */
    long horizon();

    /** The greatest {@code _storage_id} that was given out. Only a restore takes it back. */
    long given();
}
