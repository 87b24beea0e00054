package io.holdfast.cluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.Requirements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clusters of other shapes than three data nodes, as real processes: what each of them promises and what it does not. */
class TopologiesIT {

    private static final String FORCE = "{\"force\": true, \"i_know_the_other_is_dead\": true}";

    @BeforeEach
    void installed() {
        Requirements.postgres();
    }

    @Test
    void twoNodesAndAWitnessSurviveAnyOneOfThemButNeverElectWhoIsNotInSync() throws Exception {
        try (TestCluster cluster = TestCluster.start(2, 1)) {
            TestWriters writers = TestWriters.start(cluster);
            TestNode witness = cluster.node("n3");
            TestNode former = cluster.awaitActive();
            TestNode other = cluster.otherThan(former);
            assertThat(cluster.member("n3").path("kind").asText()).isEqualTo("WITNESS");

            // when: the active one is lost
            former.kill();
            // then: the other one takes over, and soon needs nobody but the witness
            assertThat(cluster.awaitActiveOtherThan(former)).isSameAs(other);
            writers.awaitMore(50);
            former.start();
            cluster.awaitHealthy();
            assertThat(cluster.awaitActive()).isSameAs(other);

            // when: the witness is lost
            long epoch = cluster.epoch();
            witness.kill();
            writers.awaitMore(50);
            // then: nothing happens
            assertThat(cluster.awaitActive()).isSameAs(other);
            witness.start();
            cluster.awaitHealthy();
            assertThat(cluster.epoch()).isEqualTo(epoch);

            // when: the standby is lost, and what is written now is on the active one alone; then that is lost, too
            former.kill();
            cluster.await("the active one to say that it is alone")
                    .untilAsserted(() -> assertThat(other.get("/cluster/explain")
                                    .body()
                                    .path("sentences")
                                    .toString())
                            .contains("Commits wait for no standby"));
            writers.awaitMore(50);
            other.kill();
            former.start();
            // then: witness and former standby are a majority, but know that the standby has not everything
            cluster.await("the standby's agent")
                    .ignoreExceptions()
                    .until(() -> former.get("/health").status() == 200);
            cluster.assertNobodyTakesOver(former);
            cluster.await("the reason")
                    .untilAsserted(() -> assertThat(former.get("/cluster/explain")
                                    .body()
                                    .path("sentences")
                                    .toString())
                            .contains("Only [" + other.id() + "] have every commit, and none of them has answered"));
            // when
            other.start();
            // then
            cluster.awaitHealthy();
            assertThat(cluster.awaitActive()).isSameAs(other);
            writers.assertNothingLost();
        }
    }

    @Test
    void ofTwoNodesNoneTakesOverByItselfAndWhatTheForcedOneHadNotIsSalvaged() throws Exception {
        try (TestCluster cluster = TestCluster.start(2)) {
            TestWriters writers = TestWriters.start(cluster);
            writers.execute("CREATE TABLE item (id int PRIMARY KEY, owner text)");
            TestNode former = cluster.awaitActive();
            TestNode other = cluster.otherThan(former);
            long epoch = cluster.epoch();
            // given: rows that are on the active one alone, as a client that does not wait for standbys may leave
            // behind
            other.pausePostgres();
            execute(former, "SET synchronous_commit = local", "INSERT INTO item VALUES (1, 'former'), (2, 'former')");

            // when: it is lost; before the other one's PostgreSQL is started again and could still get them
            former.kill();
            other.killPostgres();
            // then: the other one cannot know that it is not just cut off
            cluster.assertNobodyTakesOver(other);
            assertThat(other.get("/cluster/explain").body().path("sentences").toString())
                    .contains("cluster failover --target " + other.id() + " --force --i-know-the-other-is-dead");
            TestNode.Answer elected = other.post("/cluster/failover", "{}");
            TestNode.Answer careless = other.post("/cluster/failover", "{\"force\": true}");
            for (TestNode.Answer refused : List.of(elected, careless)) {
                assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
                assertThat(refused.body().path("hint").asText()).contains("--i-know-the-other-is-dead");
            }
            assertThat(elected.body().path("detail").asText()).startsWith("1 of 2 voters answer, and 2 are needed");

            // when: an operator says that it is
            cluster.await("the forced failover").untilAsserted(() -> {
                TestNode.Answer forced = other.post("/cluster/failover", FORCE);
                assertThat(forced.status()).as(forced.toString()).isEqualTo(200);
            });
            // then: it serves alone, and says so
            writers.awaitMore(50);
            JsonNode alone = other.get("/cluster/status").body();
            assertThat(alone.path("state").asText()).isEqualTo("degraded");
            assertThat(alone.path("epoch").asLong()).isGreaterThanOrEqualTo(epoch + 1000);
            assertThat(other.get("/cluster/explain").body().path("sentences").toString())
                    .contains("Commits wait for no standby: what is committed is on " + other.id() + " only");
            execute(other, "INSERT INTO item VALUES (2, 'other')");

            // when: the lost one returns
            former.start();
            // then: it is a standby, votes again, and what it had alone is not lost
            cluster.awaitHealthy();
            assertThat(cluster.awaitActive()).isSameAs(other);
            assertItsRowsAreSalvaged(former, other);
            writers.assertNothingLost();
        }
    }

    /** Asked at the standby, which hands it on. */
    private static void assertItsRowsAreSalvaged(TestNode former, TestNode active) throws Exception {
        JsonNode list = former.send("GET", "/cluster/salvage", "", true).body().path("items");
        assertThat(list).as(list.toString()).hasSize(1);
        assertThat(list.path(0).path("node").asText()).isEqualTo(former.id());
        String salvage = "/cluster/salvage/" + list.path(0).path("id").asLong();
        // when
        TestNode.Answer merged = former.post(salvage + "/apply", "");
        // then: the free row is merged, the other one is shown and kept
        assertThat(merged.status()).as(merged.toString()).isEqualTo(200);
        assertThat(owner(active, 1)).isEqualTo("former");
        assertThat(owner(active, 2)).isEqualTo("other");
        assertThat(merged.body().path("left").asLong()).as(merged.toString()).isEqualTo(1);
        assertThat(merged.body()
                        .path("conflicts")
                        .path(0)
                        .path("after")
                        .path("owner")
                        .asText())
                .isEqualTo("former");
        List<String> lines = former.getText(salvage + "/export").lines().toList();
        assertThat(lines).hasSize(1 + list.path(0).path("changes").asInt());
        assertThat(lines)
                .filteredOn(line -> line.contains("\"state\":\"conflict\""))
                .singleElement()
                .asString()
                .contains("another row with this key")
                .contains("\"name\":\"owner\",\"type\":\"text\",\"value\":\"former\"");
        assertThat(former.send("GET", "/cluster/salvage/99/export", "", true).status())
                .isEqualTo(404);
        assertThat(former.post(salvage + "/discard", "").body().path("state").asText())
                .isEqualTo("discarded");
    }

    @Test
    void ofTwoNodesTheActiveOneStopsWithoutTheOtherUntilAnOperatorForcesIt() throws Exception {
        try (TestCluster cluster = TestCluster.start(2)) {
            TestWriters writers = TestWriters.start(cluster);
            TestNode active = cluster.awaitActive();
            TestNode standby = cluster.otherThan(active);
            // when
            standby.kill();
            // then: no commit is acknowledged that is on one node only
            cluster.assertNobodyTakesOver(active);
            int before = writers.acknowledged();
            cluster.assertNobodyTakesOver(active);
            assertThat(writers.acknowledged()).isEqualTo(before);
            // when
            cluster.await("the forced failover").untilAsserted(() -> {
                TestNode.Answer forced = active.post("/cluster/failover", FORCE);
                assertThat(forced.status()).as(forced.toString()).isEqualTo(200);
            });
            // then
            writers.awaitMore(50);
            standby.start();
            cluster.awaitHealthy();
            assertThat(cluster.awaitActive()).isSameAs(active);
            writers.assertNothingLost();
        }
    }

    @Test
    void fiveNodesSurviveTwoAtOnceAndStopAtTheThird() throws Exception {
        try (TestCluster cluster = TestCluster.start(5)) {
            TestWriters writers = TestWriters.start(cluster);
            TestNode former = cluster.awaitActive();
            TestNode standby = cluster.otherThan(former);
            // when
            former.kill();
            standby.kill();
            // then
            TestNode next = cluster.nodes().stream()
                    .filter(node -> node != former && node != standby)
                    .findFirst()
                    .orElseThrow();
            cluster.await("an active node of the other three")
                    .untilAsserted(() -> assertThat(next.get("/cluster/status")
                                    .body()
                                    .path("state")
                                    .asText())
                            .isEqualTo("degraded"));
            writers.awaitMore(50);
            // when
            TestNode third = cluster.awaitActiveOtherThan(former);
            third.kill();
            // then
            TestNode left = cluster.nodes().stream()
                    .filter(node -> node != former && node != standby && node != third)
                    .findFirst()
                    .orElseThrow();
            cluster.assertNobodyTakesOver(left);
            // when
            for (TestNode node : List.of(former, standby, third)) {
                node.start();
            }
            // then
            cluster.awaitHealthy();
            writers.awaitMore(20);
            writers.assertNothingLost();
        }
    }

    @Test
    void aSingleNodeIsActiveAgainAfterItsStart() throws Exception {
        try (TestCluster cluster = TestCluster.start(1)) {
            TestWriters writers = TestWriters.start(cluster);
            TestNode node = cluster.awaitActive();
            // when
            node.kill();
            node.start();
            // then
            cluster.awaitHealthy();
            writers.awaitMore(20);
            writers.assertNothingLost();
        }
    }

    private static void execute(TestNode node, String... statements) throws SQLException {
        try (Connection connection = node.connect();
                Statement sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    private static String owner(TestNode node, int id) throws SQLException {
        try (Connection connection = node.connect();
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT owner FROM item WHERE id = " + id)) {
            return row.next() ? row.getString(1) : "no row";
        }
    }
}
