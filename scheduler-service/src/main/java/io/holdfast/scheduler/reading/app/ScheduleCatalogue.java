package io.holdfast.scheduler.reading.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;

/** Execution schedules with their coming occurrences. */
public interface ScheduleCatalogue {

    Listing list(ListRequest request, CallerIdentity caller);

    /** How many there are by one of their fields, or by two, which the request names. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);

    /** A schedule's id is unique only within its deployment. */
    Row get(String id, String deploymentId, ListRequest request, CallerIdentity caller);
}
