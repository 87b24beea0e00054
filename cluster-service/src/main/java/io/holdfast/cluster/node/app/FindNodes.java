package io.holdfast.cluster.node.app;

import io.holdfast.cluster.node.ClusterFacts;
import io.holdfast.cluster.node.ClusterNode;
import io.holdfast.cluster.node.ClusterView;
import io.holdfast.cluster.node.ToldNodes;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The cluster as it is now, with the time when each node last answered. */
@ApplicationScoped
public class FindNodes {

    private static final Logger LOG = Logger.getLogger(FindNodes.class);

    private final ClusterFacts facts;
    private final ToldNodes told;
    private final Clock clock;

    FindNodes(ClusterFacts facts, ToldNodes told, Clock clock) {
        this.facts = facts;
        this.told = told;
        this.clock = clock;
    }

    /** Without a transaction: the agent is asked meanwhile. */
    public ClusterView find() {
        ClusterView view = facts.read();
        Instant now = clock.instant();
        Map<String, Instant> silent = view.nodes().stream().allMatch(ClusterNode::answers) ? Map.of() : silent();
        return view.withNodes(view.nodes().stream()
                .map(node -> node.seenAt(node.answers() ? now : silent.get(node.name())))
                .toList());
    }

    /** How the nodes are is told without a database, too, and then above all. */
    private Map<String, Instant> silent() {
        try {
            return told.silent();
        } catch (IllegalStateException e) {
            LOG.warnf(
                    "It is not known since when nodes are silent: %s",
                    Optional.ofNullable(e.getCause()).orElse(e));
            return Map.of();
        }
    }
}
