package io.holdfast.inventory.searches.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.FilterRules;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Source: cloudify-api section 15. Query parameters are those of the lists. */
@Path("/internal/inventory/searches")
@Blocking
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class SearchResource {

    private final Blueprints blueprints;
    private final Deployments deployments;
    private final ObjectMapper mapper;
    private final CurrentCaller caller;

    public SearchResource(Blueprints blueprints, Deployments deployments, ObjectMapper mapper, CurrentCaller caller) {
        this.blueprints = blueprints;
        this.deployments = deployments;
        this.mapper = mapper;
        this.caller = caller;
    }

    @POST
    @Path("/blueprints")
    public ObjectNode blueprints(@Context UriInfo uri, @Nullable JsonNode json) {
        return blueprints
                .search(
                        rules(json, Filtered.BLUEPRINTS),
                        ListRequest.parse(uri.getQueryParameters()),
                        caller.identity())
                .toJson();
    }

    @POST
    @Path("/deployments")
    public ObjectNode deployments(@Context UriInfo uri, @Nullable JsonNode json) {
        return deployments
                .search(
                        rules(json, Filtered.DEPLOYMENTS),
                        ListRequest.parse(uri.getQueryParameters()),
                        caller.identity())
                .toJson();
    }

    private List<FilterRule> rules(@Nullable JsonNode json, Filtered filtered) {
        JsonBody body = JsonBody.of(json);
        if (body.has("constraints")) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "constraints are not available in this version", "send filter_rules");
        }
        JsonNode rules = body.list("filter_rules");
        return rules == null ? List.of() : FilterRules.of(mapper.convertValue(rules, List.class), filtered);
    }
}
