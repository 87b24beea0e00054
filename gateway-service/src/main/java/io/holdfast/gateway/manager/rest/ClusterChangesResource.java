package io.holdfast.gateway.manager.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestPath;

/**
 * What the existing API changes of a cluster: refused, since the nodes of ours say themselves that they are there. Source: cloudify-api
 * section 15.
 */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class ClusterChangesResource {

    @POST
    @Path("/managers")
    public void addManager(InputStream body) {
        throw refused("Managers are not added");
    }

    @PUT
    @Path("/managers/{name}")
    public void changeManager(@RestPath String name, InputStream body) {
        throw refused("Managers are not changed");
    }

    @DELETE
    @Path("/managers/{name}")
    public void removeManager(@RestPath String name) {
        throw refused("Managers are not removed");
    }

    @POST
    @Path("/brokers")
    public void addBroker(InputStream body) {
        throw refused("Brokers are not added");
    }

    @PUT
    @Path("/brokers/{name}")
    public void changeBroker(@RestPath String name, InputStream body) {
        throw refused("Brokers are not changed");
    }

    @DELETE
    @Path("/brokers/{name}")
    public void removeBroker(@RestPath String name) {
        throw refused("Brokers are not removed");
    }

    private static ManagerException refused(String what) {
        return new ManagerException(
                ErrorCode.METHOD_NOT_ALLOWED,
                what + " over this API",
                "the nodes of a cluster are those of its configuration, see docs/cluster.md");
    }
}
