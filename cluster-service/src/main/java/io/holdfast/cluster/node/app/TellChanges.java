package io.holdfast.cluster.node.app;

import io.holdfast.cluster.node.ClusterNode;
import io.holdfast.cluster.node.ClusterView;
import io.holdfast.cluster.node.NodeChange;
import io.holdfast.cluster.node.ToldNodes;
import io.holdfast.contracts.events.ClusterEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * Tells what changed about the nodes since it was told last, each change once, and remembers since when a node is silent. The active
 * node's business.
 */
@ApplicationScoped
public class TellChanges {

    private final ToldNodes told;
    private final Outbox outbox;
    private final Clock clock;

    TellChanges(ToldNodes told, @OfService("cluster") Outbox outbox, Clock clock) {
        this.told = told;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** An epoch that is over, of a node that was slow to ask, is not told any more. */
    @Transactional
    public void tell(ClusterView now) {
        Instant at = clock.instant();
        ToldNodes.LastActive last = told.lock();
        String active = now.active();
        if (now.epoch() < last.epoch()) {
            return;
        }
        if (active != null && (now.epoch() > last.epoch() || !active.equals(last.active()))) {
            told.activeIs(now.epoch(), active);
            outbox.append(new ClusterEvent.RoleChanged(now.epoch(), active, last.active(), at));
        }
        for (NodeChange change : NodeChange.between(told.nodes(), now.nodes())) {
            if (change.kind() == NodeChange.Kind.LEFT) {
                told.forget(change.node());
            } else {
                told.nodeIs(change.node(), change.up());
            }
            outbox.append(new ClusterEvent.NodeChanged(
                    change.node(), change.kind().name().toLowerCase(Locale.ROOT), change.state(), now.epoch(), at));
        }
        rememberSilence(now, at);
    }

    private void rememberSilence(ClusterView now, Instant at) {
        Map<String, Instant> silent = told.silent();
        for (ClusterNode node : now.nodes()) {
            if (node.answers() == silent.containsKey(node.name())) {
                told.silentSince(node.name(), node.answers() ? null : at);
            }
        }
    }
}
