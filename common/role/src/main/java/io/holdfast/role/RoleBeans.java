package io.holdfast.role;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Makes this process's role, and keeps it up to date between the database's start and the end of everything that works. */
@ApplicationScoped
public class RoleBeans {

    /** After the database is migrated (-1000), before anything works with it. */
    private static final int AFTER_DATABASE = -990;

    /** After everything that works. */
    private static final int LAST = 200_000;

    private static final String EVERYWHERE = "0.0.0.0";

    private final ClusterConfig config;
    private final Config properties;
    private final ObjectMapper json;
    private final Optional<String> manager;
    private @Nullable AutoCloseable source;

    RoleBeans(
            ClusterConfig config,
            Config properties,
            ObjectMapper json,
            @ConfigProperty(name = SessionConfigSourceFactory.MANAGER) Optional<String> manager) {
        this.config = config;
        this.properties = properties;
        this.json = json;
        this.manager = manager;
    }

    @Produces
    @Singleton
    NodeRole nodeRole() {
        return config.agentUrl().isPresent() || config.databaseLease()
                ? NodeRole.inCluster(config.sharedBroker())
                : NodeRole.alone();
    }

    void start(@Observes @Priority(AFTER_DATABASE) StartupEvent start, NodeRole role) {
        if (config.agentUrl().isPresent() && config.databaseLease()) {
            throw new IllegalArgumentException("holdfast.cluster.agent-url and holdfast.cluster.database-lease are both"
                    + " set; expected one: an agent elects the active node itself, a lease is for an outside database");
        }
        if (config.agentUrl().isPresent()) {
            AgentLink link = new AgentLink(config.agentUrl().get(), config.agentLease(), role, json);
            source = link;
            link.start();
        } else if (config.databaseLease()) {
            DatabaseLease lease = new DatabaseLease(
                    properties.getValue("holdfast.database.url", String.class),
                    properties.getValue("holdfast.database.username", String.class),
                    properties.getValue("holdfast.database.password", String.class),
                    manager.orElseThrow(),
                    node(),
                    managerUrl(),
                    config.lease(),
                    config.leaseRenewal(),
                    role);
            source = lease;
            lease.start();
        }
    }

    void stop(@Observes @Priority(LAST) ShutdownEvent stop) throws Exception {
        if (source != null) {
            source.close();
        }
    }

    private String node() {
        return config.node().orElseGet(SessionConfigSourceFactory::hostname);
    }

    private URI managerUrl() {
        return config.managerUrl()
                .orElseGet(() -> URI.create(
                        "http://" + listensOn() + ":" + properties.getValue("quarkus.http.port", Integer.class)));
    }

    /** A process that listens on one address only is reached there alone. */
    private String listensOn() {
        String host =
                properties.getOptionalValue("quarkus.http.host", String.class).orElse(EVERYWHERE);
        return host.equals(EVERYWHERE) ? SessionConfigSourceFactory.hostname() : host;
    }
}
