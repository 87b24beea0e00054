package io.holdfast.inventory.secrets.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.inventory.secrets.app.ChangeSecretsProvider;
import io.holdfast.inventory.secrets.app.SecretsProviders;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The name of a new one is in the body, as clients of the API send it, or in the path. */
@Path("/internal/inventory/secrets-providers")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class SecretsProviderResource {

    private final SecretsProviders catalogue;
    private final ChangeSecretsProvider change;
    private final Directory directory;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    public SecretsProviderResource(
            SecretsProviders catalogue,
            ChangeSecretsProvider change,
            Directory directory,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.catalogue = catalogue;
        this.change = change;
        this.directory = directory;
        this.caller = caller;
        this.mapper = mapper;
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

    /** Makes one, or with {@code test} tries one out and keeps nothing. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Response put(@Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        if (body.flag("test", false)) {
            test(body);
            return Response.noContent().build();
        }
        return Response.ok(create(body.requiredText("name"), body)).build();
    }

    /** As the body describes it, or where it has no type the one of its name, as it is kept. */
    private void test(JsonBody body) {
        String type = body.text("type");
        String name = body.text("name");
        if (name == null || name.isEmpty() || type != null && !type.isEmpty()) {
            change.test(body.requiredText("type"), parameters(body.object("connection_parameters")));
            return;
        }
        SecretsProviders.Stored stored = catalogue.stored(name, caller.identity());
        String kept = stored.parameters();
        ObjectNode others = body.object("connection_parameters");
        if (others == null && kept != null) {
            others = JsonBody.parse(mapper, kept, "connection_parameters").fields();
        }
        change.test(stored.type(), parameters(others));
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode put(@PathParam("name") String name, @Nullable JsonNode json) {
        return create(name, JsonBody.of(json));
    }

    private ObjectNode create(String name, JsonBody body) {
        caller.tenant();
        ResourceId.check("name", name);
        String type = body.requiredText("type");
        Visibility visibility = Visibility.of(body.text("visibility"));
        Rights.requireFor(visibility, caller.identity());
        Origin origin = Origin.of(body.text("created_by"), body.text("created_at"), directory, caller.identity());
        change.create(
                name,
                type,
                text(body.object("connection_parameters")),
                visibility,
                origin.createdBy(),
                origin.createdAt(),
                caller.identity());
        return present(name);
    }

    @PATCH
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode patch(@PathParam("name") String name, @Nullable JsonNode json) {
        ResourceId.check("name", name);
        JsonBody body = JsonBody.of(json);
        if (body.fields().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Update a secrets provider request must include at least one parameter to update",
                    null);
        }
        String visibilityText = body.text("visibility");
        Visibility visibility = visibilityText == null ? null : Visibility.of(visibilityText);
        if (visibility != null) {
            Rights.requireFor(visibility, caller.identity());
        }
        change.change(
                name, body.text("type"), text(body.object("connection_parameters")), visibility, caller.identity());
        return present(name);
    }

    @DELETE
    @Path("/{name}")
    public void delete(@PathParam("name") String name) {
        ResourceId.check("name", name);
        change.remove(name, caller.identity());
    }

    private static @Nullable String text(@Nullable ObjectNode parameters) {
        return parameters == null ? null : parameters.toString();
    }

    private static Map<String, String> parameters(@Nullable ObjectNode given) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (given != null) {
            given.properties()
                    .forEach(entry ->
                            parameters.put(entry.getKey(), entry.getValue().asText()));
        }
        return parameters;
    }

    private ObjectNode present(String name) {
        return catalogue
                .get(name, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }
}
