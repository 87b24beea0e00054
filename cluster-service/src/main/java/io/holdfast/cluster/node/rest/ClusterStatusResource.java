package io.holdfast.cluster.node.rest;

import io.holdfast.cluster.node.ClusterNode;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;

/** Which nodes there are, for the gateway's {@code /cluster-status}, {@code /managers} and its like. */
@Path("/internal/cluster/status")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@Startup
public class ClusterStatusResource {

    private final ClusterNode self;

    ClusterStatusResource(Clock clock) {
        this.self = new ClusterNode(hostname(), ClusterNode.ACTIVE, clock.instant());
    }

    record Answer(ClusterNode active, List<ClusterNode> nodes) {}

    @GET
    public Answer read() {
        return new Answer(self, List.of(self));
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A name that does not resolve is still no reason not to start.
            return "localhost";
        }
    }
}
