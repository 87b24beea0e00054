package io.holdfast.cluster.node.rest;

import io.holdfast.cluster.node.AgentOperations;
import io.holdfast.http.CurrentCaller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/holdfast/v1/cluster/…}: the operations of the cluster for administrators, as the agent has them below {@code /cluster}.
 * The gateway lets nobody else in.
 */
@Path("/internal/cluster/v1/cluster")
@Blocking
public class OperationsResource {

    private static final Logger LOG = Logger.getLogger(OperationsResource.class);

    private final AgentOperations agent;
    private final CurrentCaller caller;

    OperationsResource(AgentOperations agent, CurrentCaller caller) {
        this.agent = agent;
        this.caller = caller;
    }

    @GET
    @Path("{path: [a-zA-Z0-9/_.-]+}")
    public Response look(@PathParam("path") String path, @Context UriInfo uri) {
        return answer(agent.carryOut("GET", target(path, uri), new byte[0]));
    }

    @POST
    @Path("{path: [a-zA-Z0-9/_.-]+}")
    public Response change(@PathParam("path") String path, @Context UriInfo uri, byte @Nullable [] body) {
        return audited("POST", target(path, uri), body == null ? new byte[0] : body);
    }

    @DELETE
    @Path("{path: [a-zA-Z0-9/_.-]+}")
    public Response remove(@PathParam("path") String path, @Context UriInfo uri) {
        return audited("DELETE", target(path, uri), new byte[0]);
    }

    private Response audited(String method, String target, byte[] body) {
        AgentOperations.Answer answer = agent.carryOut(method, target, body);
        LOG.infof(
                "%s asked the cluster's agent for %s %s: status %d",
                caller.identity().username(), method, target, answer.status());
        return answer(answer);
    }

    private static String target(String path, UriInfo uri) {
        String query = uri.getRequestUri().getRawQuery();
        return "/cluster/" + path + (query == null ? "" : "?" + query);
    }

    private static Response answer(AgentOperations.Answer answer) {
        return Response.status(answer.status())
                .type(answer.contentType())
                .entity(answer.body())
                .build();
    }
}
