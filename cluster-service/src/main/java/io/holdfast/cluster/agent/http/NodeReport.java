package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.agent.loop.DatabaseActions;
import io.holdfast.cluster.agent.loop.NodeLoop;
import io.holdfast.cluster.agent.loop.RoleView;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.election.Role;
import io.holdfast.cluster.election.State;
import java.time.Duration;
import java.util.Optional;

/** What one node says of itself. */
final class NodeReport {

    /** An answer of PostgreSQL older than this says nothing about now. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private NodeReport() {}

    static ObjectNode role(NodeLoop loop, RoleView view) {
        ObjectNode node = Json.object();
        node.put("node", view.node().value());
        node.put("role", view.role().name());
        node.put("epoch", view.epoch());
        NodeId active = view.active();
        node.put("active", active == null ? null : active.value());
        node.put("lease_valid", view.leaseValid());
        node.put("version", view.version());
        String url = active == null
                ? null
                : loop.address(active.value())
                        .map(address -> address.managerUrl())
                        .filter(text -> !text.isEmpty())
                        .orElse(null);
        node.put("manager_url", url);
        return node;
    }

    static ObjectNode of(NodeLoop loop) {
        State state = loop.state();
        RoleView view = loop.role();
        ObjectNode node = role(loop, view);
        node.put("cluster_id", Long.toUnsignedString(state.durable().clusterId()));
        node.put("state", database(loop));
        Position position = loop.lastLook().map(look -> look.probe().position()).orElse(state.position());
        node.put("timeline", position.timeline());
        node.put("lsn", position.lsn().toString());
        node.put("paused", state.durable().configuration().paused());
        ArrayNode unheard = node.putArray("unheard");
        loop.unheard().forEach(member -> unheard.add(member.value()));
        node.put("configuration", state.durable().configuration().version().toString());
        return node;
    }

    /** How its PostgreSQL is, in a word. */
    static String database(NodeLoop loop) {
        State state = loop.state();
        if (state.role() == Role.WITNESS) {
            return "voting";
        }
        return switch (state.database()) {
            case NONE -> "empty";
            case STARTING, STEPPING_DOWN -> "starting";
            case PROMOTING -> "promoting";
            case REJOINING -> "rejoining";
            case DEAD -> "down";
            case PRIMARY -> fresh(loop).isPresent() ? "running" : "not answering";
            case STANDBY, STOPPING_RECEIVER ->
                fresh(loop)
                        .map(look -> look.probe().streaming() ? "streaming" : "waiting")
                        .orElse("not answering");
        };
    }

    private static Optional<DatabaseActions.Look> fresh(NodeLoop loop) {
        return loop.lastLook().filter(look -> System.nanoTime() - look.atNanos() < FRESH.toNanos());
    }

    /** By how many bytes of log this node is behind the active one, as far as it knows; -1 if it knows no active one. */
    static long lagBytes(NodeLoop loop) {
        State.Leader leader = loop.state().leader();
        if (leader == null || loop.role().active() == null) {
            return -1;
        }
        Lsn own = loop.lastLook().map(look -> look.probe().position().lsn()).orElse(Lsn.ZERO);
        return Math.max(0, leader.lsn().minus(own));
    }
}
