package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.listing.Summary;
import io.holdfast.scheduler.reading.app.ScheduleCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many schedules there are by one of their fields, or by two. */
@Path("/internal/scheduler/summary/execution_schedules")
@Blocking
public class ScheduleSummaryResource {

    private static final String COUNT = "execution_schedules";

    private static final List<String> FIELDS = List.of("deployment_id", "workflow_id", "tenant_name", "visibility");

    private final ScheduleCatalogue schedules;
    private final CurrentCaller caller;

    ScheduleSummaryResource(ScheduleCatalogue schedules, CurrentCaller caller) {
        this.schedules = schedules;
        this.caller = caller;
    }

    @GET
    public ObjectNode summary(
            @QueryParam("_target_field") @Nullable String target,
            @QueryParam("_sub_field") @Nullable String sub,
            @Context UriInfo uri) {
        String within = sub == null || sub.isEmpty() ? null : sub;
        Summary.check(target, within, FIELDS);
        String field = Objects.requireNonNull(target);
        Map<String, List<String>> parameters = new LinkedHashMap<>(uri.getQueryParameters());
        ListRequest asked = ListRequest.parse(parameters);
        parameters.put("_include", List.of(within == null ? field : field + "," + within));
        parameters.put("_get_all_results", List.of("true"));
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        for (Row row :
                schedules.list(ListRequest.parse(parameters), caller.identity()).rows()) {
            counts.computeIfAbsent(row.json().path(field).asText(), any -> new TreeMap<>())
                    .merge(within == null ? "" : row.json().path(within).asText(), 1, Integer::sum);
        }
        List<Group> groups = new ArrayList<>();
        counts.forEach((value, parts) -> parts.forEach((part, count) -> groups.add(new Group(value, part, count))));
        Map<String, ObjectNode> items = new LinkedHashMap<>();
        groups.stream()
                .skip(asked.offset())
                .limit(asked.allResults() ? Integer.MAX_VALUE : asked.size())
                .forEach(group -> {
                    ObjectNode item = items.computeIfAbsent(
                            group.value(),
                            value -> JsonNodeFactory.instance.objectNode().put(field, value));
                    item.put(COUNT, item.path(COUNT).asInt() + group.count());
                    if (within != null) {
                        item.withArray("/by " + within)
                                .addObject()
                                .put(within, group.part())
                                .put(COUNT, group.count());
                    }
                });
        return Listing.unfiltered(
                JsonNodeFactory.instance.arrayNode().addAll(items.values()),
                groups.size(),
                asked.size(),
                asked.offset());
    }

    /** Of a page there may be a part of an item's groups: these are what pages are made of. */
    private record Group(String value, String part, int count) {}
}
