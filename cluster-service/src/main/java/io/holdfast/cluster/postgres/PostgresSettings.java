package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.SyncSetting;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What the agent's configuration says about its node's own PostgreSQL.
 *
 * @param node id of this node: the name it streams under, and that others' {@code synchronous_standby_names} hold
 * @param directory the node's directory: configuration, log and socket are made below it
 * @param data PostgreSQL's data directory; copies of it and those kept are made beside it
 * @param listenHost address that standbys and database routers of other nodes reach
 * @param port 1 to 65535
 * @param database the product's database
 * @param owner the product's role, who owns the database
 * @param ownerPassword of {@code owner}; the same on all nodes
 * @param replicationPassword of {@link #REPLICATION_ROLE}; the same on all nodes
 * @param sync what commits wait for at the start; changed later by {@code LocalPostgres.applySync}
 * @param extra further PostgreSQL settings, such as {@code shared_buffers}; those that the cluster owns are refused
 */
public record PostgresSettings(
        NodeId node,
        Path directory,
        Path data,
        String listenHost,
        int port,
        String database,
        String owner,
        String ownerPassword,
        String replicationPassword,
        SyncSetting sync,
        Map<String, String> extra) {

    /** Streams, rewinds, and parks salvaged changes on the active; logs in over TCP with a password. */
    public static final String REPLICATION_ROLE = "holdfast_replication";

    /** The agent's superuser: logs in by the node's own Unix socket only, known by the operating system's user. */
    public static final String AGENT_ROLE = "holdfast_agent";

    public PostgresSettings {
        Objects.requireNonNull(node, "node");
        directory = directory.toAbsolutePath().normalize();
        data = data.toAbsolutePath().normalize();
        if (data.equals(directory)) {
            throw new IllegalArgumentException("the data directory must not be the node's directory itself: " + data);
        }
        Objects.requireNonNull(listenHost, "listenHost");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535: " + port);
        }
        Objects.requireNonNull(ownerPassword, "ownerPassword");
        Objects.requireNonNull(replicationPassword, "replicationPassword");
        Objects.requireNonNull(sync, "sync");
        extra = Map.copyOf(extra);
        extra.keySet().stream().filter(PostgresConfiguration::owns).findAny().ifPresent(name -> {
            throw new IllegalArgumentException(
                    "the cluster sets " + name + " by itself; remove it from the extra settings");
        });
    }

    /** The record holds passwords, and records print all that they hold. */
    @Override
    public String toString() {
        return "PostgreSQL of " + node + " in " + directory + ", " + listenHost + ":" + port;
    }
}
