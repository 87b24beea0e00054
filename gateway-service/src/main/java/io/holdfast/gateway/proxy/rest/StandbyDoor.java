package io.holdfast.gateway.proxy.rest;

import io.holdfast.role.ClusterConfig;
import io.holdfast.role.NodeRole;
import io.holdfast.role.Role;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * On a node that is not active: hands requests on to the node that is, without a look at them. One that was handed on already is
 * refused, so that two nodes that each take the other for the active one do not send it to and fro.
 */
@ApplicationScoped
public class StandbyDoor {

    /** On requests that another node's gateway has handed on: that node's name. */
    static final String FORWARDED_BY = "Holdfast-Forwarded-By";

    private static final String COME_BACK =
            "try again in a moment; if it stays so, `holdfast cluster explain` says why";

    private final NodeRole role;
    private final Upstream upstream;
    private final Answers answers;
    private final String node;
    private final MeterRegistry metrics;

    StandbyDoor(NodeRole role, ClusterConfig config, Upstream upstream, Answers answers, MeterRegistry metrics) {
        this.role = role;
        this.upstream = upstream;
        this.answers = answers;
        this.node = config.node().orElse("standby");
        this.metrics = metrics;
    }

    /**
     * @param context of a paused request
     * @return whether the request was taken; false on the active node
     */
    boolean takes(RoutingContext context) {
        if (!role.isClustered()) {
            return false;
        }
        Role now = role.current();
        if (now.active()) {
            return false;
        }
        HttpServerRequest request = context.request();
        @Nullable URI active = now.activeManager();
        String forwarder = request.getHeader(FORWARDED_BY);
        if (forwarder != null) {
            count("refused");
            answers.noActive(
                    request,
                    "Node " + forwarder + " takes node " + node + " for the active one, but it is not active (epoch "
                            + now.epoch() + ")",
                    COME_BACK);
        } else if (active == null) {
            count("refused");
            answers.noActive(
                    request,
                    "No manager of the cluster is active at the moment (epoch " + now.epoch() + ")",
                    COME_BACK);
        } else {
            count("forwarded");
            upstream.forwardToActive(context, active, node);
        }
        return true;
    }

    private void count(String outcome) {
        metrics.counter("holdfast.gateway.standby.requests", "outcome", outcome).increment();
    }
}
