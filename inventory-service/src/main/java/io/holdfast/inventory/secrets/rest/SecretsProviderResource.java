package io.holdfast.inventory.secrets.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.secrets.app.SecretsProviders;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/secrets-providers")
public class SecretsProviderResource {

    private final SecretsProviders catalogue;
    private final CurrentCaller caller;

    public SecretsProviderResource(SecretsProviders catalogue, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return catalogue
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{name}")
    public ObjectNode get(@PathParam("name") String name, @Context UriInfo uri) {
        return catalogue
                .get(name, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }
}
