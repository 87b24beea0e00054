package io.holdfast.gateway.administration.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.gateway.access.app.Directory;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.administration.Refusals;
import io.holdfast.gateway.administration.app.ManageGroups;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** Changes of groups and of who is in them. Source: cloudify-api section 11. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class GroupsResource {

    private final ManageGroups manageGroups;
    private final Directory directory;
    private final CurrentCaller current;
    private final CurrentVertxRequest request;
    private final ObjectMapper json;

    public GroupsResource(
            ManageGroups manageGroups,
            Directory directory,
            CurrentCaller current,
            CurrentVertxRequest request,
            ObjectMapper json) {
        this.manageGroups = manageGroups;
        this.directory = directory;
        this.current = current;
        this.request = request;
        this.json = json;
    }

    @POST
    @Path("/user-groups")
    public Response create(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String name = parameters.requiredText("group_name");
        manageGroups.create(
                name,
                parameters.text("ldap_group_dn").orElse(null),
                parameters.text("role").orElse(null));
        request.getCurrent().put(Changed.KEY, Changed.of(name));
        return Response.status(201).entity(shown(name)).build();
    }

    @POST
    @Path("/user-groups/{name}")
    public ObjectNode setRole(@RestPath String name, InputStream body) {
        String role = JsonBody.parse(json, body)
                .text("role")
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> Refusals.bad("`role` not provided"));
        manageGroups.setRole(name, role);
        return shown(name);
    }

    @DELETE
    @Path("/user-groups/{name}")
    public void delete(@RestPath String name) {
        manageGroups.delete(name);
    }

    @PUT
    @Path("/user-groups/users")
    public ObjectNode addUser(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String user = parameters.requiredTextOrNull("username");
        String group = parameters.requiredTextOrNull("group_name");
        manageGroups.addUser(user, group);
        changed(group, user);
        return shown(group);
    }

    @DELETE
    @Path("/user-groups/users")
    public void removeUser(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String user = parameters.requiredTextOrNull("username");
        String group = parameters.requiredTextOrNull("group_name");
        manageGroups.removeUser(user, group);
        changed(group, user);
    }

    private void changed(String group, String user) {
        request.getCurrent().put(Changed.KEY, new Changed(group, null, Map.of("name", group, "username", user)));
    }

    private ObjectNode shown(String group) {
        return directory.group(group, ListRequest.all(), current.identity()).json();
    }
}
