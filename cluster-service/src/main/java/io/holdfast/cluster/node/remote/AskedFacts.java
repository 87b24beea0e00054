package io.holdfast.cluster.node.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.cluster.node.ClusterFacts;
import io.holdfast.cluster.node.ClusterNode;
import io.holdfast.cluster.node.ClusterView;
import io.holdfast.role.ClusterConfig;
import io.holdfast.role.NodeRole;
import io.holdfast.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From this node's agent where there is one; else what this process knows itself. */
@ApplicationScoped
class AskedFacts implements ClusterFacts {

    /** States of databases that do what they are for. */
    private static final Set<String> WORKING = Set.of("running", "streaming", "voting");

    private final Agent agent;
    private final NodeRole role;
    private final String self;

    AskedFacts(Agent agent, NodeRole role, ClusterConfig config) {
        this.agent = agent;
        this.role = role;
        this.self = config.node().orElseGet(AskedFacts::hostname);
    }

    @Override
    public ClusterView read() {
        return agent.isThere() ? viewOf(agent.get("/cluster/status")) : own(role.current());
    }

    /** Without an agent: this process, and whoever holds the lease. */
    private ClusterView own(Role now) {
        List<ClusterNode> nodes = new ArrayList<>();
        String active = role.isClustered() ? now.activeNode() : self;
        if (active != null && !active.equals(self)) {
            nodes.add(new ClusterNode(
                    active,
                    hostOf(now.activeManager()),
                    ClusterNode.DATA,
                    ClusterNode.ACTIVE,
                    null,
                    true,
                    false,
                    null,
                    null));
        }
        String own = now.active() ? ClusterNode.ACTIVE : "STANDBY";
        nodes.add(new ClusterNode(self, null, ClusterNode.DATA, own, null, true, false, null, null));
        return new ClusterView(
                role.isClustered(),
                active == null ? "no_active" : "healthy",
                active,
                now.epoch(),
                false,
                role.isClustered(),
                nodes);
    }

    static ClusterView viewOf(JsonNode status) {
        List<ClusterNode> nodes = new ArrayList<>();
        for (JsonNode member : status.path("members")) {
            String state = text(member, "state");
            JsonNode lag = member.path("lag_bytes");
            nodes.add(new ClusterNode(
                    member.path("id").asText(),
                    text(member, "host"),
                    member.path("kind").asText(ClusterNode.DATA),
                    text(member, "role"),
                    state,
                    state != null
                            && WORKING.contains(state)
                            && member.path("heard").asBoolean(true),
                    member.path("in_sync").asBoolean(),
                    lag.isNumber() ? lag.asLong() : null,
                    null));
        }
        return new ClusterView(
                true,
                status.path("state").asText("unknown"),
                text(status, "active"),
                status.path("epoch").asLong(),
                status.path("paused").asBoolean(),
                false,
                nodes);
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() ? value.asText() : null;
    }

    private static @Nullable String hostOf(@Nullable URI url) {
        return url == null ? null : url.getHost();
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
