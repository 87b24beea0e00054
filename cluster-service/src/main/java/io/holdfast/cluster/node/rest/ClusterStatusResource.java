package io.holdfast.cluster.node.rest;

import io.holdfast.cluster.node.ClusterView;
import io.holdfast.cluster.node.app.FindNodes;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Which nodes there are and how they are, for the gateway's {@code /cluster-status}, {@code /managers} and its like. */
@Path("/internal/cluster/status")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ClusterStatusResource {

    private final FindNodes findNodes;

    ClusterStatusResource(FindNodes findNodes) {
        this.findNodes = findNodes;
    }

    @GET
    public ClusterView read() {
        return findNodes.find();
    }
}
