package io.holdfast.cluster.node.jobs;

import io.holdfast.cluster.node.ClusterFacts;
import io.holdfast.cluster.node.app.TellChanges;
import io.holdfast.role.NodeRole;
import io.holdfast.role.OnlyActive;
import io.holdfast.role.Role;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Has changes of the nodes told: every five seconds, and at once when this node has become active. */
@ApplicationScoped
class WatchNodes {

    private static final Logger LOG = Logger.getLogger(WatchNodes.class);

    private final ClusterFacts facts;
    private final TellChanges tell;
    private final NodeRole role;

    WatchNodes(ClusterFacts facts, TellChanges tell, NodeRole role) {
        this.facts = facts;
        this.tell = tell;
        this.role = role;
    }

    void start(@Observes StartupEvent start) {
        if (role.isClustered()) {
            role.onChange(this::changed);
        }
    }

    private void changed(Role now) {
        if (now.active()) {
            Infrastructure.getDefaultWorkerPool().execute(this::watch);
        }
    }

    @Scheduled(
            every = "5s",
            delayed = "5s",
            identity = "cluster-watch-nodes",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = OnlyActive.class)
    void watch() {
        if (!role.isClustered()) {
            return;
        }
        try {
            tell.tell(facts.read());
        } catch (RuntimeException e) {
            // The next look is five seconds away; a stack trace for each while the agent is away helps nobody.
            LOG.warnf("The nodes could not be looked at: %s", e.getMessage());
        }
    }
}
