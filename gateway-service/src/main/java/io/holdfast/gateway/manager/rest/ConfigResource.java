package io.holdfast.gateway.manager.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.manager.KeptSettings.Kept;
import io.holdfast.gateway.manager.RoleCatalogue;
import io.holdfast.gateway.manager.Setting;
import io.holdfast.gateway.manager.SettingSchema;
import io.holdfast.gateway.manager.app.Settings;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** The settings that clients read and administrators change. Source: cloudify-api section 15. */
@Path("/internal/gateway/config")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ConfigResource {

    private static final String AUTHORIZATION = "authorization";

    private final Settings settings;
    private final RoleCatalogue roles;
    private final CurrentCaller caller;
    private final ObjectMapper json;

    public ConfigResource(Settings settings, RoleCatalogue roles, CurrentCaller caller, ObjectMapper json) {
        this.settings = settings;
        this.roles = roles;
        this.caller = caller;
        this.json = json;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        String scope = uri.getQueryParameters().getFirst("scope");
        ObjectNode answer = json.createObjectNode();
        answer.putObject("metadata");
        ArrayNode items = answer.putArray("items");
        settings.all().stream()
                .filter(setting -> scope == null || setting.scope().equals(scope))
                .forEach(setting -> items.add(shown(setting)));
        if (scope == null || scope.equals(AUTHORIZATION)) {
            addAuthorization(answer.putObject(AUTHORIZATION));
        }
        return answer;
    }

    private void addAuthorization(ObjectNode authorization) {
        ArrayNode shownRoles = authorization.putArray("roles");
        for (RoleCatalogue.Role role : roles.roles()) {
            shownRoles
                    .addObject()
                    .put("name", role.name())
                    .put("type", role.type())
                    .put("description", role.description());
        }
        ObjectNode permissions = authorization.putObject("permissions");
        for (Map.Entry<String, List<String>> permission :
                roles.rolesByPermission().entrySet()) {
            ArrayNode holders = permissions.putArray(permission.getKey());
            permission.getValue().forEach(holders::add);
        }
    }

    /** @param name with or without {@code scope.} */
    @GET
    @Path("/{name}")
    public ObjectNode get(@RestPath String name, @Context UriInfo uri) {
        return ListRequest.parseGet(uri.getQueryParameters()).only(shown(settings.get(name)));
    }

    /** {@code force} changes nothing: what cannot be edited is configured where the manager runs. */
    @PUT
    @Path("/{name}")
    @Consumes(MediaType.WILDCARD)
    public ObjectNode put(@RestPath String name, InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        Object value = json.convertValue(parameters.required("value"), Object.class);
        parameters.bool("force");
        return shown(settings.change(name, value, caller.identity().username()));
    }

    private ObjectNode shown(Setting setting) {
        SettingSchema schema = setting.schema();
        Kept kept = setting.kept();
        ObjectNode shown = json.createObjectNode().put("name", setting.name());
        shown.set("value", json.valueToTree(setting.value()));
        shown.set(
                "schema",
                schema == null
                        ? json.nullNode()
                        : json.createObjectNode().put("type", schema.type()).put("minimum", schema.minimum()));
        return shown.put("is_editable", setting.editable())
                .put("admin_only", false)
                .put("updated_at", kept == null ? null : ApiTime.format(kept.updatedAt()))
                .put("scope", setting.scope())
                .put("updater_name", kept == null ? null : kept.updatedBy());
    }
}
