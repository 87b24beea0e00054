package io.holdfast.cluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.testsupport.TestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Nodes of one cluster on this machine. */
final class TestCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 100) * 100);

    private final Path directory = TestFiles.directory("cluster");
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<MemberAddress> members = new ArrayList<>();

    /** Starts nodes n1 … and waits until all of them count. */
    static TestCluster start(int count) throws IOException {
        return start(count, 0);
    }

    /** The same with witnesses, which are the last nodes. */
    static TestCluster start(int dataNodes, int witnesses) throws IOException {
        TestCluster cluster = new TestCluster();
        Files.setPosixFilePermissions(cluster.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (int i = 1; i <= dataNodes; i++) {
            cluster.members.add(freeAddress("n" + i));
        }
        for (int i = dataNodes + 1; i <= dataNodes + witnesses; i++) {
            cluster.members.add(new MemberAddress("n" + i, "127.0.0.1", freePort(), freePort(), 0, 0));
        }
        for (MemberAddress member : cluster.members) {
            cluster.nodes.add(new TestNode(
                    cluster.directory,
                    member,
                    cluster.members,
                    freePort(),
                    member.id().equals("n1")));
        }
        try {
            for (TestNode node : cluster.nodes) {
                node.start();
            }
            cluster.awaitHealthy();
            return cluster;
        } catch (IOException | RuntimeException | AssertionError e) {
            cluster.endProcesses();
            throw e;
        }
    }

    private static MemberAddress freeAddress(String id) {
        return new MemberAddress(id, "127.0.0.1", freePort(), freePort(), freePort(), 0);
    }

    /** Outside of the range that the system gives to outgoing connections, so that it stays free until the node binds it. */
    private static int freePort() {
        for (int tries = 0; tries < 1000; tries++) {
            int port = NEXT_PORT.getAndIncrement();
            try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
                return Math.min(tcp.getLocalPort(), udp.getLocalPort());
            } catch (IOException e) {
                continue; // in use
            }
        }
        throw new IllegalStateException("no free port below 32768");
    }

    List<TestNode> nodes() {
        return nodes;
    }

    TestNode node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }

    /** Any node but this one. */
    TestNode otherThan(TestNode one) {
        return nodes.stream().filter(node -> node != one).findFirst().orElseThrow();
    }

    /** A node that is not part of the cluster yet, and not started. */
    TestNode added(String id) throws IOException {
        MemberAddress address = freeAddress(id);
        List<MemberAddress> all = new ArrayList<>(members);
        all.add(address);
        TestNode node = new TestNode(directory, address, all, freePort(), false);
        nodes.add(node);
        return node;
    }

    ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
    }

    void awaitHealthy() {
        await("a healthy cluster; directories below " + directory).untilAsserted(() -> {
            JsonNode status = status();
            assertThat(status.path("state").asText())
                    .as(() -> status + "\n" + nodes.stream().map(TestNode::log).collect(Collectors.joining("\n--\n")))
                    .isEqualTo("healthy");
        });
    }

    /** As the first node that answers sees it. */
    JsonNode status() {
        for (TestNode node : nodes) {
            try {
                return node.get("/cluster/status").body();
            } catch (IOException e) {
                // the next one may answer
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("no agent answers");
    }

    /** The one with a valid lease, of those that answer now. */
    TestNode awaitActive() {
        List<TestNode> found = new ArrayList<>();
        await("an active node").untilAsserted(() -> {
            found.clear();
            found.addAll(active());
            assertThat(found).hasSize(1);
        });
        return found.get(0);
    }

    /** Waits for an active one that is not {@code former}. */
    TestNode awaitActiveOtherThan(TestNode former) {
        List<TestNode> found = new ArrayList<>();
        await("another active node than " + former.id()).untilAsserted(() -> {
            found.clear();
            for (TestNode node : nodes) {
                if (node != former && isActive(node)) {
                    found.add(node);
                }
            }
            assertThat(found).hasSize(1);
        });
        return found.get(0);
    }

    private List<TestNode> active() {
        return nodes.stream().filter(TestCluster::isActive).toList();
    }

    private static boolean isActive(TestNode node) {
        try {
            return node.get("/active").status() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The epoch in which this node is active, by its own word. */
    long epochOf(TestNode active) {
        List<Long> found = new ArrayList<>();
        await("the epoch of " + active.id()).untilAsserted(() -> {
            JsonNode seen = active.get("/cluster/status").body();
            assertThat(seen.path("active").asText()).isEqualTo(active.id());
            found.add(seen.path("epoch").asLong());
        });
        return found.get(0);
    }

    long epoch() {
        return status().path("epoch").asLong();
    }

    /** Waits until this node knows of no active one, and then for much longer than an election takes. */
    void assertNobodyTakesOver(TestNode asked) {
        Awaitility.await("no active node, as " + asked.id() + " sees it, for some seconds")
                .during(Duration.ofSeconds(7))
                .atMost(PATIENCE)
                .until(() -> asked.get("/cluster/status")
                        .body()
                        .path("state")
                        .asText()
                        .equals("no_active"));
    }

    /**
     * In one epoch one node is active; and no other epoch began without a cause, of which there is none but the machine's own stalls.
     *
     * @param active of {@code epoch}
     */
    void assertStillActive(TestNode active, long epoch, StallWatch stalls) {
        List<JsonNode> seen = new ArrayList<>();
        await("an active node that says so itself").untilAsserted(() -> {
            TestNode present = awaitActive();
            JsonNode status = present.get("/cluster/status").body();
            assertThat(status.path("active").asText()).isEqualTo(present.id());
            seen.add(status);
        });
        JsonNode status = seen.get(0);
        long now = status.path("epoch").asLong();
        if (now == epoch || !stalls.sawAStall()) {
            assertThat(status.path("active").asText()).as(status.toString()).isEqualTo(active.id());
            assertThat(now).isEqualTo(epoch);
        } else {
            assertThat(now).isGreaterThan(epoch);
        }
    }

    JsonNode member(String id) {
        for (JsonNode member : status().path("members")) {
            if (member.path("id").asText().equals(id)) {
                return member;
            }
        }
        throw new AssertionError("no member " + id + " in " + status());
    }

    private void endProcesses() {
        for (TestNode node : nodes) {
            try {
                node.kill();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        endProcesses();
        TestFiles.delete(directory);
    }
}
