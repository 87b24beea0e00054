package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.scheduler.reading.app.DeleteEvents;
import io.holdfast.scheduler.reading.app.EventCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Events and logs of the manager API: lists and deletion. Source: cloudify-api section 12. */
@Path("/internal/scheduler/events")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class EventReadResource {

    private static final String STORE_BEFORE = "store_before";

    private final EventCatalogue events;
    private final DeleteEvents deleteEvents;
    private final CurrentCaller caller;
    private final ObjectMapper json;

    public EventReadResource(
            EventCatalogue events, DeleteEvents deleteEvents, CurrentCaller caller, ObjectMapper json) {
        this.events = events;
        this.deleteEvents = deleteEvents;
        this.caller = caller;
        this.json = json;
    }

    /** Without {@code filtered} (cloudify-api section 1.6). */
    @GET
    public ObjectNode list(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters(), EventCatalogue.DEFAULT_SIZE, Set.of());
        return events.list(request, caller.identity()).toUnfilteredJson();
    }

    /** The number of what was deleted is the only item. {@code store_before}: a file of the manager keeps it. */
    @DELETE
    public ObjectNode delete(@Context UriInfo uri) {
        Map<String, List<String>> parameters = uri.getQueryParameters();
        boolean keep = ListRequest.flag(parameters, STORE_BEFORE, false);
        ListRequest request = ListRequest.parse(parameters, EventCatalogue.DEFAULT_SIZE, Set.of(STORE_BEFORE));
        int deleted = deleteEvents.delete(request, caller.identity(), keep);
        return Listing.unfiltered(json.createArrayNode().add(deleted), deleted, request.size(), request.offset());
    }
}
