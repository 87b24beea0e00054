package io.holdfast.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.testsupport.Logged;
import io.quarkus.agroal.DataSource;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NodesIT.InCluster.class)
@QuarkusTestResource(HoldfastResources.class)
@QuarkusTestResource(value = StubAgent.class, restrictToAnnotatedClass = true)
class NodesIT {

    public static final class InCluster implements QuarkusTestProfile {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final CallerIdentity ADMIN =
            new CallerIdentity("admin", true, null, null, List.of(), "http_basic", Instant.EPOCH);

    @Inject
    InternalHttp http;

    @Inject
    ObjectMapper json;

    @Inject
    @DataSource("cluster")
    AgroalDataSource dataSource;

    @Test
    void theStatusIsWhatTheAgentSays() {
        JsonNode status = http.to("cluster").get("/status", JsonNode.class);

        assertThat(status.path("clustered").asBoolean()).isTrue();
        assertThat(status.path("active").asText()).isEqualTo("n1");
        assertThat(status.at("/nodes/1/name").asText()).isEqualTo("n3");
        assertThat(status.at("/nodes/1/host").asText()).isEqualTo("10.0.0.3");
        assertThat(status.at("/nodes/1/lagBytes").asLong()).isEqualTo(42);
    }

    @Test
    void aSilentNodeWasSeenLastWhenItStillAnswered() {
        // given
        assertThat(seen(1)).isNotNull();
        // when
        StubAgent.roleOfN3 = "null";
        // then: not before the next look at the nodes, and from then on the same
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen(1)).isNotNull());
        Instant last = seen(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen(0)).isAfter(last.plusSeconds(7)));
        assertThat(seen(1)).isEqualTo(last);
        // when
        StubAgent.roleOfN3 = "\"FOLLOWER\"";
        // then
        assertThat(seen(1)).isAfter(last);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(number(
                                "SELECT count(*) FROM cluster_control.told_node" + " WHERE silent_since IS NOT NULL"))
                        .isZero());
    }

    private @Nullable Instant seen(int node) {
        JsonNode at = http.to("cluster").get("/status", JsonNode.class).at("/nodes/" + node + "/lastSeen");
        return at.isTextual() ? Instant.parse(at.asText()) : null;
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** A job that fails as long as a test wants it to. */
    @ApplicationScoped
    static class FailingJob {
        static volatile boolean fails;

        @Scheduled(every = "1s", identity = "test-failing")
        void run() {
            if (fails) {
                throw new IllegalStateException("a job of the test fails");
            }
        }
    }

    @Test
    void aJobThatFailsIsWrittenDownOnceAndByItsName() {
        try (Logged all = Logged.by("")) {
            FailingJob.fails = true;
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(all.lines()).anyMatch(line -> line.contains("FailedJobs")));
            FailingJob.fails = false;

            assertThat(all.lines())
                    .noneMatch(line -> line.contains("StatusEmitterInvoker"))
                    .anyMatch(line -> line.startsWith("ERROR io.holdfast.http.FailedJobs"));
        } finally {
            FailingJob.fails = false;
        }
    }

    @Test
    void changesAreToldOnceEach() throws SQLException {
        // given: nobody is published to; what is told stays where it is kept
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told("cluster.role.changed.v1"))
                        .anyMatch(payload -> payload.contains("\"active\": \"n1\"")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told("cluster.node.changed.v1"))
                        .anyMatch(payload -> payload.contains("\"n3\"") && payload.contains("\"joined\"")));

        // when
        StubAgent.n3IsHeard = false; // it streams, but its agent is cut off
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told("cluster.node.changed.v1"))
                        .anyMatch(payload -> payload.contains("\"n3\"") && payload.contains("\"down\"")));
        StubAgent.epoch = 9;

        // then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told("cluster.role.changed.v1")).hasSize(2));
        assertThat(told("cluster.role.changed.v1").get(1))
                .contains("\"epoch\": 9")
                .contains("\"former\": \"n1\"");
        assertThat(told("cluster.node.changed.v1"))
                .filteredOn(payload -> payload.contains("\"n3\""))
                .hasSize(2);
    }

    @Test
    void anOperationIsHandedOnSignedAndItsAnswerComesBack() {
        ManagerException refused = catchThrowableOfType(
                ManagerException.class,
                () -> http.to("cluster").as(ADMIN).exchange("POST", "/v1/cluster/switchover", Map.of("target", "n3")));

        assertThat(refused.code().httpStatus()).isEqualTo(409);
        assertThat(refused.detail()).isEqualTo("n3 is not in sync");
        assertThat(StubAgent.OPERATIONS).containsExactly("{\"target\":\"n3\"}");
    }

    /** Before they are published, and after. */
    private List<String> told(String type) throws SQLException {
        List<String> payloads = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT payload::jsonb::text FROM (SELECT seq, type, payload FROM"
                                + " cluster_control.outbox UNION ALL SELECT seq, type, payload FROM cluster_control.outbox_sent) m"
                                + " WHERE type = '" + type + "' ORDER BY seq")) {
            while (rows.next()) {
                payloads.add(rows.getString(1));
            }
        }
        return payloads;
    }
}
