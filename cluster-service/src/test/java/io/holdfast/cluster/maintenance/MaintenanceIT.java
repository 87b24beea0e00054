package io.holdfast.cluster.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@QuarkusTestResource(StubScheduler.class)
class MaintenanceIT {

    private static final CallerIdentity ADMIN =
            new CallerIdentity("admin", true, null, null, List.of(), "http_basic", Instant.EPOCH);
    private static final String STARTED = """
            [{"id": "e1", "status": "started", "deployment_id": "d1", "workflow_id": "install", "tenant_name": "t"},
             {"id": "e2", "status": "scheduled", "deployment_id": "d2", "workflow_id": "heal", "tenant_name": "t"}]""";

    @Inject
    InternalHttp http;

    @Inject
    ObjectMapper json;

    @Inject
    @DataSource("cluster")
    AgroalDataSource dataSource;

    @BeforeEach
    void openGate() throws SQLException {
        unfinished("[]");
        execute("UPDATE cluster_control.gate SET status = 'deactivated', reason = NULL, requested_by = NULL,"
                + " activation_requested_at = NULL, activated_at = NULL, operator_status = 'deactivated',"
                + " operator_name = NULL, operator_requested_at = NULL, operator_activated_at = NULL,"
                + " hold_reason = NULL, hold_requested_by = NULL, held_since = NULL");
        execute("DELETE FROM cluster_control.outbox");
    }

    @Test
    void anOpenGateShowsEmptyTexts() throws IOException {
        assertThat(body(user("GET", "/maintenance"))).isEqualTo(json.readTree("""
                {"status": "deactivated", "activated_at": "", "activation_requested_at": "",
                 "remaining_executions": null, "requested_by": "", "reason": null}"""));
    }

    @Test
    void onlyTheFieldsThatAreWantedAreShownAndOthersThanThereAreAreRefused() throws IOException {
        assertThat(body(user("GET", "/maintenance?_include=status,requested_by")))
                .isEqualTo(json.readTree("{\"status\": \"deactivated\", \"requested_by\": \"\"}"));
        assertThatThrownBy(() -> user("GET", "/maintenance?_include=status,colour"))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NO_SUCH_INCLUDE_FIELD))
                .hasMessageStartingWith(
                        "Include keys '['colour']' do not exist. Allowed keys are: ['status', 'activated_at', ");
    }

    @Test
    void withNothingUnfinishedItIsActivatedAtOnceAndTwiceIsNotModified() throws IOException {
        // when
        JsonNode answer = body(user("POST", "/maintenance/activate"));
        // then
        assertThat(answer.get("status").asText()).isEqualTo("activated");
        assertThat(answer.get("requested_by").asText()).isEqualTo("admin");
        assertThat(answer.get("activated_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(answer.get("remaining_executions").isNull()).isTrue();
        HttpResponse<byte[]> again = user("POST", "/maintenance/activate");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void itWaitsForWhatIsUnfinishedButNotForWhatIsScheduled() throws IOException {
        // given
        unfinished(STARTED);
        // when
        JsonNode answer = body(user("POST", "/maintenance/activate"));
        // then
        assertThat(answer.get("status").asText()).isEqualTo("activating");
        assertThat(answer.get("activated_at").isNull()).isTrue();
        assertThat(answer.get("remaining_executions")).isEqualTo(json.readTree("""
                [{"id": "e1", "status": "started", "deployment_id": "d1", "workflow_id": "install"}]"""));
    }

    @Test
    void itSettlesByItselfWhenTheLastExecutionEndsAndSaysSo() throws Exception {
        // given
        unfinished(STARTED);
        body(user("POST", "/maintenance/activate"));
        // when
        unfinished("[]");
        // then
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(strings("SELECT status FROM cluster_control.gate"))
                        .containsExactly("activated"));
    }

    @Test
    void anUnreachableSchedulerLeavesItActivatingWithoutAList() throws IOException {
        // given
        unfinished("");
        // when
        JsonNode answer = body(user("POST", "/maintenance/activate"));
        // then
        assertThat(answer.get("status").asText()).isEqualTo("activating");
        assertThat(answer.get("remaining_executions").isNull()).isTrue();
    }

    @Test
    void deactivatingTellsWhatWasEndedAndTwiceIsNotModified() throws IOException {
        // given
        user("POST", "/maintenance/activate");
        // when
        JsonNode answer = body(user("POST", "/maintenance/deactivate"));
        // then
        assertThat(answer.get("status").asText()).isEqualTo("deactivated");
        assertThat(answer.get("requested_by").asText()).isEqualTo("admin");
        assertThat(answer.get("activated_at").asText()).isNotEmpty();
        assertThat(user("POST", "/maintenance/deactivate").statusCode()).isEqualTo(304);
    }

    @Test
    void otherActionsAreRefusedWithTheApisText() {
        ManagerException e = catchThrowableOfType(ManagerException.class, () -> user("POST", "/maintenance/pause"));
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_PARAMETERS);
        assertThat(e.detail()).isEqualTo("Invalid action: pause, Valid action values are: ['activate', 'deactivate']");
    }

    @Test
    void aRestoreHoldsTheGateAndLeavesAnOperatorsModeOn() throws IOException {
        // given
        user("POST", "/maintenance/activate");
        // when
        JsonNode held = body(service("/gate/enter", Map.of("reason", "restore r1", "requestedBy", "bob")));
        JsonNode left = body(service("/gate/leave", Map.of("reason", "restore r1")));
        // then
        assertThat(held.get("status").asText()).isEqualTo("activated");
        assertThat(held.get("reason").asText()).isEqualTo("restore r1");
        assertThat(left.get("status").asText()).isEqualTo("activated");
        assertThat(left.get("requested_by").asText()).isEqualTo("admin");
    }

    @Test
    void aHoldIsIdempotentAndOpensTheGateWhenItEnds() throws IOException {
        // when
        unfinished(STARTED);
        service("/gate/enter", Map.of("reason", "restore r1"));
        service("/gate/enter", Map.of("reason", "restore r1"));
        // then
        assertThat(body(user("GET", "/maintenance")).get("status").asText()).isEqualTo("activated");
        assertThat(body(service("/gate/leave", Map.of())).get("status").asText())
                .isEqualTo("deactivated");
        assertThat(body(service("/gate/leave", Map.of())).get("status").asText())
                .isEqualTo("deactivated");
    }

    @Test
    void anOperatorCannotOpenTheGateUnderARestore() {
        service("/gate/enter", Map.of("reason", "restore r1"));
        ManagerException e =
                catchThrowableOfType(ManagerException.class, () -> user("POST", "/maintenance/deactivate"));
        assertThat(e.code()).isEqualTo(ErrorCode.IN_SNAPSHOT_RESTORE);
        assertThat(e.detail()).contains("restore r1");
    }

    @Test
    void usersHaveNoBusinessAtTheGate() {
        ManagerException e = catchThrowableOfType(
                ManagerException.class,
                () -> http.to("cluster").as(ADMIN).exchange("POST", "/gate/enter", Map.of("reason", "x")));
        assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void everyoneMayReadTheGateAndOnlyThisServiceMayChangeIt() throws SQLException {
        String services =
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'holdfast\\_%' AND has_table_privilege(rolname,"
                        + " 'cluster_control.gate', ";
        assertThat(strings(services + "'SELECT')"))
                .contains("holdfast_gateway", "holdfast_scheduler", "holdfast_snapshot", "holdfast_restore");
        assertThat(strings(services + "'UPDATE')")).containsExactly("holdfast_cluster");
    }

    @Test
    void theClusterIsOneActiveNode() throws IOException {
        JsonNode answer = body(user("GET", "/status"));
        assertThat(answer.get("clustered").asBoolean()).isFalse();
        assertThat(answer.get("state").asText()).isEqualTo("healthy");
        assertThat(answer.get("nodes")).hasSize(1);
        assertThat(answer.at("/nodes/0/name").asText())
                .isEqualTo(answer.get("active").asText())
                .isNotEmpty();
    }

    private static void unfinished(String answer) {
        System.setProperty(StubScheduler.ANSWER, answer.isEmpty() ? "" : "{\"items\": " + answer + "}");
    }

    private HttpResponse<byte[]> user(String method, String path) {
        return http.to("cluster").as(ADMIN).exchange(method, path, null);
    }

    private HttpResponse<byte[]> service(String path, Map<String, String> body) {
        return http.to("cluster").exchange("POST", path, body);
    }

    private JsonNode body(HttpResponse<byte[]> response) throws IOException {
        return json.readTree(response.body());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> strings(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
