package io.holdfast.cluster.agent.process;

import io.holdfast.cluster.agent.AgentRefused;
import io.holdfast.cluster.agent.AgentSettings;
import io.holdfast.cluster.agent.ClusterKey;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.RequestSignature;
import io.holdfast.cluster.agent.codec.ElectionJson;
import io.holdfast.cluster.agent.database.PostgresNode;
import io.holdfast.cluster.agent.http.AgentHttp;
import io.holdfast.cluster.agent.http.Operations;
import io.holdfast.cluster.agent.loop.AddressBook;
import io.holdfast.cluster.agent.loop.HistoryFile;
import io.holdfast.cluster.agent.loop.NodeDatabase;
import io.holdfast.cluster.agent.loop.NodeLoop;
import io.holdfast.cluster.agent.loop.Rehearsal;
import io.holdfast.cluster.agent.peers.PeerSocket;
import io.holdfast.cluster.agent.router.DatabaseRouter;
import io.holdfast.cluster.agent.state.BootCounter;
import io.holdfast.cluster.agent.state.DurableFile;
import io.holdfast.cluster.election.DurableState;
import io.holdfast.cluster.election.Member;
import io.holdfast.cluster.election.MemberKind;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Role;
import io.holdfast.cluster.election.Settings;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.cluster.postgres.server.LocalPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One node's agent, with everything it needs. */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Agent.class);
    private static final Duration ASK_BEFORE_BOOTSTRAP = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(20);
    /** The first loads the code, the others let the JVM compile it. */
    private static final int REHEARSALS = 3;

    private final AgentSettings settings;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Path stateDirectory;
    private final Optional<LocalPostgres> postgres;
    private final NodeLoop loop;
    private final DatabaseRouter router;
    private final AgentHttp http;

    private Agent(AgentSettings settings, Clock clock, Consumer<Throwable> onFatal) {
        this.settings = settings;
        this.stateDirectory = settings.nodeDirectory().resolve("state");
        ClusterKey key = ClusterKey.read(settings.secretFile());
        try {
            DurableFile file = new DurableFile(stateDirectory.resolve("election"));
            lock();
            MemberAddress self = settings.self();
            this.postgres = self.isWitness() ? Optional.empty() : Optional.of(PostgresNode.open(settings, key));
            writeSecret("database-password", key.password(PostgresNode.DATABASE));
            String token = token();
            writeSecret("operator-token", token);
            DurableState durable = durable(file);
            long boot = BootCounter.next(stateDirectory.resolve("boot"), clock);

            this.router =
                    new DatabaseRouter(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.routerPort()));
            opened.push(router);
            Incoming incoming = new Incoming();
            PeerSocket peers = new PeerSocket(
                    settings.nodeId(),
                    settings.clusterName(),
                    key,
                    boot,
                    new InetSocketAddress(settings.listenHost(), settings.peerPort()),
                    incoming::received);
            opened.push(peers);
            HistoryFile history = new HistoryFile(stateDirectory.resolve("history"), clock);
            opened.push(history);
            Optional<NodeDatabase> database = Optional.empty();
            if (postgres.isPresent()) {
                PostgresNode node = new PostgresNode(
                        settings,
                        postgres.get(),
                        report -> history.add(
                                report.position().timeline(), "rejoined", settings.nodeId() + " " + report.inWords()));
                opened.push(node);
                database = Optional.of(node);
            }
            this.loop = new NodeLoop(new NodeLoop.Parts(
                    settings,
                    electionSettings(settings.timings()),
                    durable,
                    file,
                    peers,
                    router,
                    new AddressBook(new DurableFile(stateDirectory.resolve("addresses")), settings.members(), self),
                    history,
                    database,
                    onFatal));
            incoming.loop = loop;
            RequestSignature signature = new RequestSignature(key, clock);
            this.http = new AgentHttp(
                    new InetSocketAddress(settings.listenHost(), settings.httpPort()),
                    new Operations(loop, settings, signature, postgres),
                    signature,
                    token);
            opened.push(http);
            loop.start();
            peers.start();
            http.start();
            rehearse(electionSettings(settings.timings()));
        } catch (RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    /**
     * Starts an agent; it works when this returns.
     *
     * @param onFatal called once when the agent cannot go on; must end the process
     */
    public static Agent start(AgentSettings settings, Clock clock, Consumer<Throwable> onFatal) {
        return new Agent(settings, clock, onFatal);
    }

    public NodeLoop loop() {
        return loop;
    }

    /** Where this node's manager connects to the active's database. */
    public int routerPort() {
        return router.port();
    }

    /** Gives up what it is, and ends PostgreSQL in order. */
    @Override
    public void close() {
        boolean wasActive = loop.role().role() == Role.ACTIVE;
        loop.end("the agent of " + settings.nodeId() + " ends");
        postgres.ifPresent(server -> {
            try {
                // an active's shutdown would write a record that its successor does not have
                server.stop(wasActive ? StopMode.IMMEDIATE : StopMode.FAST, STOP);
            } catch (RuntimeException e) {
                LOG.warnf("PostgreSQL did not end in order: %s", e.getMessage());
            }
        });
        closeAll();
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            AutoCloseable next = opened.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.warnf(e, "%s did not end in order", next.getClass().getSimpleName());
            }
        }
    }

    /** Beside what the agent has to do at its start, and after it where the processor is busy. */
    private static void rehearse(Settings rules) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (int time = 0; time < REHEARSALS; time++) {
                            LOG.debugf("rehearsed elections up to epoch %d", Rehearsal.play(rules));
                        }
                    } catch (RuntimeException e) {
                        LOG.warn("the rehearsal failed; the first election will take somewhat longer", e);
                    }
                },
                "rehearsal");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    /** The messages' way to a loop that is made after the socket. */
    private static final class Incoming {

        private volatile @Nullable NodeLoop loop;

        void received(String from, byte[] payload) {
            NodeLoop to = loop;
            if (to != null) {
                to.received(from, payload);
            }
        }
    }

    private static Settings electionSettings(AgentSettings.Timings timings) {
        Settings defaults = Settings.DEFAULT;
        return new Settings(
                timings.heartbeat().toNanos(),
                timings.electionTimeout().toNanos(),
                timings.lease().toNanos(),
                Math.max(defaults.streamLostNanos(), 2 * timings.heartbeat().toNanos()),
                defaults.staggerNanos(),
                timings.probeStale().toNanos(),
                Math.max(defaults.outOfSyncNanos(), timings.electionTimeout().toNanos()),
                defaults.switchoverNanos(),
                defaults.rejoinRetryNanos());
    }

    private DurableState durable(DurableFile file) {
        Optional<String> stored = file.read();
        if (stored.isPresent()) {
            DurableState state = ElectionJson.durableState(stored.get(), stateDirectory.resolve("election"));
            if (!state.self().value().equals(settings.nodeId())) {
                throw new AgentRefused(stateDirectory + " is the state of node " + state.self() + ", and node.id is "
                        + settings.nodeId() + "; give each node a directory of its own");
            }
            return state;
        }
        DurableState first = firstState();
        file.write(ElectionJson.write(first));
        return first;
    }

    private DurableState firstState() {
        NodeId self = new NodeId(settings.nodeId());
        if (postgres.isEmpty()) {
            return DurableState.joining(self, MemberKind.WITNESS, incarnation());
        }
        if (!settings.bootstrap() || anotherNodeHasACluster()) {
            return DurableState.joining(self, MemberKind.DATA, incarnation());
        }
        LocalPostgres server = postgres.get();
        DurableFile begun = new DurableFile(stateDirectory.resolve("bootstrap"));
        if (begun.read().isEmpty() && server.hasUsableData()) {
            throw new AgentRefused(settings.dataDirectory() + " holds a database, but " + stateDirectory
                    + "/election is not there: what this node promised is lost. If the other nodes run, set"
                    + " bootstrap=false and let it join; to make a new cluster, move the data directory away");
        }
        begun.write("the first database is being made");
        if (!server.hasUsableData()) {
            LOG.infof("making the first database of cluster %s", settings.clusterName());
            server.initialise();
        }
        long clusterId = server.startStandby().systemIdentifier();
        List<Member> joining = new ArrayList<>();
        for (MemberAddress member : settings.members()) {
            if (!member.id().equals(settings.nodeId())) {
                joining.add(Member.joining(
                        new NodeId(member.id()), member.isWitness() ? MemberKind.WITNESS : MemberKind.DATA, 0));
            }
        }
        return DurableState.first(clusterId, self, incarnation(), 0, joining);
    }

    /** A node whose disk was exchanged still has bootstrap=true in its configuration: it must not make a second cluster. */
    private boolean anotherNodeHasACluster() {
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(ASK_BEFORE_BOOTSTRAP).build();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (MemberAddress member : settings.members()) {
            if (!member.id().equals(settings.nodeId())) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(member.httpUrl() + "/cluster/node"))
                        .timeout(ASK_BEFORE_BOOTSTRAP)
                        .build();
                answers.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                        .thenApply(answer -> answer.statusCode() == 200
                                && answer.body().contains("\"cluster_id\":\"")
                                && !answer.body().contains("\"cluster_id\":\"0\""))
                        .exceptionally(noAnswer -> false));
            }
        }
        boolean found = answers.stream().anyMatch(CompletableFuture::join);
        if (found) {
            LOG.warn("bootstrap=true, but another node has a cluster already: joining that one");
        }
        return found;
    }

    private static long incarnation() {
        long number = 0;
        while (number == 0) {
            number = new SecureRandom().nextLong();
        }
        return number;
    }

    private static String token() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void writeSecret(String name, String content) {
        Path file = settings.nodeDirectory().resolve(name);
        Path aside = settings.nodeDirectory().resolve(name + ".new");
        try {
            Files.deleteIfExists(aside);
            Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(aside, content + "\n");
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new AgentRefused("cannot write " + file + ": " + e, e);
        }
    }

    /** Held as long as the process lives: two agents on one directory would promise twice. */
    private void lock() {
        Path file = stateDirectory.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            opened.push(channel);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new AgentRefused("another agent works on " + settings.nodeDirectory() + "; end it first");
            }
        } catch (java.nio.channels.OverlappingFileLockException e) {
            throw new AgentRefused("an agent in this process works on " + settings.nodeDirectory() + " already", e);
        } catch (IOException e) {
            throw new AgentRefused("cannot lock " + file + ": " + e, e);
        }
    }
}
