package io.holdfast.gateway.administration.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.PermissionStore;
import io.holdfast.gateway.administration.app.ManagePermissions;
import io.holdfast.http.CurrentCaller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;

/** Changes of what roles may do. Source: cloudify-api section 14. */
@Path("/internal/gateway/permissions/{role}/{permission}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class PermissionsResource {

    private final ManagePermissions managePermissions;
    private final PermissionStore permissions;
    private final CurrentCaller current;
    private final ObjectMapper json;

    public PermissionsResource(
            ManagePermissions managePermissions,
            PermissionStore permissions,
            CurrentCaller current,
            ObjectMapper json) {
        this.managePermissions = managePermissions;
        this.permissions = permissions;
        this.current = current;
        this.json = json;
    }

    @PUT
    public ObjectNode add(@RestPath String role, @RestPath String permission) {
        requireAdministrator();
        managePermissions.add(role, permission);
        permissions.changed();
        return json.createObjectNode().put("role", role).put("permission", permission);
    }

    @DELETE
    public void remove(@RestPath String role, @RestPath String permission) {
        requireAdministrator();
        managePermissions.remove(role, permission);
        permissions.changed();
    }

    /** Others get 401 here, not 403: the API has it so. */
    private void requireAdministrator() {
        if (!current.identity().admin()) {
            throw new ManagerException(
                    ErrorCode.UNAUTHORIZED,
                    "User unauthorized: Only admin users are permitted to edit permissions",
                    null);
        }
    }
}
