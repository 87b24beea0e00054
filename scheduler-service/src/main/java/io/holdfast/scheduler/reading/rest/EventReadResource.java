package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.EventCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

@Path("/internal/scheduler/events")
public class EventReadResource {

    private final EventCatalogue events;
    private final CurrentCaller caller;

    public EventReadResource(EventCatalogue events, CurrentCaller caller) {
        this.events = events;
        this.caller = caller;
    }

    /** The one envelope without {@code filtered} (cloudify-api section 1.6). */
    @GET
    public ObjectNode list(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters(), EventCatalogue.DEFAULT_SIZE, Set.of());
        ObjectNode envelope = events.list(request, caller.identity()).toJson();
        envelope.withObject("/metadata").remove("filtered");
        return envelope;
    }
}
