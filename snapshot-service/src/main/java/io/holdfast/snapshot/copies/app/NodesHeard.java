package io.holdfast.snapshot.copies.app;

import io.holdfast.role.ClusterConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Which nodes have reported to this one, and by which URL their managers are reached. In memory: each node reports every ten seconds. */
@ApplicationScoped
public class NodesHeard {

    private static final Duration RECENT = Duration.ofMinutes(1);

    private record Heard(URI manager, Instant at) {}

    private final Map<String, Heard> nodes = new ConcurrentHashMap<>();
    private final ClusterConfig config;
    private final Clock clock;

    NodesHeard(ClusterConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    void heard(String node, URI manager) {
        nodes.put(node, new Heard(manager, clock.instant()));
    }

    /** The managers of the others that were heard of within a minute, by the nodes' names. */
    public Map<String, URI> others() {
        String self = config.node().orElse("");
        Instant since = clock.instant().minus(RECENT);
        Map<String, URI> others = new TreeMap<>();
        nodes.forEach((node, heard) -> {
            if (!node.equals(self) && heard.at().isAfter(since)) {
                others.put(node, heard.manager());
            }
        });
        return others;
    }
}
