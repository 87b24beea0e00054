package io.holdfast.gateway.manager.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.LockPolicy;
import io.holdfast.gateway.access.app.LockConfig;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.manager.RoleCatalogue;
import io.holdfast.gateway.manager.Setting;
import io.holdfast.gateway.manager.app.ManagerConfig;
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

/** The settings that clients read, with their present values. Nothing of it can be edited here. Source: cloudify-api section 15. */
@Path("/internal/gateway/config")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ConfigResource {

    private static final String REST = "rest";
    private static final String AUTHORIZATION = "authorization";

    private final List<Setting> settings;
    private final RoleCatalogue roles;
    private final ObjectMapper json;

    public ConfigResource(ManagerConfig config, LockConfig locks, RoleCatalogue roles, ObjectMapper json) {
        LockPolicy policy = locks.policy();
        long lockMinutes = policy.period().toMinutes();
        this.settings = List.of(
                new Setting(REST, "default_page_size", ListRequest.DEFAULT_SIZE),
                new Setting(REST, "failed_logins_before_account_lock", policy.allowedFailures()),
                new Setting(REST, "account_lock_period", lockMinutes > 0 ? lockMinutes : -1),
                new Setting(REST, "insecure_endpoints_disabled", true),
                new Setting(REST, "blueprint_folder_max_size_mb", 50),
                new Setting(REST, "blueprint_folder_max_files", 10_000),
                new Setting(REST, "public_ip", config.address()));
        this.roles = roles;
        this.json = json;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        String scope = uri.getQueryParameters().getFirst("scope");
        ObjectNode answer = json.createObjectNode();
        answer.putObject("metadata");
        ArrayNode items = answer.putArray("items");
        settings.stream()
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
    public ObjectNode get(@RestPath String name) {
        return settings.stream()
                .filter(setting -> name.equals(setting.name()) || name.equals(setting.scope() + "." + setting.name()))
                .findFirst()
                .map(this::shown)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "Requested `Config` with ID `" + name + "` was not found", null));
    }

    /** The settings shown here are configured where the manager runs, each at one place. */
    @PUT
    @Path("/{name}")
    @Consumes(MediaType.WILDCARD)
    public ObjectNode put(@RestPath String name, InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        parameters.required("value");
        parameters.flag("force");
        ObjectNode setting = get(name);
        throw new ManagerException(
                ErrorCode.CONFLICT,
                setting.path("name").asText() + " is not editable",
                "it is set in the manager's own configuration, see docs/configuration.md");
    }

    private ObjectNode shown(Setting setting) {
        ObjectNode shown = json.createObjectNode().put("name", setting.name());
        shown.set("value", json.valueToTree(setting.value()));
        return shown.putNull("schema")
                .put("is_editable", false)
                .put("admin_only", false)
                .putNull("updated_at")
                .put("scope", setting.scope())
                .putNull("updater_name");
    }
}
