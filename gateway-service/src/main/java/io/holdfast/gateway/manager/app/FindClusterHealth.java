package io.holdfast.gateway.manager.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.manager.ClusterHealth;
import io.holdfast.gateway.manager.Health;
import io.holdfast.gateway.manager.NodeHealth;
import io.holdfast.gateway.manager.Part;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's nodes as the cluster-service knows them, and how they are. Of this node the parts are asked one by one; of the others
 * it is known whether their agent answers and their database works.
 */
@ApplicationScoped
public class FindClusterHealth {

    private static final Logger LOG = Logger.getLogger(FindClusterHealth.class);
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final String WITNESS = "WITNESS";

    private final FindHealth findHealth;
    private final ManagerConfig config;
    private final InternalHttp http;
    private final Clock clock;
    private volatile @Nullable Known known;

    public FindClusterHealth(FindHealth findHealth, ManagerConfig config, InternalHttp http, Clock clock) {
        this.findHealth = findHealth;
        this.config = config;
        this.http = http;
        this.clock = clock;
    }

    private record Known(View view, Instant until) {}

    private record View(boolean clustered, @Nullable String active, boolean externalDatabase, List<Node> nodes) {}

    private record Node(
            String name,
            @Nullable String host,
            String kind,
            @Nullable String role,
            @Nullable String state,
            boolean up,
            @Nullable Instant lastSeen) {}

    /**
     * A node in the lists of managers, brokers and databases.
     *
     * @param lastSeen when it last answered; null where nobody knows
     */
    public record Member(
            String name, String address, @Nullable Instant lastSeen) {}

    /** The nodes that have a manager and a database; one where there is no cluster. */
    public List<Member> members() {
        return cluster()
                .map(view -> dataNodes(view).stream()
                        .map(node -> new Member(node.name(), addressOf(node), node.lastSeen()))
                        .toList())
                .orElseGet(() -> List.of(new Member(config.hostname(), config.address(), clock.instant())));
    }

    /** Whether the database is somebody else's. */
    public boolean isDatabaseExternal() {
        return cluster().map(View::externalDatabase).orElse(false);
    }

    public ClusterHealth now() {
        Health own = findHealth.now();
        Optional<View> cluster = cluster();
        if (cluster.isEmpty()) {
            return new ClusterHealth(
                    ClusterHealth.Service.ofManagers(List.of(self(own.services()))),
                    ClusterHealth.Service.ofMajority(false, List.of(self(List.of(own.database())))),
                    ClusterHealth.Service.ofMajority(false, List.of(self(List.of(own.broker())))));
        }
        View view = cluster.get();
        List<NodeHealth> managers = new ArrayList<>();
        List<NodeHealth> databases = new ArrayList<>();
        List<NodeHealth> brokers = new ArrayList<>();
        for (Node node : dataNodes(view)) {
            boolean active = node.name().equals(view.active());
            boolean answers = node.role() != null;
            managers.add(health(
                    node, active ? own.services() : List.of(new Part("Cluster agent", "holdfast-agent", answers))));
            databases.add(health(node, List.of(new Part("PostgreSQL", "postgresql", node.up()))));
            brokers.add(
                    health(node, List.of(active ? own.broker() : new Part("RabbitMQ", "rabbitmq-server", answers))));
        }
        return new ClusterHealth(
                ClusterHealth.Service.ofManagers(managers),
                ClusterHealth.Service.ofMajority(view.externalDatabase(), databases),
                ClusterHealth.Service.ofMajority(false, brokers));
    }

    private NodeHealth self(List<Part> parts) {
        return new NodeHealth(config.hostname(), config.address(), parts);
    }

    private NodeHealth health(Node node, List<Part> parts) {
        return new NodeHealth(node.name(), addressOf(node), parts);
    }

    private String addressOf(Node node) {
        return node.host() == null ? config.address() : node.host();
    }

    private static List<Node> dataNodes(View view) {
        return view.nodes().stream()
                .filter(node -> !node.kind().equals(WITNESS))
                .toList();
    }

    /** Empty where there is no cluster; then this manager is all there is. */
    private Optional<View> cluster() {
        Instant now = clock.instant();
        Known last = known;
        if (last == null || !now.isBefore(last.until())) {
            try {
                View found = http.to("cluster").timeout(PATIENCE).get("/status", View.class);
                last = new Known(found, clock.instant().plus(config.healthKnownFor()));
                known = last;
            } catch (ManagerException e) {
                // The status has to be told above all when something is down.
                LOG.warnf("The cluster-service does not say which nodes there are: %s", e.detail());
            }
        }
        return Optional.ofNullable(last).map(Known::view).filter(View::clustered);
    }
}
