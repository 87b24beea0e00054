package io.holdfast.gateway.files.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** For another file server that asks before it serves, as nginx does with {@code auth_request}. The permission itself is the route's. */
@Path("/internal/gateway/file-server-auth")
@Produces(MediaType.APPLICATION_JSON)
public class FileServerAuthResource {

    /** Below these a tenant follows; what is elsewhere belongs to all. Source: the manager's file server. */
    private static final Set<String> OF_TENANTS =
            Set.of("blueprints", "uploaded-blueprints", "deployments", "tenant-resources");

    private final CurrentCaller caller;

    public FileServerAuthResource(CurrentCaller caller) {
        this.caller = caller;
    }

    /** @param uri what is to be read: {@code /resources/deployments/TENANT/ID/file}, with its {@code /resources} or without */
    @GET
    public Map<String, @Nullable String> mayRead(@HeaderParam("X-Original-Uri") @Nullable String uri) {
        if (uri == null || uri.isBlank()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the header X-Original-Uri is missing",
                    "send the path that is to be read in it");
        }
        String[] segments = uri.split("\\?", 2)[0]
                .replaceFirst("^/+", "")
                .replaceFirst("^resources/+", "")
                .split("/+");
        CallerIdentity identity = caller.identity();
        String tenant = segments.length > 1 && OF_TENANTS.contains(segments[0]) ? segments[1] : null;
        if (tenant != null && !tenant.equals(identity.tenant())) {
            throw ManagerException.notPermitted(identity.username(), "file_server_auth", tenant);
        }
        // The existing API's answer names nothing.
        return Collections.singletonMap("resource_id", null);
    }
}
