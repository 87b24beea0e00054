package io.holdfast.gateway.manager.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestPath;

/** Archives of a manager's own logs, which this manager does not make: there are none. Source: cloudify-api section 15. */
@Path("/internal/gateway/log-bundles")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class LogBundlesResource {

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters());
        return Listing.envelope(JsonNodeFactory.instance.arrayNode(), 0, request.size(), request.offset());
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@RestPath String id) {
        throw missing(id);
    }

    @PUT
    @Path("/{id}")
    public ObjectNode create(@RestPath String id, InputStream body) {
        throw new ManagerException(
                ErrorCode.METHOD_NOT_ALLOWED,
                "Log bundles are not made by this manager",
                "each node's logs are in the folder `logs` of its data, see docs/operating.md");
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@RestPath String id, InputStream body) {
        throw missing(id);
    }

    @DELETE
    @Path("/{id}")
    public ObjectNode delete(@RestPath String id) {
        throw missing(id);
    }

    @GET
    @Path("/{id}/archive")
    public ObjectNode download(@RestPath String id) {
        throw missing(id);
    }

    private static ManagerException missing(String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `LogBundle` with ID `" + id + "` was not found", null);
    }
}
