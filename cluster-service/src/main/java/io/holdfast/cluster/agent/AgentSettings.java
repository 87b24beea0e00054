package io.holdfast.cluster.agent;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code agent.properties} says. Relative paths are below the file's directory, which is the node's.
 *
 * @param nodeId this node among {@code members}
 * @param clusterName agents of another cluster are not heard
 * @param listenHost address on which peers and operators reach this agent
 * @param routerPort loopback only: where this node's manager connects to the active's database
 * @param postgresBin directory of PostgreSQL's programs
 * @param nodeDirectory configuration, state and logs of this node
 * @param dataDirectory PostgreSQL's data directory
 * @param members all nodes at the first start; later the stored membership counts
 * @param bootstrap whether this node makes the cluster's first database; exactly one node does
 * @param diskReserveBytes with less room for PostgreSQL an active hands over to a standby that has more; 0: never
 * @param timings what the election waits for
 */
public record AgentSettings(
        String nodeId,
        String clusterName,
        String listenHost,
        int peerPort,
        int httpPort,
        int routerPort,
        int postgresPort,
        Path postgresBin,
        Path nodeDirectory,
        Path dataDirectory,
        Path secretFile,
        List<MemberAddress> members,
        boolean bootstrap,
        long diskReserveBytes,
        Timings timings) {

    /** More than what is written between two looks: PostgreSQL ends when it cannot make the next file of its log. */
    private static final int DISK_RESERVE_MEGABYTES = 32;

    private static final Set<String> KEYS = Set.of(
            "node.id",
            "cluster.name",
            "listen.host",
            "peer.port",
            "http.port",
            "router.port",
            "postgres.port",
            "postgres.bin",
            "data.dir",
            "secret.file",
            "members",
            "bootstrap",
            "disk.reserve.mb",
            "election.timeout.ms",
            "heartbeat.ms",
            "lease.ms",
            "probe.ms",
            "probe.stale.ms");

    public AgentSettings {
        members = List.copyOf(members);
    }

    /**
     * @param electionTimeout silence of the active after which a standby stands for election; at least five heartbeats, so that one
     *     lost and one late message start nothing
     * @param heartbeat between two messages of the active to its peers
     * @param lease how long an active may act outside the database after a majority last answered; at most three
     *     quarters of {@code electionTimeout}
     * @param probe between two looks at the local PostgreSQL
     * @param probeStale how old the last successful look may be before an active gives up
     */
    public record Timings(
            Duration electionTimeout, Duration heartbeat, Duration lease, Duration probe, Duration probeStale) {

        public static final Timings DEFAULTS = new Timings(
                Duration.ofMillis(1000),
                Duration.ofMillis(100),
                Duration.ofMillis(700),
                Duration.ofMillis(50),
                Duration.ofMillis(500));

        public Timings {
            if (heartbeat.isZero() || heartbeat.isNegative() || probe.isZero() || probe.isNegative()) {
                throw new AgentRefused("heartbeat.ms and probe.ms must be at least 1, found " + heartbeat.toMillis()
                        + " and " + probe.toMillis());
            }
            if (electionTimeout.compareTo(heartbeat.multipliedBy(5)) < 0) {
                throw new AgentRefused("election.timeout.ms is " + electionTimeout.toMillis() + ", heartbeat.ms "
                        + heartbeat.toMillis() + "; expected a timeout of at least five heartbeats");
            }
            if (lease.compareTo(electionTimeout.multipliedBy(3).dividedBy(4)) > 0
                    || lease.compareTo(heartbeat.multipliedBy(2)) < 0) {
                throw new AgentRefused(
                        "lease.ms is " + lease.toMillis() + "; expected at most three quarters of election.timeout.ms ("
                                + electionTimeout.toMillis() + ") and at least two heartbeats (" + heartbeat.toMillis()
                                + " each)");
            }
            if (probeStale.compareTo(probe.multipliedBy(2)) < 0) {
                throw new AgentRefused("probe.stale.ms is " + probeStale.toMillis()
                        + "; expected at least two times probe.ms (" + probe.toMillis() + ")");
            }
        }
    }

    /** Reads and checks a file; every error names the key, what was found and what was expected. */
    public static AgentSettings read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new AgentRefused("cannot read the agent's configuration " + file + ": " + e, e);
        }
        Path directory = Optional.ofNullable(file.toAbsolutePath().normalize().getParent())
                .orElse(Path.of("/"));
        return new Source(file, directory, properties).settings();
    }

    /** This node's own entry in {@code members}. */
    public MemberAddress self() {
        return members.stream()
                .filter(member -> member.id().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> new AgentRefused("node.id " + nodeId + " is not among the members " + members));
    }

    private record Source(Path file, Path directory, Properties properties) {

        AgentSettings settings() {
            Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
            unknown.removeAll(KEYS);
            if (!unknown.isEmpty()) {
                throw new AgentRefused(file + " has unknown keys " + String.join(", ", unknown) + "; expected only "
                        + String.join(", ", new TreeSet<>(KEYS)));
            }
            List<MemberAddress> members = new ArrayList<>();
            for (String member : text("members").split(",")) {
                members.add(MemberAddress.parse(member.strip()));
            }
            String nodeId = text("node.id");
            MemberAddress self = members.stream()
                    .filter(member -> member.id().equals(nodeId))
                    .findFirst()
                    .orElseThrow(() -> new AgentRefused(
                            file + ": node.id is " + nodeId + ", expected one of members: " + members));
            if (members.stream().map(MemberAddress::id).distinct().count() < members.size()) {
                throw new AgentRefused(file + ": members names a node twice: " + members);
            }
            Timings defaults = Timings.DEFAULTS;
            return new AgentSettings(
                    nodeId,
                    properties.getProperty("cluster.name", "holdfast").strip(),
                    properties.getProperty("listen.host", self.host()).strip(),
                    number("peer.port", self.peerPort(), 1, 65535),
                    number("http.port", self.httpPort(), 1, 65535),
                    number("router.port", 0, 0, 65535),
                    number("postgres.port", self.postgresPort(), 0, 65535),
                    directory.resolve(properties.getProperty("postgres.bin", "").strip()),
                    directory,
                    directory.resolve(
                            properties.getProperty("data.dir", "pgdata").strip()),
                    directory.resolve(
                            properties.getProperty("secret.file", "cluster.key").strip()),
                    members,
                    flag("bootstrap"),
                    (long) number("disk.reserve.mb", DISK_RESERVE_MEGABYTES, 0, 1_000_000) << 20,
                    new Timings(
                            millis("election.timeout.ms", defaults.electionTimeout()),
                            millis("heartbeat.ms", defaults.heartbeat()),
                            millis("lease.ms", defaults.lease()),
                            millis("probe.ms", defaults.probe()),
                            millis("probe.stale.ms", defaults.probeStale())));
        }

        private String text(String key) {
            String value = properties.getProperty(key, "").strip();
            if (value.isEmpty()) {
                throw new AgentRefused(file + " has no " + key);
            }
            return value;
        }

        private boolean flag(String key) {
            String value = properties.getProperty(key, "false").strip();
            if (!value.equals("true") && !value.equals("false")) {
                throw new AgentRefused(file + ": " + key + " is " + value + ", expected true or false");
            }
            return value.equals("true");
        }

        private Duration millis(String key, Duration otherwise) {
            return Duration.ofMillis(number(key, Math.toIntExact(otherwise.toMillis()), 1, 3_600_000));
        }

        private int number(String key, int otherwise, int from, int to) {
            String value =
                    properties.getProperty(key, Integer.toString(otherwise)).strip();
            try {
                int number = Integer.parseInt(value);
                if (number >= from && number <= to) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new AgentRefused(refusal(key, value, from, to), e);
            }
            throw new AgentRefused(refusal(key, value, from, to));
        }

        private String refusal(String key, String value, int from, int to) {
            return file + ": " + key + " is " + value + ", expected a number from " + from + " to " + to;
        }
    }
}
