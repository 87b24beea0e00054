package io.holdfast.inventory.plugins.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.content.rest.Downloads;
import io.holdfast.inventory.plugins.app.Plugins;
import io.holdfast.listing.ListRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

@Path("/internal/inventory/plugins")
public class PluginResource {

    private final Plugins plugins;
    private final Downloads downloads;
    private final CurrentCaller caller;

    public PluginResource(Plugins plugins, Downloads downloads, CurrentCaller caller) {
        this.plugins = plugins;
        this.downloads = downloads;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return plugins.list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return plugins.get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @GET
    @Path("/{id}/archive")
    public Response archive(@PathParam("id") String id, @Context UriInfo uri) {
        boolean full = ListRequest.flag(uri.getQueryParameters(), "full_archive", false);
        return downloads.answer(plugins.archive(id, full, caller.identity()));
    }

    @GET
    @Path("/{id}/yaml")
    public Response yaml(@PathParam("id") String id) {
        Plugins.File yaml = plugins.yaml(id, caller.identity());
        return Response.ok(yaml.bytes(), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_DISPOSITION, Downloads.disposition(yaml.name()))
                .build();
    }
}
