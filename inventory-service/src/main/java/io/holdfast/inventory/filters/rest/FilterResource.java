package io.holdfast.inventory.filters.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.filters.FilterRules;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.filters.app.ChangeFilter;
import io.holdfast.inventory.filters.app.SavedFilters;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Source: cloudify-api section 14. */
@Path("/internal/inventory/filters/{kind: blueprints|deployments}")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class FilterResource {

    private final SavedFilters filters;
    private final ChangeFilter change;
    private final Directory directory;
    private final ObjectMapper mapper;
    private final CurrentCaller caller;

    public FilterResource(
            SavedFilters filters, ChangeFilter change, Directory directory, ObjectMapper mapper, CurrentCaller caller) {
        this.filters = filters;
        this.change = change;
        this.directory = directory;
        this.mapper = mapper;
        this.caller = caller;
    }

    private static Filtered filtered(String kind) {
        return kind.equals("blueprints") ? Filtered.BLUEPRINTS : Filtered.DEPLOYMENTS;
    }

    @GET
    public ObjectNode list(@PathParam("kind") String kind, @Context UriInfo uri) {
        return filters.list(filtered(kind), ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("kind") String kind, @PathParam("id") String id, @Context UriInfo uri) {
        return filters.get(filtered(kind), id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode put(@PathParam("kind") String kind, @PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        ResourceId.check("filter_id", id);
        JsonBody body = JsonBody.of(json);
        JsonNode rules = body.requiredList("filter_rules");
        Visibility visibility = Visibility.of(body.textIfGiven("visibility"));
        Rights.requireFor(visibility, caller.identity());
        String createdBy = body.text("created_by");
        Origin origin = Origin.of(
                createdBy == null ? body.text("creator") : createdBy,
                body.text("created_at"),
                directory,
                caller.identity());
        change.create(
                filtered(kind),
                id,
                FilterRules.of(raw(rules), filtered(kind)),
                visibility,
                origin.createdBy(),
                origin.createdAt(),
                caller.identity());
        return present(kind, id);
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode patch(@PathParam("kind") String kind, @PathParam("id") String id, @Nullable JsonNode json) {
        ResourceId.check("filter_id", id);
        JsonBody body = JsonBody.of(json);
        if (body.fields().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Update a filter request must include at least one parameter to update",
                    null);
        }
        JsonNode rules = body.listIfGiven("filter_rules");
        String visibilityText = body.textIfGiven("visibility");
        Visibility visibility = visibilityText == null ? null : Visibility.of(visibilityText);
        if (visibility != null) {
            Rights.requireFor(visibility, caller.identity());
        }
        change.change(
                filtered(kind),
                id,
                rules == null ? null : FilterRules.of(raw(rules), filtered(kind)),
                visibility,
                caller.identity());
        return present(kind, id);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("kind") String kind, @PathParam("id") String id) {
        ResourceId.check("filter_id", id);
        change.remove(filtered(kind), id, caller.identity());
    }

    private List<?> raw(JsonNode rules) {
        return mapper.convertValue(rules, List.class);
    }

    private ObjectNode present(String kind, String id) {
        return filters.get(filtered(kind), id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }
}
