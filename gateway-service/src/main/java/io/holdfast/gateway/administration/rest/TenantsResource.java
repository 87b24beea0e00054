package io.holdfast.gateway.administration.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.gateway.access.app.Directory;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.administration.app.AdmitToTenant;
import io.holdfast.gateway.administration.app.ManageTenants;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;

/** Changes of tenants and of who is in them. Source: cloudify-api section 11. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class TenantsResource {

    private static final String USER = "username";
    private static final String GROUP = "group_name";
    private static final String TENANT = "tenant_name";
    private static final String ROLE = "role";

    private final ManageTenants manageTenants;
    private final AdmitToTenant admitToTenant;
    private final Directory directory;
    private final CurrentCaller current;
    private final CurrentVertxRequest request;
    private final ObjectMapper json;

    public TenantsResource(
            ManageTenants manageTenants,
            AdmitToTenant admitToTenant,
            Directory directory,
            CurrentCaller current,
            CurrentVertxRequest request,
            ObjectMapper json) {
        this.manageTenants = manageTenants;
        this.admitToTenant = admitToTenant;
        this.directory = directory;
        this.current = current;
        this.request = request;
        this.json = json;
    }

    /** A broker password in the body is accepted and not used: tenants have no broker accounts of their own. */
    @POST
    @Path("/tenants/{name}")
    public Response create(@RestPath String name) {
        manageTenants.create(name);
        return Response.status(201).entity(shown(name)).build();
    }

    /** A tenant of this name, which is refused: its URL is taken. */
    @POST
    @Path("/tenants/users")
    public Response createUsers() {
        return create("users");
    }

    /** As {@link #createUsers}. */
    @POST
    @Path("/tenants/user-groups")
    public Response createUserGroups() {
        return create("user-groups");
    }

    @DELETE
    @Path("/tenants/{name}")
    public void delete(@RestPath String name) {
        manageTenants.delete(name);
    }

    @PUT
    @Path("/tenants/users")
    public ObjectNode addUser(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String tenant = tenant(parameters, USER, "tenant_add_user");
        manageTenants.addUser(
                parameters.requiredText(USER),
                tenant,
                parameters.textIfGiven(ROLE).orElse(null));
        return shown(tenant);
    }

    @PATCH
    @Path("/tenants/users")
    public ObjectNode changeUser(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String tenant = tenant(parameters, USER, "tenant_update_user");
        manageTenants.changeUser(
                parameters.requiredText(USER),
                tenant,
                parameters.textIfGiven(ROLE).orElse(null));
        return shown(tenant);
    }

    @DELETE
    @Path("/tenants/users")
    public void removeUser(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String tenant = tenant(parameters, USER, "tenant_remove_user");
        manageTenants.removeUser(parameters.requiredTextOrNull(USER), tenant);
    }

    @PUT
    @Path("/tenants/user-groups")
    public ObjectNode addGroup(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String tenant = tenant(parameters, GROUP, "tenant_add_group");
        manageTenants.addGroup(
                parameters.requiredText(GROUP),
                tenant,
                parameters.textIfGiven(ROLE).orElse(null));
        return shown(tenant);
    }

    @PATCH
    @Path("/tenants/user-groups")
    public ObjectNode changeGroup(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String tenant = tenant(parameters, GROUP, "tenant_update_group");
        manageTenants.changeGroup(
                parameters.requiredText(GROUP),
                tenant,
                parameters.textIfGiven(ROLE).orElse(null));
        return shown(tenant);
    }

    @DELETE
    @Path("/tenants/user-groups")
    public void removeGroup(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String tenant = tenant(parameters, GROUP, "tenant_remove_group");
        manageTenants.removeGroup(parameters.requiredTextOrNull(GROUP), tenant);
    }

    /**
     * It is there, and the caller may do this in it: what else a body says is looked at only then.
     *
     * @param member what in the body names who is put in or out
     */
    private String tenant(JsonBody parameters, String member, String permission) {
        String tenant = parameters.requiredText(TENANT);
        if (ResourceId.isLegal(tenant)) {
            // Also of what is refused because of rights.
            request.getCurrent()
                    .put(
                            Changed.KEY,
                            new Changed(tenant, tenant, identifier(tenant, member, parameters.textual(member))));
        }
        admitToTenant.admit(current.identity(), permission, tenant);
        return ResourceId.check(TENANT, tenant);
    }

    /** As the client shows users and names of other things. */
    private static Map<String, String> identifier(String tenant, String member, Optional<String> name) {
        return name.filter(ResourceId::isLegal)
                .map(legal -> Map.of(TENANT, tenant, member.equals(USER) ? USER : "name", legal))
                .orElse(Map.of());
    }

    private ObjectNode shown(String tenant) {
        return directory.tenant(tenant, ListRequest.all(), current.identity()).json();
    }
}
