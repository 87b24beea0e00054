package io.holdfast.inventory.secrets.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.inventory.secrets.app.ChangeSecret;
import io.holdfast.inventory.secrets.app.ExportSecrets;
import io.holdfast.inventory.secrets.app.ImportSecrets;
import io.holdfast.inventory.secrets.app.Secrets;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Source: cloudify-api section 10. */
@Path("/internal/inventory/secrets")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class SecretResource {

    private final Secrets catalogue;
    private final ChangeSecret change;
    private final ExportSecrets exports;
    private final ImportSecrets imports;
    private final Directory directory;
    private final CurrentCaller caller;

    public SecretResource(
            Secrets catalogue,
            ChangeSecret change,
            ExportSecrets exports,
            ImportSecrets imports,
            Directory directory,
            CurrentCaller caller) {
        this.catalogue = catalogue;
        this.change = change;
        this.exports = exports;
        this.imports = imports;
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
    @Path("/{key}")
    public ObjectNode get(@PathParam("key") String key, @Context UriInfo uri) {
        ResourceId.check("key", key);
        return catalogue
                .get(key, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @PUT
    @Path("/{key}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode put(@PathParam("key") String key, @Nullable JsonNode json) {
        caller.tenant();
        ResourceId.check("key", key);
        JsonBody body = JsonBody.of(json);
        if (!body.fields().has("value") && !body.has("provider_name")) {
            throw bad("Missing value in json request body");
        }
        JsonNode value = body.has("value") ? body.fields().get("value") : null;
        String provider = body.text("provider_name");
        if ((value == null || isEmpty(value)) && provider == null) {
            throw bad("Cannot create a secret with empty value or provider: " + key);
        }
        boolean updateIfExists = body.flagIfGiven("update_if_exists", false);
        Visibility visibility = Visibility.of(body.textIfGiven("visibility"));
        Rights.requireFor(visibility, caller.identity());
        change.put(
                new ChangeSecret.Wanted(
                        key,
                        value,
                        schema(body),
                        body.flagIfGiven("is_hidden_value", false),
                        provider,
                        body.object("provider_options"),
                        visibility),
                updateIfExists,
                caller.identity());
        return present(key);
    }

    @PATCH
    @Path("/{key}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode patch(@PathParam("key") String key, @Nullable JsonNode json) {
        ResourceId.check("key", key);
        JsonBody body = JsonBody.of(json);
        if (body.fields().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Update a secret request must include at least one parameter to update",
                    null);
        }
        String visibilityText = body.textIfGiven("visibility");
        Visibility visibility = visibilityText == null ? null : Visibility.of(visibilityText);
        if (visibility != null) {
            Rights.requireFor(visibility, caller.identity());
        }
        JsonNode value = body.has("value") ? body.fields().get("value") : null;
        change.change(
                key,
                new ChangeSecret.Change(
                        value == null || isEmpty(value) ? null : value,
                        schema(body),
                        body.has("is_hidden_value") ? body.flag("is_hidden_value", false) : null,
                        body.text("provider_name"),
                        body.object("provider_options"),
                        visibility,
                        Origin.of(body.textIfGiven("creator"), null, directory, caller.identity())
                                .createdBy()),
                caller.identity());
        return present(key);
    }

    @PATCH
    @Path("/{key}/set-visibility")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode setVisibility(@PathParam("key") String key, @Nullable JsonNode json) {
        Visibility visibility = Visibility.ofChange(JsonBody.of(json).requiredText("visibility"));
        Rights.requireFor(visibility, caller.identity());
        change.visibility(key, visibility, caller.identity());
        return present(key);
    }

    @PATCH
    @Path("/{key}/set-global")
    public ObjectNode setGlobal(@PathParam("key") String key) {
        Rights.requireFor(Visibility.GLOBAL, caller.identity());
        change.visibility(key, Visibility.GLOBAL, caller.identity());
        return present(key);
    }

    @DELETE
    @Path("/{key}")
    public void delete(@PathParam("key") String key) {
        ResourceId.check("key", key);
        change.remove(key, caller.identity());
    }

    @GET
    @Path("/share/export")
    public ArrayNode export(@Context UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        Map<String, List<String>> all = new LinkedHashMap<>(query);
        all.keySet().removeAll(List.of("_include", "_size", "_offset", "_sort"));
        all.put("_get_all_results", List.of("true"));
        return exports.export(
                ListRequest.parse(all),
                query.getFirst("_passphrase"),
                ListRequest.flag(query, "_include_metadata", false),
                ListRequest.parse(Map.of("_include", query.getOrDefault("_include", List.of())))
                        .include(),
                caller.identity());
    }

    @POST
    @Path("/share/import")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode take(@Nullable JsonNode json) {
        CallerIdentity identity = caller.identity();
        JsonBody body = JsonBody.of(json);
        return imports.take(
                new ImportSecrets.Request(
                        body.requiredList("secrets_list"),
                        tenants(body),
                        body.textIfGiven("passphrase"),
                        body.requiredFlag("override_collisions")),
                identity);
    }

    private static Map<String, String> tenants(JsonBody body) {
        ObjectNode map = body.objectIfGiven("tenant_map");
        Map<String, String> tenants = new LinkedHashMap<>();
        if (map != null) {
            map.properties().forEach(entry -> {
                if (!entry.getValue().isTextual()) {
                    throw bad("tenant_map maps `" + entry.getKey() + "` to no name of a tenant");
                }
                tenants.put(entry.getKey(), entry.getValue().asText());
            });
        }
        return tenants;
    }

    private static @Nullable JsonNode schema(JsonBody body) {
        return body.object("schema");
    }

    /** What counts as no value: nothing, no text, zero, false. */
    private static boolean isEmpty(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.asText().isEmpty();
            case ARRAY, OBJECT -> value.isEmpty();
            case NUMBER -> value.asDouble() == 0;
            case BOOLEAN -> !value.asBoolean();
            default -> true;
        };
    }

    /** Without the value, which only reading it tells. */
    private ObjectNode present(String key) {
        return catalogue
                .get(key, ListRequest.parseGet(Map.of("_skip_value", List.of("true"))), caller.identity())
                .json();
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
