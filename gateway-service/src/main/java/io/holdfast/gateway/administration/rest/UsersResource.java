package io.holdfast.gateway.administration.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.app.Directory;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.administration.app.ManageUsers;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.http.ApiTime;
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
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Changes of users. Source: cloudify-api section 11. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class UsersResource {

    private final ManageUsers manageUsers;
    private final Directory directory;
    private final CurrentCaller current;
    private final CurrentVertxRequest request;
    private final ObjectMapper json;

    public UsersResource(
            ManageUsers manageUsers,
            Directory directory,
            CurrentCaller current,
            CurrentVertxRequest request,
            ObjectMapper json) {
        this.manageUsers = manageUsers;
        this.directory = directory;
        this.current = current;
        this.request = request;
        this.json = json;
    }

    @PUT
    @Path("/users")
    public Response create(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        String username = parameters.requiredTextOrNull("username");
        manageUsers.create(new ManageUsers.Wanted(
                username,
                parameters.requiredTextOrNull("password"),
                parameters.text("role").orElse(null),
                parameters.flag("is_prehashed").orElse(false),
                time(parameters, "created_at"),
                time(parameters, "first_login_at"),
                time(parameters, "last_login_at")));
        request.getCurrent().put(Changed.KEY, Changed.of(username));
        return Response.status(201).entity(shown(username)).build();
    }

    @POST
    @Path("/users/{name}")
    public ObjectNode update(@RestPath String name, InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        manageUsers.update(
                name,
                parameters.text("password").filter(text -> !text.isEmpty()).orElse(null),
                parameters.text("role").filter(text -> !text.isEmpty()).orElse(null),
                parameters.flag("show_getting_started").orElse(null));
        return shown(name);
    }

    @DELETE
    @Path("/users/{name}")
    public void delete(@RestPath String name) {
        manageUsers.delete(name, current.identity().username());
    }

    @POST
    @Path("/users/active/{name}")
    public ObjectNode setActive(@RestPath String name, InputStream body) {
        String action = JsonBody.parse(json, body).requiredText("action");
        manageUsers.setActive(name, action, current.identity().username());
        return shown(name);
    }

    @POST
    @Path("/users/unlock/{name}")
    public ObjectNode unlock(@RestPath String name) {
        manageUsers.unlock(name);
        return shown(name);
    }

    private static @Nullable Instant time(JsonBody parameters, String name) {
        String text = parameters.text(name).orElse(null);
        try {
            return text == null || text.isEmpty() ? null : ApiTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    name + " is `" + text + "`, which is no time; expected ISO 8601",
                    "for example 2026-03-13T04:00:00.000Z",
                    e);
        }
    }

    private ObjectNode shown(String username) {
        return directory.user(username, ListRequest.all(), current.identity()).json();
    }
}
