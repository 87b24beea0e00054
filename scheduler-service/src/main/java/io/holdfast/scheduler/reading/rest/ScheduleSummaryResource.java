package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.ScheduleCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

/** How many schedules there are by one of their fields, or by two. */
@Path("/internal/scheduler/summary/execution_schedules")
@Blocking
public class ScheduleSummaryResource {

    private final ScheduleCatalogue schedules;
    private final CurrentCaller caller;

    ScheduleSummaryResource(ScheduleCatalogue schedules, CurrentCaller caller) {
        this.schedules = schedules;
        this.caller = caller;
    }

    @GET
    public ObjectNode summary(@Context UriInfo uri) {
        return schedules.summary(ListRequest.parse(uri.getQueryParameters()), caller.identity());
    }
}
