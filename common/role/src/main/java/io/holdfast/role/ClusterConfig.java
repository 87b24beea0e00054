package io.holdfast.role;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How a manager learns whether it is the active one; the same for every service of a JVM. */
@ConfigMapping(prefix = "holdfast.cluster")
public interface ClusterConfig {

    /** The cluster-service of other processes, as {@code holdfast.SERVICE.url} of any service; of no meaning here. */
    Optional<URI> url();

    /** The operations address of this node's cluster agent. Without it, and without {@link #databaseLease}, there is no cluster. */
    Optional<URI> agentUrl();

    /** The cluster's key ({@code NODE/cluster.key}), with which operations that users ask for are signed. */
    Optional<Path> keyFile();

    /**
     * How long what the agent said is believed. Longer than two questions (1 s each), so that one late answer stops nothing; the
     * database's own fence does not depend on it.
     */
    @WithDefault("3s")
    Duration agentLease();

    /** Managers that share one outside database agree in it on the active one: a row that is renewed, and taken over when it is not. */
    @WithDefault("false")
    boolean databaseLease();

    /** Silence of the active manager after which another takes over, by the database's clock. At least three renewals. */
    @WithDefault("3s")
    Duration lease();

    /** How often the active manager renews its lease, and the others look at it. */
    @WithDefault("1s")
    Duration leaseRenewal();

    /** This node's name, unique in the cluster. The default is the host's name. */
    Optional<String> node();

    /** By which base URL the other nodes reach this manager; written into the lease. The default is the address that this
     *  manager listens on, or the host's name where it listens on all, and its port. */
    Optional<URI> managerUrl();

    /**
     * Whether all managers use one and the same broker. Else each has its own, and one that becomes active fills it from the database.
     */
    @WithDefault("false")
    boolean sharedBroker();
}
