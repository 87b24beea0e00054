package io.holdfast.inventory.sites.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.inventory.sites.Location;
import io.holdfast.inventory.sites.app.ChangeSite;
import io.holdfast.inventory.sites.app.Sites;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Source: cloudify-api section 14. */
@Path("/internal/inventory/sites")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class SiteResource {

    private final Sites catalogue;
    private final ChangeSite change;
    private final Directory directory;
    private final CurrentCaller caller;

    public SiteResource(Sites catalogue, ChangeSite change, Directory directory, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.change = change;
        this.directory = directory;
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
        ResourceId.check("name", name);
        return catalogue
                .get(name, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode put(@PathParam("name") String name, @Nullable JsonNode json) {
        caller.tenant();
        ResourceId.check("name", name);
        JsonBody body = JsonBody.of(json);
        Visibility visibility = Visibility.of(body.textIfGiven("visibility"));
        Rights.requireFor(visibility, caller.identity());
        ChangeSite.Place place = place(body);
        Origin origin = Origin.of(body.text("created_by"), body.text("created_at"), directory, caller.identity());
        change.create(
                name,
                place == null ? null : place.location(),
                visibility,
                origin.createdBy(),
                origin.createdAt(),
                caller.identity());
        return present(name);
    }

    @POST
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode update(@PathParam("name") String name, @Nullable JsonNode json) {
        ResourceId.check("name", name);
        JsonBody body = JsonBody.of(json);
        String visibilityText = body.textIfGiven("visibility");
        Visibility visibility = visibilityText == null ? null : Visibility.of(visibilityText);
        if (visibility != null) {
            Rights.requireFor(visibility, caller.identity());
        }
        String newName = body.textIfGiven("new_name");
        if (newName == null || newName.isEmpty() || newName.equals(name)) {
            newName = null;
        } else {
            ResourceId.check("new_name", newName);
        }
        change.change(name, place(body), visibility, newName, caller.identity());
        return present(newName == null ? name : newName);
    }

    @DELETE
    @Path("/{name}")
    public void delete(@PathParam("name") String name) {
        ResourceId.check("name", name);
        change.remove(name, caller.identity());
    }

    /** Null: the body says nothing of it. The empty text is nowhere. */
    private static ChangeSite.@Nullable Place place(JsonBody body) {
        String location = body.textIfGiven("location");
        if (location == null) {
            return null;
        }
        return new ChangeSite.Place(location.isEmpty() ? null : Location.of(location));
    }

    private ObjectNode present(String name) {
        return catalogue
                .get(name, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }
}
