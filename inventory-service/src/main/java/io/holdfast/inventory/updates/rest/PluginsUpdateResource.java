package io.holdfast.inventory.updates.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.OptionalBody;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.inventory.updates.PluginChoice;
import io.holdfast.inventory.updates.app.PluginsUpdates;
import io.holdfast.inventory.updates.app.UpdatePlugins;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/plugins-updates")
@Blocking
public class PluginsUpdateResource {

    private static final String INITIATE = "initiate";
    private static final String FINALIZE = "finalize";

    /** The parameters and their types, in the order in which the existing API looks at them. */
    private static final Map<String, BiConsumer<JsonBody, String>> TYPES = types();

    /** What only an update that is carried over says. */
    private static final List<String> DETAILS = List.of(
            "created_by",
            "creator",
            "created_at",
            "update_id",
            "execution_id",
            "state",
            "affected_deployments",
            "deployments_per_tenant",
            "temp_blueprint_id");

    private final PluginsUpdates catalogue;
    private final UpdatePlugins update;
    private final Directory directory;
    private final CurrentCaller caller;

    public PluginsUpdateResource(
            PluginsUpdates catalogue, UpdatePlugins update, Directory directory, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.update = update;
        this.directory = directory;
        this.caller = caller;
    }

    private static Map<String, BiConsumer<JsonBody, String>> types() {
        BiConsumer<JsonBody, String> text = JsonBody::textIfGiven;
        BiConsumer<JsonBody, String> list = JsonBody::listIfGiven;
        BiConsumer<JsonBody, String> object = JsonBody::objectIfGiven;
        BiConsumer<JsonBody, String> flag = (body, name) -> body.boolIfGiven(name, false);
        Map<String, BiConsumer<JsonBody, String>> types = new LinkedHashMap<>();
        types.put("plugin_names", list);
        types.put("all_to_latest", flag);
        types.put("to_latest", list);
        types.put("all_to_minor", flag);
        types.put("to_minor", list);
        types.put("mapping", object);
        types.put("force", flag);
        types.put("auto_correct_types", flag);
        types.put("reevaluate_active_statuses", flag);
        types.put("all_tenants", flag);
        types.put("created_by", text);
        types.put("creator", text);
        types.put("created_at", text);
        types.put("update_id", text);
        types.put("execution_id", text);
        types.put("state", text);
        types.put("affected_deployments", list);
        types.put("temp_blueprint_id", text);
        types.put("deployments_per_tenant", object);
        return types;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return catalogue
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return catalogue
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    /**
     * {@code initiate} with a blueprint's id begins an update, or carries one over; {@code finalize} with an update's ends it.
     */
    @POST
    @Path("/{id}/update/{phase}")
    @OptionalBody
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode update(@PathParam("id") String id, @PathParam("phase") String phase, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        TYPES.forEach((name, type) -> type.accept(body, name));
        return switch (phase) {
            case INITIATE ->
                present(
                        DETAILS.stream().anyMatch(body::has)
                                ? carryOver(id, body)
                                : update.initiate(id, request(body), caller.identity()));
            case FINALIZE -> {
                update.finish(id, caller.identity());
                yield present(id);
            }
            default ->
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the phase of an update is `" + phase + "`, expected " + INITIATE + " or " + FINALIZE,
                        null);
        };
    }

    private UpdatePlugins.Request request(JsonBody body) {
        boolean allTenants = body.flag("all_tenants", false);
        if (allTenants) {
            Rights.require("all_tenants", caller.identity());
        }
        return new UpdatePlugins.Request(
                new PluginChoice(
                        texts(body, "plugin_names"),
                        body.flag("all_to_latest", false),
                        texts(body, "to_latest"),
                        body.flag("all_to_minor", false),
                        texts(body, "to_minor"),
                        mapped(body)),
                body.flag("force", false),
                body.flag("auto_correct_types", false),
                body.flag("reevaluate_active_statuses", false),
                allTenants);
    }

    private static List<String> texts(JsonBody body, String name) {
        List<String> texts = body.texts(name);
        return texts == null ? List.of() : texts;
    }

    /** {@code mapping} is {@code {"updates": [{IMPORT: {"plugin_name", "suggested_version", …}}]}}: the first one of a plugin counts. */
    private static Map<String, String> mapped(JsonBody body) {
        Map<String, String> mapped = new LinkedHashMap<>();
        ObjectNode mapping = body.object("mapping");
        if (mapping != null) {
            for (JsonBody imports : new JsonBody(mapping).objects("updates")) {
                imports.fields().fieldNames().forEachRemaining(name -> {
                    ObjectNode one = imports.object(name);
                    if (one != null) {
                        JsonBody plugin = new JsonBody(one);
                        mapped.putIfAbsent(
                                plugin.requiredText("plugin_name"), plugin.requiredText("suggested_version"));
                    }
                });
            }
        }
        return mapped;
    }

    private String carryOver(String blueprint, JsonBody body) {
        Rights.require("set_plugin_update_details", caller.identity());
        String state = body.text("state");
        if (state == null || state.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "State must be supplied when overriding plugin update settings.", null);
        }
        Origin origin = Origin.of(
                body.has("created_by") ? body.text("created_by") : body.text("creator"),
                body.text("created_at"),
                directory,
                caller.identity());
        String id = body.text("update_id");
        if (id != null) {
            ResourceId.checkCharacters("update_id", id);
        }
        return update.carryOver(
                blueprint,
                new UpdatePlugins.CarriedOver(
                        id,
                        state,
                        body.text("execution_id"),
                        body.texts("affected_deployments"),
                        perTenant(body),
                        body.text("temp_blueprint_id"),
                        body.flag("force", false),
                        body.flag("all_tenants", false),
                        origin.createdBy(),
                        origin.createdAt()),
                caller.identity());
    }

    private static @Nullable Map<String, List<String>> perTenant(JsonBody body) {
        ObjectNode object = body.object("deployments_per_tenant");
        if (object == null) {
            return null;
        }
        JsonBody tenants = new JsonBody(object);
        Map<String, List<String>> deployments = new LinkedHashMap<>();
        object.fieldNames().forEachRemaining(tenant -> deployments.put(tenant, texts(tenants, tenant)));
        return deployments;
    }

    private ObjectNode present(String id) {
        return catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }
}
