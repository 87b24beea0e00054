package io.holdfast.cluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.cluster.agent.ClusterKey;
import io.holdfast.cluster.agent.RequestSignature;
import io.holdfast.testsupport.Requirements;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three real agents with their PostgreSQL. Every test ends with a healthy cluster and with all that was acknowledged. */
class ThreeNodesIT {

    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        Requirements.postgres();
        cluster = TestCluster.start(3);
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void healthy() {
        cluster.awaitHealthy();
    }

    @Test
    void aNodeThatIsKilledIsReplacedAndComesBackAsAStandby() throws Exception {
        TestWriters writers = TestWriters.start(cluster);
        TestNode former = cluster.awaitActive();
        long epoch = cluster.epoch();
        // when
        former.killAgent();
        former.killPostgres();
        TestNode next = cluster.awaitActiveOtherThan(former);
        try (StallWatch stalls = StallWatch.start()) {
            long taken = cluster.epochOf(next);
            assertThat(taken).isGreaterThan(epoch);
            writers.awaitMore(50);
            former.start();
            // then
            cluster.awaitHealthy();
            cluster.assertStillActive(next, taken, stalls);
        }
        cluster.await("the timeline that is the epoch")
                .untilAsserted(() -> assertThat(
                                cluster.member(former.id()).path("timeline").asLong())
                        .isEqualTo(cluster.epoch()));
        writers.assertNothingLost();
    }

    @Test
    void aPostgresThatIsKilledIsReplacedAndStartedAgainAsAStandby() throws Exception {
        TestWriters writers = TestWriters.start(cluster);
        TestNode former = cluster.awaitActive();
        // when
        former.killPostgres();
        // then
        cluster.awaitActiveOtherThan(former);
        writers.awaitMore(50);
        cluster.awaitHealthy();
        writers.assertNothingLost();
    }

    @Test
    void anAgentThatIsKilledLeavesItsPostgresToTheNextOneWhichMakesItAStandby() throws Exception {
        TestWriters writers = TestWriters.start(cluster);
        TestNode former = cluster.awaitActive();
        // when
        former.killAgent();
        cluster.awaitActiveOtherThan(former);
        // then
        assertThat(former.postgresRuns()).as("PostgreSQL survives its agent").isTrue();
        writers.awaitMore(50);
        former.start();
        cluster.awaitHealthy();
        writers.assertNothingLost();
    }

    @Test
    void whatOnlyAFormerActiveHasIsNotAcknowledgedAndIsSalvagedWhenItComesBack() throws Exception {
        TestWriters writers = TestWriters.start(cluster);
        TestNode former = cluster.awaitActive();
        former.killAgent();
        TestNode next = cluster.awaitActiveOtherThan(former);
        // when: nobody routes there any more, but somebody writes nevertheless
        try (Connection connection = former.connectPastRouter();
                Statement sql = connection.createStatement()) {
            assertThatThrownBy(() -> sql.execute("INSERT INTO written VALUES (-77)"))
                    .isInstanceOf(SQLException.class);
        }
        former.start();
        cluster.awaitHealthy();
        // then
        cluster.await("the salvaged row").untilAsserted(() -> {
            List<String> rows = new ArrayList<>();
            for (JsonNode salvage :
                    next.send("GET", "/cluster/salvage", "", true).body().path("items")) {
                JsonNode shown = next.send(
                                "GET", "/cluster/salvage/" + salvage.path("id").asLong(), "", true)
                        .body();
                for (JsonNode change : shown.path("items")) {
                    rows.add(salvage.path("node").asText() + " "
                            + change.path("table").asText() + " "
                            + change.path("after").path("id").asText());
                }
            }
            assertThat(rows).contains(former.id() + " public.written -77");
        });
        writers.assertNothingLost();
    }

    @Test
    void aNodeThatHangsIsReplacedAndWhatItStillDoesLaterCountsForNothing() throws Exception {
        TestWriters writers = TestWriters.start(cluster);
        TestNode former = cluster.awaitActive();
        // when
        former.pause();
        TestNode next = cluster.awaitActiveOtherThan(former);
        try (StallWatch stalls = StallWatch.start()) {
            long taken = cluster.epochOf(next);
            writers.awaitMore(50);
            former.goOn();
            // then
            cluster.awaitHealthy();
            cluster.assertStillActive(next, taken, stalls);
        }
        writers.assertNothingLost();
    }

    @Test
    void aSwitchoverHandsOverToTheNamedNodeAndLosesNothing() throws Exception {
        TestWriters writers = TestWriters.start(cluster);
        TestNode former = cluster.awaitActive();
        TestNode next = former;
        // a machine that stalls for seconds may let another standby be faster than the target: once, not each time
        for (int attempt = 0; attempt < 3; attempt++) {
            former = cluster.awaitActive();
            TestNode target = cluster.otherThan(former);
            // when: any node can be asked
            TestNode.Answer answer =
                    cluster.nodes().get(2).post("/cluster/switchover", "{\"target\":\"" + target.id() + "\"}");
            // then
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            next = cluster.awaitActiveOtherThan(former);
            assertThat(answer.body().path("active").asText()).isEqualTo(next.id());
            if (next == target) {
                break;
            }
            cluster.awaitHealthy();
            next = former;
        }
        assertThat(next)
                .as("the named node is active after one of three switchovers")
                .isNotSameAs(former);
        TestNode before = former;
        TestNode active = next;
        writers.awaitMore(20);
        cluster.awaitHealthy();
        writers.assertNothingLost();
        cluster.await("what load balancers see").untilAsserted(() -> {
            assertThat(active.get("/active").status()).isEqualTo(200);
            assertThat(before.get("/active").status()).isEqualTo(503);
            assertThat(before.get("/standby").status()).isEqualTo(200);
            assertThat(before.get("/standby?lag=100000000").status()).isEqualTo(200);
            assertThat(active.get("/standby").status()).isEqualTo(503);
            assertThat(active.get("/health").status()).isEqualTo(200);
        });
        assertThat(before.get("/cluster/explain").body().path("sentences").toString())
                .as("the active node explains, whoever is asked")
                .contains(active.id());
        assertThat(active.get("/cluster/history").body().path("items").toString())
                .contains(active.id() + " is active");
    }

    @Test
    void aSwitchoverToANodeThatIsNotInSyncIsRefusedAndChangesNothing() throws Exception {
        StallWatch stalls = StallWatch.start();
        TestNode active = cluster.awaitActive();
        long epoch = cluster.epochOf(active);
        // when
        TestNode.Answer unknown = active.post("/cluster/switchover", "{\"target\":\"n9\"}");
        TestNode.Answer itself = active.post("/cluster/switchover", "{\"target\":\"" + active.id() + "\"}");
        TestNode.Answer departing = active.post("/cluster/leave", "{\"node\":\"n9\"}");
        TestNode.Answer malformed = active.post("/cluster/switchover", "[1");
        // then
        for (TestNode.Answer missing : new TestNode.Answer[] {unknown, departing}) {
            assertThat(missing.status()).as(missing.toString()).isEqualTo(404);
            assertThat(missing.body().path("error_code").asText()).isEqualTo("not_found_error");
            assertThat(missing.body().path("detail").asText())
                    .isEqualTo("there is no member n9; the members are [n1, n2, n3]");
            assertThat(missing.body().path("hint").asText()).isEqualTo("name one of them");
        }
        assertThat(itself.status()).as(itself.toString()).isEqualTo(409);
        assertThat(itself.body().path("error_code").asText()).isEqualTo("cluster_operation_refused");
        assertThat(itself.body().path("detail").asText()).isEqualTo(active.id() + " is the active node already");
        assertThat(itself.body().path("hint").asText()).matches("name one of \\w.*");
        assertThat(malformed.status()).isEqualTo(400);
        cluster.assertStillActive(active, epoch, stalls);
        stalls.close();
    }

    @Test
    void aStandbyThatIsDownStopsNobodyAndCatchesUp() throws Exception {
        TestWriters writers = TestWriters.start(cluster);
        TestNode active = cluster.awaitActive();
        TestNode standby = cluster.otherThan(active);
        try (StallWatch stalls = StallWatch.start()) {
            long epoch = cluster.epochOf(active);
            // when
            standby.killAgent();
            standby.killPostgres();
            writers.awaitMore(100);
            // then
            cluster.assertStillActive(active, epoch, stalls);
            standby.start();
            cluster.awaitHealthy();
            cluster.assertStillActive(active, epoch, stalls);
        }
        writers.assertNothingLost();
    }

    @Test
    void inAPauseNobodyTakesOverUntilAnOperatorSaysSo() throws Exception {
        TestNode active = cluster.awaitActive();
        TestNode standby = cluster.otherThan(active);
        assertThat(standby.post("/cluster/pause", "").status()).isEqualTo(200);
        cluster.await("the pause everywhere").untilAsserted(() -> {
            for (TestNode node : cluster.nodes()) {
                assertThat(node.get("/cluster/node").body().path("paused").asBoolean())
                        .isTrue();
            }
        });
        // when
        active.killAgent();
        active.killPostgres();
        // then: nobody becomes active, for much longer than an election takes
        Awaitility.await()
                .during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(20))
                .until(() -> standby.get("/active").status() == 503);
        // when
        TestNode.Answer answer = standby.post("/cluster/failover", "{\"target\":\"" + standby.id() + "\"}");
        // then
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(standby.post("/cluster/resume", "").status()).isEqualTo(200);
        active.start();
        cluster.awaitHealthy();
    }

    @Test
    void whoHasNotTheKeyChangesNothing() throws Exception {
        StallWatch stalls = StallWatch.start();
        TestNode active = cluster.awaitActive();
        long epoch = cluster.epochOf(active);
        // when, then
        TestNode.Answer unsigned = active.send("POST", "/cluster/switchover", "{}", false);
        assertThat(unsigned.status()).isEqualTo(401);
        assertThat(unsigned.body().path("detail").asText()).contains(RequestSignature.HEADER);
        assertThat(active.send("GET", "/cluster/nothing", "", false).status()).isEqualTo(404);
        try (DatagramSocket stranger = new DatagramSocket()) {
            byte[] forged = new ClusterKey("ffffffffffffffffffffffffffffffff")
                    .signer("peers")
                    .sign(new byte[] {1});
            InetSocketAddress to =
                    new InetSocketAddress("127.0.0.1", active.address().peerPort());
            for (int i = 0; i < 50; i++) {
                stranger.send(new DatagramPacket(forged, forged.length, to));
            }
        }
        cluster.await("the counts")
                .untilAsserted(() -> assertThat(active.get("/cluster/status")
                                .body()
                                .path("dropped_datagrams")
                                .toString())
                        .containsAnyOf("other_protocol", "too_short"));
        cluster.assertStillActive(active, epoch, stalls);
        stalls.close();
    }

    @Test
    void aNodeIsCopiedAnewOnRequest() throws Exception {
        TestNode active = cluster.awaitActive();
        TestNode standby = cluster.otherThan(active);
        // when
        TestNode.Answer answer = active.post("/cluster/reinit", "{\"node\":\"" + standby.id() + "\"}");
        // then
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        cluster.await("the copy")
                .untilAsserted(
                        () -> assertThat(Files.readString(standby.directory().resolve("state/history")))
                                .contains("\trejoined\t" + standby.id() + " was copied anew; it streams from "));
        cluster.awaitHealthy();
        assertThat(active.post("/cluster/reinit", "{\"node\":\"" + active.id() + "\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aNodeJoinsVotesAndLeaves() throws Exception {
        TestNode fourth = cluster.added("n4");
        try {
            fourth.start();
            cluster.await("the fourth agent")
                    .ignoreExceptions()
                    .until(() -> fourth.get("/health").status() == 200);
            // when
            TestNode.Answer joined = fourth.post("/cluster/join", "");
            // then
            assertThat(joined.status()).as(joined.toString()).isEqualTo(200);
            cluster.await("its vote").untilAsserted(() -> {
                JsonNode member = cluster.member("n4");
                assertThat(member.path("voting").asBoolean())
                        .as(member.toString())
                        .isTrue();
                assertThat(member.path("state").asText()).isEqualTo("streaming");
            });
            try (Connection connection = fourth.connect();
                    Statement sql = connection.createStatement();
                    ResultSet row = sql.executeQuery("SELECT pg_is_in_recovery()")) {
                row.next();
                assertThat(row.getBoolean(1))
                        .as("its router leads to the active node")
                        .isFalse();
            }
            // when
            TestNode.Answer left = cluster.awaitActive().post("/cluster/leave", "{\"node\":\"n4\"}");
            // then
            assertThat(left.status()).as(left.toString()).isEqualTo(200);
            cluster.await("its absence")
                    .untilAsserted(() -> assertThat(cluster.nodes()
                                    .get(0)
                                    .get("/cluster/status")
                                    .body()
                                    .path("members"))
                            .hasSize(3));
        } finally {
            fourth.kill();
            cluster.nodes().remove(fourth);
        }
        cluster.awaitHealthy();
    }

    @Test
    void anAgentWithADamagedStateRefusesToStart() throws Exception {
        TestNode standby = cluster.otherThan(cluster.awaitActive());
        standby.killAgent();
        Path file = standby.directory().resolve("state/election");
        byte[] whole = Files.readAllBytes(file);
        Files.writeString(file, "nothing");
        // when
        standby.start();
        // then
        assertThat(standby.awaitEnd()).isEqualTo(2);
        assertThat(standby.log()).contains("is damaged");
        Files.write(file, whole);
        standby.start();
        cluster.awaitHealthy();
    }

    @Test
    void aRequestSignedTwiceIsTakenOnce() throws Exception {
        TestNode active = cluster.awaitActive();
        String header = new RequestSignature(new ClusterKey("0123456789abcdef0123456789abcdef"), Clock.systemUTC())
                .sign("POST", "/cluster/resume", new byte[0]);
        var request = java.net.http.HttpRequest.newBuilder(
                        java.net.URI.create(active.address().httpUrl() + "/cluster/resume"))
                .header(RequestSignature.HEADER, header)
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                .build();
        var http = java.net.http.HttpClient.newHttpClient();
        // when
        int first = http.send(request, java.net.http.HttpResponse.BodyHandlers.discarding())
                .statusCode();
        int second = http.send(request, java.net.http.HttpResponse.BodyHandlers.discarding())
                .statusCode();
        // then
        assertThat(first).isEqualTo(200);
        assertThat(second).isEqualTo(401);
    }
}
