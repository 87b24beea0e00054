package io.holdfast.gateway.access.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.gateway.access.app.Directory;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestPath;

/** Tenants, users, groups and permissions as the manager API shows them. Source: cloudify-api section 11 and 14. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class DirectoryResource {

    private final Directory directory;
    private final CurrentCaller current;

    public DirectoryResource(Directory directory, CurrentCaller current) {
        this.directory = directory;
        this.current = current;
    }

    @GET
    @Path("/tenants")
    public ObjectNode tenants(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters());
        CallerIdentity caller = current.identity();
        if (request.getData() && !caller.admin()) {
            throw notPermitted(caller, "tenant_list_get_data");
        }
        return directory.tenants(request, caller).toJson();
    }

    @GET
    @Path("/tenants/{name}")
    public ObjectNode tenant(@RestPath String name, @Context UriInfo uri) {
        return directory
                .tenant(name, ListRequest.parseGet(uri.getQueryParameters()), current.identity())
                .json();
    }

    @GET
    @Path("/users")
    public ObjectNode users(@Context UriInfo uri) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters());
        CallerIdentity caller = current.identity();
        boolean withHashes = request.special("_include_hash", false);
        if (withHashes && !caller.admin()) {
            throw notPermitted(caller, "get_password_hash");
        }
        // Clients that carry users over ask for the hash by this alone, beside the fields that they name.
        return directory
                .users(withHashes ? request.alsoWanting("password_hash") : request, caller, withHashes)
                .toJson();
    }

    @GET
    @Path("/users/{name}")
    public ObjectNode user(@RestPath String name, @Context UriInfo uri) {
        return directory
                .user(
                        ResourceId.check("username", name),
                        ListRequest.parseGet(uri.getQueryParameters()),
                        current.identity())
                .json();
    }

    @GET
    @Path("/user")
    public ObjectNode self(@Context UriInfo uri) {
        CallerIdentity caller = current.identity();
        return directory
                .user(caller.username(), ListRequest.parseGet(uri.getQueryParameters()), caller)
                .json();
    }

    @GET
    @Path("/user-groups")
    public ObjectNode groups(@Context UriInfo uri) {
        return directory
                .groups(ListRequest.parse(uri.getQueryParameters()), current.identity())
                .toJson();
    }

    @GET
    @Path("/user-groups/{name}")
    public ObjectNode group(@RestPath String name, @Context UriInfo uri) {
        return directory
                .group(
                        ResourceId.check("group_name", name),
                        ListRequest.parseGet(uri.getQueryParameters()),
                        current.identity())
                .json();
    }

    @GET
    @Path("/permissions")
    public ObjectNode permissions(@Context UriInfo uri) {
        return directory
                .permissions(ListRequest.parse(uri.getQueryParameters()), administrator())
                .toJson();
    }

    @GET
    @Path("/permissions/{role}")
    public ObjectNode permissionsOf(@RestPath String role, @Context UriInfo uri) {
        return directory
                .permissionsOf(role, ListRequest.parse(uri.getQueryParameters()), administrator())
                .toJson();
    }

    /** Others get 401 here, not 403: the API has it so. */
    private CallerIdentity administrator() {
        CallerIdentity caller = current.identity();
        if (!caller.admin()) {
            throw new ManagerException(
                    ErrorCode.UNAUTHORIZED,
                    "User unauthorized: Only admin users are permitted to edit permissions",
                    null);
        }
        return caller;
    }

    private static ManagerException notPermitted(CallerIdentity caller, String action) {
        return ManagerException.notPermitted(caller.username(), action, caller.tenant());
    }
}
