package io.holdfast.scheduler;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.SchedulerCommand;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.http.Made;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole service on a real database and broker. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SchedulerIT {

    private static final String TENANT = "default_tenant";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    IdentitySigner signer;

    @Inject
    Clock clock;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    private Wire wire;
    private WireTap tap;

    @BeforeEach
    void listen() {
        wire = new Wire(brokerUrl);
        tap = new WireTap(brokerUrl);
    }

    @AfterEach
    void hangUp() {
        wire.close();
        tap.close();
        assertThat(tap.problems()).isEmpty();
    }

    @Test
    void submittedExecutionIsPendingUntilItsWorkerReportsTheEnd() throws Exception {
        // when
        String id = submit(Map.of("deployment_id", "d1", "workflow_id", "install"))
                .statusCode(201)
                .body("status", equalTo("pending"))
                .body("status_display", equalTo("pending"))
                .body("deployment_display_name", equalTo("Deployment d1"))
                .body("blueprint_id", equalTo("bp"))
                .body("created_by", equalTo("admin"))
                .body("scheduled_for", nullValue())
                .body("total_operations", equalTo(0))
                .body("finished_operations", equalTo(0))
                .extract()
                .path("id");
        // then
        Wire.Seen seen = wire.awaitCommandFor(id);
        JsonNode command = JSON.readTree(seen.body());
        assertThat(seen.properties().getType()).isEqualTo("workflow.execution.start.v1");
        assertThat(seen.properties().getDeliveryMode()).isEqualTo(2);
        assertThat(seen.properties().getHeaders()).containsKeys("cloudEvents_id", "cloudEvents_source");
        report(id, "failed", command.get("token").asText(), command.get("epoch").asLong(), "not available");
        awaitStatus(id, "failed");
        assertThat(column("SELECT error FROM scheduler.executions WHERE id = ?", id))
                .isEqualTo("not available");
        assertThat(events(id)).contains("workflow_failed");
    }

    @Test
    void outcomeUnderAnOldTokenIsRefused() throws Exception {
        // given
        String id = submit(Map.of("deployment_id", "d-token", "workflow_id", "install"))
                .statusCode(201)
                .extract()
                .path("id");
        JsonNode command = JSON.readTree(wire.awaitCommandFor(id).body());
        // when
        report(id, "failed", "somebody-elses-token", 0, "no");
        report(
                id,
                "started",
                command.get("token").asText(),
                command.get("epoch").asLong(),
                null);
        // then
        awaitStatus(id, "started");
        assertThat(events(id)).containsExactly("workflow_started");
    }

    @Test
    void scheduledExecutionWaitsForItsTimeAndIsNeverDispatchedEarly() throws Exception {
        // given
        String inTwoMinutes = DateTimeFormatter.ofPattern("uuuuMMddHHmm")
                .withZone(ZoneOffset.UTC)
                .format(clock.instant().plus(2, ChronoUnit.MINUTES));
        String id = submit(Map.of(
                        "deployment_id", "d-later",
                        "workflow_id", "install",
                        "scheduled_time", inTwoMinutes + "+0000",
                        "allow_custom_parameters", "false",
                        "force", "false"))
                .statusCode(201)
                .body("status", equalTo("scheduled"))
                .extract()
                .path("id");
        // when: its time comes sooner
        Instant due = moveDue(id, Duration.ofMillis(1500));
        // then
        wire.awaitCommandFor(id);
        assertThat(clock.instant()).isAfterOrEqualTo(due);
        awaitStatus(id, "pending");
        assertThat(wire.commandsFor(id)).hasSize(1);
    }

    @Test
    void nothingIsDispatchedWhileTheMaintenanceGateIsClosed() throws Exception {
        // given
        String id = submit(Map.of(
                        "deployment_id", "d-gate", "workflow_id", "install", "scheduled_time", "203501010000+0000"))
                .statusCode(201)
                .extract()
                .path("id");
        owner("CREATE SCHEMA IF NOT EXISTS cluster_control; CREATE TABLE IF NOT EXISTS cluster_control.gate"
                + " (status text NOT NULL); DELETE FROM cluster_control.gate; INSERT INTO cluster_control.gate VALUES ('activated');"
                + " GRANT USAGE ON SCHEMA cluster_control TO holdfast_scheduler;"
                + " GRANT SELECT ON cluster_control.gate TO holdfast_scheduler");
        // when
        moveDue(id, Duration.ZERO);
        // then
        await().during(Duration.ofSeconds(2)).until(() -> wire.commandsFor(id).isEmpty());
        owner("UPDATE cluster_control.gate SET status = 'deactivated'");
        wire.awaitCommandFor(id);
    }

    @Test
    void whatIsQueuedStillStartsWhileMaintenanceModeWaitsForIt() throws Exception {
        // given
        Map<String, Object> body = Map.of("deployment_id", "d-activating", "workflow_id", "install", "queue", true);
        String first = submit(body).statusCode(201).extract().path("id");
        String second = submit(body)
                .statusCode(201)
                .body("status", equalTo("queued"))
                .extract()
                .path("id");
        owner("CREATE SCHEMA IF NOT EXISTS cluster_control; CREATE TABLE IF NOT EXISTS cluster_control.gate"
                + " (status text NOT NULL); DELETE FROM cluster_control.gate; INSERT INTO cluster_control.gate VALUES ('activating');"
                + " GRANT USAGE ON SCHEMA cluster_control TO holdfast_scheduler;"
                + " GRANT SELECT ON cluster_control.gate TO holdfast_scheduler");
        try {
            // when
            patch(first, "started").statusCode(200);
            patch(first, "terminated").statusCode(200);
            // then
            wire.awaitCommandFor(second);
        } finally {
            owner("UPDATE cluster_control.gate SET status = 'deactivated'");
        }
    }

    @Test
    void pastTimeIsRefusedWithTheTextOfTheApi() {
        submit(Map.of("deployment_id", "d1", "workflow_id", "install", "scheduled_time", "201801012230-0500"))
                .statusCode(400)
                .body("error_code", equalTo("bad_parameters_error"))
                .body(
                        "detail",
                        containsString(
                                "Date `201801012230-0500` has already passed, please provide valid date. \nExpected format: "));
    }

    @Test
    void unknownDeploymentAndWorkflowAreRefused() {
        submit(Map.of("deployment_id", "missing", "workflow_id", "install"))
                .statusCode(404)
                .body("error_code", equalTo("not_found_error"));
        submit(Map.of("deployment_id", "d1", "workflow_id", "nope"))
                .statusCode(400)
                .body("error_code", equalTo("nonexistent_workflow_error"))
                .body("detail", equalTo("Workflow nope does not exist in the deployment d1"));
    }

    /** As in the existing product, where the deployment has its new blueprint by then. */
    @Test
    void whatRunsInPlaceOfAnUpdateIsOfTheBlueprintThatTheDeploymentIsUpdatedTo() {
        // given
        String path = "/internal/scheduler/executions";
        Map<String, Object> body =
                Map.of("deployment_id", "d-updated", "workflow_id", "install", "blueprint_id", "next", "force", true);
        CallerIdentity service =
                CallerIdentity.ofService("workflow", clock.instant()).in(TENANT);
        // when, then
        as(service, "POST", path).body(body).post(path).then().statusCode(201).body("blueprint_id", equalTo("next"));
        submit(body).statusCode(201).body("blueprint_id", equalTo("bp"));
    }

    @Test
    void parametersSatisfyTheirConstraintsAndNameThingsThatAreThere() {
        submit(Map.of(
                        "deployment_id",
                        "checked",
                        "workflow_id",
                        "tune",
                        "parameters",
                        Map.of("size", 9, "node", "web")))
                .statusCode(400)
                .body("error_code", equalTo("illegal_execution_parameters_error"))
                .body(
                        "detail",
                        equalTo(
                                "Parameter \"size\" does not meet its constraints: Value 9 of input size violates constraint"
                                        + " less_than(5) operator."));
        submit(Map.of("deployment_id", "checked", "workflow_id", "tune", "parameters", Map.of("size", 4, "node", "db")))
                .statusCode(400)
                .body(
                        "detail",
                        equalTo(
                                "Parameter \"node\" does not meet its constraints: Value 'db' of 'node' is not a valid value"
                                        + " for data type 'node_id'."));
        submit(Map.of(
                        "deployment_id",
                        "checked",
                        "workflow_id",
                        "tune",
                        "parameters",
                        Map.of("size", "4", "node", "web")))
                .statusCode(201)
                .body("parameters.size", equalTo(4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failed | deployment_creation_error"
                        + " | Can't launch executions since environment creation for deployment unmade has failed: ValueError: no such thing",
                "cancelled | deployment_creation_error"
                        + " | Can't launch executions since the environment creation for deployment unmade has been cancelled [status=cancelled]",
                "kill_cancelling | deployment_creation_error | Unexpected deployment status for deployment unmade [status=kill_cancelling]",
                "pending | deployment_environment_creation_pending_error"
                        + " | Deployment environment creation is still pending, try again in a minute",
                "started | deployment_environment_creation_in_progress_error"
                        + " | Deployment environment creation is still in progress, try again in a minute"
            })
    void nothingStartsOnADeploymentThatIsNotMade(String status, String errorCode, String detail) throws SQLException {
        owner("DELETE FROM scheduler.executions WHERE id = 'unmade-creation'");
        submit(Map.of(
                        "id",
                        "unmade-creation",
                        "deployment_id",
                        "unmade",
                        "workflow_id",
                        "create_deployment_environment",
                        "force_status",
                        status,
                        "error",
                        "Traceback\nValueError: no such thing"))
                .statusCode(201);
        for (String workflow : List.of("install", "nosuch")) {
            submit(Map.of("deployment_id", "unmade", "workflow_id", workflow))
                    .statusCode(400)
                    .body("error_code", equalTo(errorCode))
                    .body("detail", equalTo(detail));
        }
    }

    @Test
    void parametersAreCheckedAndMergedWithTheDeclaredOnes() {
        submit(Map.of("deployment_id", "d-par", "workflow_id", "scale"))
                .statusCode(400)
                .body("error_code", equalTo("illegal_execution_parameters_error"))
                .body(
                        "detail",
                        equalTo("Workflow \"scale\" must be provided with the following parameters to execute: group"));
        submit(Map.of("deployment_id", "d-par", "workflow_id", "scale", "parameters", List.of()))
                .statusCode(400)
                .body("detail", equalTo("request body's 'parameters' field must be a dict but is of type list"));
        for (String flag : List.of("allow_custom_parameters", "force", "dry_run", "queue")) {
            Map<String, Object> body = new HashMap<>(Map.of("deployment_id", "d-par", "workflow_id", "scale"));
            body.put(flag, null);
            submit(body)
                    .statusCode(400)
                    .body("error_code", equalTo("bad_parameters_error"))
                    .body("detail", equalTo(flag + " must be <true/false>, got None"));
        }
        submit(Map.of(
                        "deployment_id", "d-par",
                        "workflow_id", "scale",
                        "parameters", Map.of("group", "g", "delta", "3", "extra", true),
                        "allow_custom_parameters", "true"))
                .statusCode(201)
                .body("parameters.delta", equalTo(3))
                .body("parameters.group", equalTo("g"))
                .body("parameters.extra", equalTo(true));
    }

    @Test
    void secondExecutionOfABusyDeploymentIsRefusedQueuedOrForced() {
        // given
        Map<String, Object> install = Map.of("deployment_id", "d-busy", "workflow_id", "install");
        String first = submit(install).statusCode(201).extract().path("id");
        // then
        submit(install)
                .statusCode(400)
                .body("error_code", equalTo("existing_running_execution_error"))
                .body(
                        "detail",
                        matchesPattern(
                                "The following executions are currently running for this deployment: \\[<Execution id=`"
                                        + first
                                        + "` tenant=`default_tenant` status=`[a-z]+` workflow_id=`install`>]\\. To execute this workflow"
                                        + " anyway, pass \"force=true\" as a query parameter to this request"));
        submit(with(install, "queue", "true")).statusCode(201).body("status", equalTo("queued"));
        submit(with(install, "force", "true")).statusCode(201).body("status", equalTo("pending"));
    }

    @Test
    void endOfAnExecutionReleasesTheNextOfItsDeployment() throws Exception {
        // given
        Map<String, Object> install = Map.of("deployment_id", "d-release", "workflow_id", "install", "queue", "true");
        String first = submit(install).statusCode(201).extract().path("id");
        String older =
                submit(install).body("status", equalTo("queued")).extract().path("id");
        String urgent = submit(with(install, "priority", 9))
                .body("status", equalTo("queued"))
                .extract()
                .path("id");
        JsonNode command = JSON.readTree(wire.awaitCommandFor(first).body());
        // when
        report(
                first,
                "terminated",
                command.get("token").asText(),
                command.get("epoch").asLong(),
                null);
        // then
        JsonNode next = JSON.readTree(wire.awaitCommandFor(urgent).body());
        assertThat(next.get("attempt").asInt()).isEqualTo(1);
        awaitStatus(urgent, "pending");
        awaitStatus(older, "queued");
        patch(urgent, "started").statusCode(200);
        patch(urgent, "terminated").statusCode(200);
        wire.awaitCommandFor(older);
    }

    @Test
    void workerIsToldHowLongToWaitAfterAFailureWhereItIsNotTheDefault() throws Exception {
        // given
        Map<String, Object> body = Map.of("workflow_id", "install", "deployment_id", "d-wait-1", "wait_after_fail", 30);
        Map<String, Object> usual = with(with(body, "deployment_id", "d-wait-2"), "wait_after_fail", 600);
        Map<String, Object> timed = with(with(body, "deployment_id", "d-wait-3"), "wait_after_fail", "0");
        // when
        String asked = submit(body).statusCode(201).extract().path("id");
        String queued =
                submit(with(body, "queue", true)).statusCode(201).extract().path("id");
        String default600 = submit(usual).statusCode(201).extract().path("id");
        String later = submit(with(timed, "scheduled_time", "2035-01-01T00:00:00Z"))
                .statusCode(201)
                .extract()
                .path("id");
        moveDue(later, Duration.ZERO);
        JsonNode command = JSON.readTree(wire.awaitCommandFor(asked).body());
        // then
        assertThat(command.path("waitAfterFail").asInt(-1)).isEqualTo(30);
        assertThat(JSON.readTree(wire.awaitCommandFor(default600).body()).has("waitAfterFail"))
                .isFalse();
        assertThat(JSON.readTree(wire.awaitCommandFor(later).body())
                        .path("waitAfterFail")
                        .asInt(-1))
                .isZero();
        // and when its turn comes
        report(
                asked,
                "terminated",
                command.get("token").asText(),
                command.get("epoch").asLong(),
                null);
        assertThat(JSON.readTree(wire.awaitCommandFor(queued).body())
                        .path("waitAfterFail")
                        .asInt(-1))
                .isEqualTo(30);
    }

    @Test
    void whatIsNoNumberOfSecondsIsNotWaited() {
        for (Object wait : List.of(-1, 1.5, "soon", true, List.of(), 3_000_000_000L)) {
            submit(Map.of("deployment_id", "d-par", "workflow_id", "install", "wait_after_fail", wait))
                    .statusCode(400)
                    .body("error_code", equalTo("bad_parameters_error"))
                    .body("detail", startsWith("wait_after_fail is "))
                    .body("detail", endsWith("; expected a whole number of seconds from 0 to 2147483647"));
        }
    }

    @Test
    void startCommandIsTheSameWhoeverSendsIt() throws Exception {
        // given
        String now = submit(Map.of("deployment_id", "d-same-1", "workflow_id", "install"))
                .extract()
                .path("id");
        String later = submit(Map.of(
                        "deployment_id",
                        "d-same-2",
                        "workflow_id",
                        "install",
                        "scheduled_time",
                        "2035-01-01T00:00:00Z"))
                .extract()
                .path("id");
        // when
        moveDue(later, Duration.ZERO);
        // then
        Wire.Seen bySubmission = wire.awaitCommandFor(now);
        Wire.Seen byClaim = wire.awaitCommandFor(later);
        JsonNode first = JSON.readTree(bySubmission.body());
        JsonNode second = JSON.readTree(byClaim.body());
        assertThat(second.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(first::fieldNames);
        assertThat(second.get("deploymentDisplayName").asText()).isEqualTo("Deployment d-same-2");
        assertThat(second.get("createdBy").asText()).isEqualTo("admin");
        assertThat(second.get("attempt").asInt()).isEqualTo(1);
        assertThat(bySubmission.properties().getMessageId())
                .isEqualTo(first.get("token").asText());
        assertThat(byClaim.properties().getMessageId())
                .isEqualTo(second.get("token").asText());
    }

    @Test
    void scheduledExecutionIsCancelledAtOnceAndARunningOneByItsWorker() throws Exception {
        // given
        String scheduled = submit(Map.of(
                        "deployment_id", "d-c", "workflow_id", "install", "scheduled_time", "2035-01-01T00:00:00Z"))
                .extract()
                .path("id");
        String running = submit(Map.of("deployment_id", "d-c", "workflow_id", "install"))
                .extract()
                .path("id");
        JsonNode command = JSON.readTree(wire.awaitCommandFor(running).body());
        // when
        act(scheduled, "cancel").statusCode(200).body("status", equalTo("cancelled"));
        act(running, "cancel").statusCode(200).body("status", equalTo("cancelling"));
        act(running, "cancel").statusCode(400).body("error_code", equalTo("illegal_action_error"));
        report(
                running,
                "cancelled",
                command.get("token").asText(),
                command.get("epoch").asLong(),
                null);
        // then
        awaitStatus(running, "cancelled");
        act(running, "kill").statusCode(409);
        act(running, "bogus")
                .statusCode(400)
                .body("detail", containsString("Invalid action: bogus, Valid action values are:"));
        act(running, "resume")
                .statusCode(200)
                .body("status", equalTo("pending"))
                .body("ended_at", nullValue());
    }

    @Test
    void reportedStatusFollowsTheTable() {
        // given
        String id = submit(Map.of("deployment_id", "d-patch", "workflow_id", "install"))
                .extract()
                .path("id");
        // then
        patch(id, "started").statusCode(200).body("status", equalTo("started")).body("error", equalTo(""));
        patch(id, "terminated")
                .statusCode(200)
                .body("status_display", equalTo("completed"))
                .body("error", equalTo(""));
        patch(id, "terminated").statusCode(200);
        patch(id, "started")
                .statusCode(400)
                .body("error_code", equalTo("invalid_exception_status_update"))
                .body(
                        "detail",
                        equalTo("Invalid relationship - can't change status from terminated to started for \"" + id
                                + "\" execution while running \"install\" workflow."));
        patch(id, "nosuch")
                .statusCode(400)
                .body(
                        "detail",
                        equalTo("Invalid relationship - can't change status from terminated to nosuch for \"" + id
                                + "\" execution while running \"install\" workflow."));
    }

    @Test
    void whatIsBeingKilledStaysSoAndWhatHasEndedIsNotKilled() {
        // given
        String killed = submit(Map.of("deployment_id", "d-kill", "workflow_id", "install"))
                .extract()
                .path("id");
        String ended = submit(Map.of("deployment_id", "d-kill-ended", "workflow_id", "install"))
                .extract()
                .path("id");
        patch(ended, "started").statusCode(200);
        patch(ended, "failed").statusCode(200);
        act(killed, "kill").statusCode(200).body("status", equalTo("kill_cancelling"));
        // when, then
        act(killed, "kill").statusCode(200).body("status", equalTo("kill_cancelling"));
        act(ended, "kill").statusCode(409);
    }

    @Test
    void servicesCountTheOperationsOfAnExecution() {
        // given
        String id = submit(Map.of("deployment_id", "d-counted", "workflow_id", "install"))
                .extract()
                .path("id");
        String counts = "/internal/scheduler/operation-counts/" + id;
        // when
        asService("PUT", counts)
                .body(Map.of("total_operations", 12, "finished_operations", 5))
                .put(counts)
                .then()
                .statusCode(204);
        // then
        as("admin", "GET", "/internal/scheduler/executions/" + id)
                .get("/internal/scheduler/executions/" + id)
                .then()
                .body("total_operations", equalTo(12))
                .body("finished_operations", equalTo(5));
        asService("PUT", counts)
                .body(Map.of("total_operations", -1))
                .put(counts)
                .then()
                .statusCode(400)
                .body("detail", equalTo("total_operations is -1; expected a whole number from 0 on"));
        asUser("user", "PUT", counts)
                .body(Map.of("total_operations", 1, "finished_operations", 1))
                .put(counts)
                .then()
                .statusCode(403);
    }

    @Test
    void cancellingExecutionIsNotReportedToHaveEndedWellOrToBeStoppedHarder() {
        // given
        String id = submit(Map.of("deployment_id", "d-patch-cancel", "workflow_id", "install"))
                .extract()
                .path("id");
        act(id, "cancel").statusCode(200).body("status", equalTo("cancelling"));
        // then
        for (String status : List.of("terminated", "started", "kill_cancelling")) {
            patch(id, status)
                    .statusCode(400)
                    .body("error_code", equalTo("invalid_exception_status_update"))
                    .body(
                            "detail",
                            equalTo("Invalid relationship - can't change status from cancelling to " + status
                                    + " for \"" + id + "\" execution while running \"install\" workflow."));
        }
        patch(id, "cancelling").statusCode(200);
        patch(id, "cancelled").statusCode(200).body("status", equalTo("cancelled"));
    }

    @Test
    void unknownStatusIsNothingToStoreAndOfNoExecutionNotFound() {
        String id = submit(Map.of("deployment_id", "d-unknown", "workflow_id", "install"))
                .extract()
                .path("id");
        patch(id, "nosuch").statusCode(409).body("error_code", equalTo("storage_error"));
        patch("none", "nosuch").statusCode(404).body("error_code", equalTo("not_found_error"));
    }

    @Test
    void handMadeSqlCannotMakeAnIllegalChange() {
        String id = submit(Map.of("deployment_id", "d-sql", "workflow_id", "install"))
                .extract()
                .path("id");
        assertThat(sqlError("UPDATE scheduler.executions SET status = 'scheduled' WHERE id = '" + id + "'"))
                .contains("illegal change of execution " + id + " from pending to scheduled");
    }

    @Test
    void aCancelledExecutionKeepsItsTokenWhileOperationsOfItRun() throws SQLException {
        // given
        for (int finished : new int[] {1, 2}) {
            String id = submit(Map.of("deployment_id", "d-left-running-" + finished, "workflow_id", "install"))
                    .extract()
                    .path("id");
            patchAsWorker(id, "started").statusCode(200);
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE scheduler.executions SET total_operations = 2, finished_operations = "
                        + finished + " WHERE id = '" + id + "'");
            }
            act(id, "cancel").statusCode(200);
            // when
            patchAsWorker(id, "cancelled").statusCode(200);
            // then
            assertThat(column("SELECT (dispatch_token IS NOT NULL)::text FROM scheduler.executions WHERE id = ?", id))
                    .isEqualTo(finished == 1 ? "true" : "false");
        }
    }

    @Test
    void whatAWorkerReportsWithItsTokenItTellsTheUsersItself() throws SQLException {
        // given
        List<String> ends = List.of("terminated", "failed", "cancelled");
        for (String end : ends) {
            String id = submit(Map.of("deployment_id", "d-own-events-" + end, "workflow_id", "install"))
                    .extract()
                    .path("id");
            // when
            patchAsWorker(id, "started").statusCode(200).body("status", equalTo("started"));
            if (end.equals("cancelled")) {
                act(id, "cancel").statusCode(200);
            }
            patchAsWorker(id, end).statusCode(200).body("status", equalTo(end));
            // then
            assertThat(events(id)).as(end).isEmpty();
        }
        String byUser = submit(Map.of("deployment_id", "d-no-worker", "workflow_id", "install"))
                .extract()
                .path("id");
        patch(byUser, "started").statusCode(200);
        assertThat(events(byUser)).containsExactly("workflow_started");
    }

    @Test
    void snapshotShowsAsASystemExecutionWithoutGoingBack() throws Exception {
        // given
        String id = UUID.randomUUID().toString();
        service()
                .body(Map.of(
                        "workflow_id", "create_snapshot",
                        "tenant_name", TENANT,
                        "status", "pending",
                        "created_by", "admin",
                        "parameters", Map.of("snapshot_id", "s1")))
                .put("/internal/scheduler/system-executions/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo("pending"))
                .body("is_system_workflow", equalTo(true));
        service().get("/internal/scheduler/unfinished").then().statusCode(200).body("items.id", hasItem(id));
        // when
        wire.send(new SnapshotEvent.Created("s1", id, TENANT, 1, "00", clock.instant()));
        awaitStatus(id, "terminated");
        wire.send(new SnapshotEvent.Requested("s1", id, TENANT, "admin", true, true, true, clock.instant()));
        // then
        String failed = UUID.randomUUID().toString();
        wire.send(new RestoreEvent.Failed(failed, "s1", TENANT, "manager is not clean", clock.instant()));
        awaitStatus(failed, "failed");
        awaitStatus(id, "terminated");
        assertThat(events(id)).containsExactly("workflow_started", "workflow_succeeded");
        service().get("/internal/scheduler/unfinished").then().body("items.id", not(hasItem(id)));
        service()
                .body(Map.of(
                        "ids", List.of(Map.of("tenant_name", TENANT, "id", id), Map.of("tenant_name", "x", "id", id))))
                .post("/internal/scheduler/executions/lookup")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("items[0].workflow_id", equalTo("create_snapshot"));
    }

    @Test
    void aLogBundleInTheMakingHoldsNothingUpAndIsNotStopped() {
        // given
        String id = UUID.randomUUID().toString();
        recordBundle(id, "started").body("status", equalTo("started")).body("is_system_workflow", equalTo(true));
        // when, then
        submit(Map.of("deployment_id", "d-beside-a-bundle", "workflow_id", "install"))
                .statusCode(201)
                .body("status", equalTo("pending"));
        as("admin", "POST", "/internal/scheduler/executions/" + id)
                .body(Map.of("action", "cancel"))
                .post("/internal/scheduler/executions/" + id)
                .then()
                .statusCode(400)
                .body("error_code", equalTo("illegal_action_error"))
                .body("detail", containsString("`create_log_bundle` cannot be interrupted or repeated"));
        recordBundle(id, "terminated").body("status", equalTo("terminated"));
    }

    private ValidatableResponse recordBundle(String id, String status) {
        return service()
                .body(Map.of(
                        "workflow_id",
                        "create_log_bundle",
                        "tenant_name",
                        TENANT,
                        "status",
                        status,
                        "created_by",
                        "admin",
                        "parameters",
                        Map.of("log_bundle_id", "b1")))
                .put("/internal/scheduler/system-executions/" + id)
                .then()
                .statusCode(200);
    }

    @Test
    void commandsFromBeforeTheLastRestoreAreRefused() throws Exception {
        // given
        String id = submit(Map.of(
                        "deployment_id", "d-epoch", "workflow_id", "install", "scheduled_time", "2034-01-01T00:00:00Z"))
                .extract()
                .path("id");
        long present = Long.parseLong(column("SELECT epoch::text FROM scheduler_control.restore_epoch")) + 7;
        wire.send(new SchedulerCommand.ScheduleExecution(id, TENANT, Instant.parse("2034-01-01T00:00:00Z"), present));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> column("SELECT epoch::text FROM scheduler_control.restore_epoch")
                        .equals(String.valueOf(present)));
        // when
        wire.send(
                new SchedulerCommand.ScheduleExecution(id, TENANT, Instant.parse("2034-01-01T00:00:00Z"), present - 4));
        UUID marker = UUID.randomUUID();
        wire.send(Event.COMMANDS, "scheduler.x", "scheduler.marker.v1", marker, "{}");
        // then
        await().atMost(Duration.ofMinutes(1)).until(() -> parked(marker) == 1);
        assertThat(column("SELECT epoch::text FROM scheduler_control.restore_epoch"))
                .isEqualTo(String.valueOf(present));
        awaitStatus(id, "scheduled");
    }

    @Test
    void whatIsResumedAfterARestoreIsOfThePresentEpoch() throws Exception {
        // given: it ended before the restore, and so kept its epoch
        String id = submit(Map.of("deployment_id", "d-resume-epoch", "workflow_id", "install"))
                .statusCode(201)
                .extract()
                .path("id");
        JsonNode first = JSON.readTree(wire.awaitCommandFor(id).body());
        report(id, "failed", first.get("token").asText(), first.get("epoch").asLong(), "no");
        awaitStatus(id, "failed");
        String later = submit(Map.of(
                        "deployment_id",
                        "d-epoch-2",
                        "workflow_id",
                        "install",
                        "scheduled_time",
                        "2034-01-01T00:00:00Z"))
                .extract()
                .path("id");
        long present = first.get("epoch").asLong() + 100;
        wire.send(
                new SchedulerCommand.ScheduleExecution(later, TENANT, Instant.parse("2034-01-01T00:00:00Z"), present));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> column("SELECT epoch::text FROM scheduler_control.restore_epoch")
                        .equals(String.valueOf(present)));
        // when
        act(id, "resume").statusCode(200);
        // then
        assertThat(column("SELECT restore_epoch::text FROM scheduler.executions WHERE id = ?", id))
                .isEqualTo(String.valueOf(present));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(wire.commandsFor(id)).hasSize(2));
        assertThat(JSON.readTree(wire.commandsFor(id).get(1).body())
                        .get("epoch")
                        .asLong())
                .isEqualTo(present);
        // The other tests count from where they were.
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE scheduler_control.restore_epoch SET epoch = "
                    + first.get("epoch").asLong());
        }
    }

    @Test
    void poisonIsADeadLetterAtOnceAndTheQueueGoesOn() throws Exception {
        // given
        UUID broken = UUID.randomUUID();
        UUID lacking = UUID.randomUUID();
        UUID newer = UUID.randomUUID();
        String executionId = UUID.randomUUID().toString();
        // when
        wire.send(Event.COMMANDS, "scheduler.execution.outcome", "scheduler.execution.outcome.v1", broken, "{not json");
        wire.send(Event.COMMANDS, "scheduler.execution.outcome", "scheduler.execution.outcome.v1", lacking, "{}");
        wire.send(Event.COMMANDS, "scheduler.execution.outcome", "scheduler.execution.outcome.v9", newer, "{}");
        wire.send(new SnapshotEvent.Requested("s2", executionId, TENANT, "admin", true, true, true, clock.instant()));
        // then
        awaitStatus(executionId, "started");
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(reason(broken)).isEqualTo("UNREADABLE");
            assertThat(reason(lacking)).isEqualTo("SCHEMA_VIOLATION");
            assertThat(reason(newer)).isEqualTo("UNKNOWN_VERSION");
        });
    }

    @Test
    void duplicateDeliveryHasItsEffectOnce() throws Exception {
        // given
        String executionId = UUID.randomUUID().toString();
        UUID messageId = UUID.randomUUID();
        String body = io.holdfast.messaging.EventJson.write(
                new SnapshotEvent.Failed("s3", executionId, TENANT, "disk is full", clock.instant()));
        // when
        for (int i = 0; i < 5; i++) {
            wire.send(Event.EVENTS, "snapshot.failed.v1." + TENANT, "snapshot.failed.v1", messageId, body);
        }
        // then
        awaitStatus(executionId, "failed");
        await().during(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(events(executionId)).containsExactly("workflow_failed"));
    }

    @Test
    void unsignedCallsAreRefused() {
        given().contentType("application/json")
                .body(Map.of())
                .post("/internal/scheduler/executions")
                .then()
                .statusCode(401);
    }

    @Test
    void theManagersOwnWorkflowsRunInDeploymentsThatDoNotDeclareThem() {
        Map<String, Object> update = Map.of(
                "deployment_id",
                "needed",
                "workflow_id",
                "csys_update_deployment",
                "parameters",
                Map.of("blueprint_id", "b2"));
        submit(update)
                .statusCode(201)
                .body("allow_custom_parameters", equalTo(true))
                .body("parameters.blueprint_id", equalTo("b2"));
        submit(Map.of("deployment_id", "needed", "workflow_id", "create_snapshot"))
                .statusCode(400)
                .body("error_code", equalTo("nonexistent_workflow_error"));
    }

    @Test
    void servicesDoNotKeepAnUninstallationThatTakesThemAlong() {
        Map<String, Object> uninstall = new HashMap<>(Map.of(
                "deployment_id", "needed", "workflow_id", "uninstall", "allow_custom_parameters", true, "queue", true));
        submit(uninstall).statusCode(400).body("error_code", equalTo("dependent_exists_error"));
        uninstall.put("parameters", Map.of("recursive", false));
        submit(uninstall).statusCode(400).body("error_code", equalTo("dependent_exists_error"));
        uninstall.put("parameters", Map.of("recursive", true));
        submit(uninstall).statusCode(201);
    }

    @Test
    void whatIsNotAvailableIsNotStartedNowButMayWait() throws SQLException {
        // given
        Map<String, Object> uninstall = Map.of("deployment_id", "inactive", "workflow_id", "uninstall");
        // when, then
        submit(uninstall)
                .statusCode(400)
                .body("error_code", equalTo("unavailable_workflow_error"))
                .body("detail", equalTo("Workflow not available: uninstall"));
        assertThat(column("SELECT count(*)::text FROM scheduler.executions WHERE deployment_id = ?", "inactive"))
                .isEqualTo("0");
        assertThat(InventoryStub.WITHOUT_AVAILABILITY).doesNotContain("inactive");
        submit(with(uninstall, "scheduled_time", "203501010000+0000"))
                .statusCode(201)
                .body("status", equalTo("scheduled"));
        submit(Map.of("deployment_id", "inactive", "workflow_id", "install")).statusCode(201);
        submit(uninstall).statusCode(400).body("error_code", equalTo("existing_running_execution_error"));
        submit(with(uninstall, "queue", true)).statusCode(201).body("status", equalTo("queued"));
        submit(with(uninstall, "force", true)).statusCode(201).body("status", equalTo("pending"));
        assertThat(InventoryStub.WITHOUT_AVAILABILITY)
                .as("scheduled, and forced")
                .filteredOn("inactive"::equals)
                .hasSize(2);
    }

    @Test
    void cascadingWorkflowIsStartedInTheDeploymentsOfComponentsToo() throws Exception {
        // when
        String id = submit(Map.of(
                        "deployment_id",
                        "whole-a",
                        "workflow_id",
                        "check",
                        "parameters",
                        Map.of("deep", 2),
                        "dry_run",
                        true))
                .statusCode(201)
                .body("deployment_id", equalTo("whole-a"))
                .extract()
                .path("id");
        // then: once in each, although they lead in a circle
        assertThat(ofDeployments("a")).containsExactly("grain-a pending", "part-a pending", "whole-a pending");
        for (String deployment : List.of("whole-a", "part-a", "grain-a")) {
            String there = idIn(deployment);
            JsonNode command = JSON.readTree(wire.awaitCommandFor(there).body());
            assertThat(command.at("/parameters/deep").asInt()).isEqualTo(2);
            assertThat(command.get("workflowId").asText()).isEqualTo("check");
            assertThat(column("SELECT is_dry_run || ' ' || created_by FROM scheduler.executions WHERE id = ?", there))
                    .isEqualTo("true admin");
        }
        assertThat(idIn("whole-a")).isEqualTo(id);
    }

    @Test
    void otherWorkflowsStayWhereTheyAreStarted() throws SQLException {
        submit(Map.of("deployment_id", "whole-b", "workflow_id", "install")).statusCode(201);
        assertThat(ofDeployments("b")).containsExactly("whole-b pending");
    }

    @Test
    void cascadingWorkflowIsStartedEverywhereOrNowhere() throws SQLException {
        submit(Map.of("deployment_id", "whole-none", "workflow_id", "check"))
                .statusCode(400)
                .body("error_code", equalTo("nonexistent_workflow_error"))
                .body("detail", equalTo("Workflow check does not exist in the deployment grain-none"));
        assertThat(ofDeployments("none")).isEmpty();
        submit(Map.of("deployment_id", "part-c", "workflow_id", "install")).statusCode(201);
        submit(Map.of("deployment_id", "whole-c", "workflow_id", "check"))
                .statusCode(400)
                .body("error_code", equalTo("existing_running_execution_error"));
        assertThat(ofDeployments("c")).containsExactly("part-c pending");
        // when: it may wait
        submit(Map.of("deployment_id", "whole-c", "workflow_id", "check", "queue", true))
                .statusCode(201)
                .body("status", equalTo("pending"));
        // then: only where it has to
        assertThat(ofDeployments("c"))
                .containsExactly("grain-c pending", "part-c pending", "part-c queued", "whole-c pending");
    }

    @Test
    void cascadingWorkflowOfTheFutureIsScheduledEverywhere() throws SQLException {
        submit(Map.of("deployment_id", "whole-f", "workflow_id", "check", "scheduled_time", "2035-01-01T00:00:00Z"))
                .statusCode(201);
        assertThat(ofDeployments("f")).containsExactly("grain-f scheduled", "part-f scheduled", "whole-f scheduled");
        act(idIn("whole-f"), "cancel").statusCode(200);
        assertThat(ofDeployments("f")).containsExactly("grain-f cancelled", "part-f cancelled", "whole-f cancelled");
    }

    @Test
    void componentMayBeStoppedWithTheDeploymentThatNeedsItButNotAlone() throws SQLException {
        submit(Map.of("deployment_id", "part-d", "workflow_id", "stop"))
                .statusCode(400)
                .body("error_code", equalTo("dependent_exists_error"));
        submit(Map.of("deployment_id", "whole-d", "workflow_id", "stop")).statusCode(201);
        assertThat(ofDeployments("d")).containsExactly("grain-d pending", "part-d pending", "whole-d pending");
    }

    @Test
    void newestExecutionsOfComponentsAreStoppedAndResumedWithTheWhole() throws Exception {
        // given
        for (String deployment : List.of("whole-e", "part-e", "grain-e")) {
            submit(Map.of("deployment_id", deployment, "workflow_id", "install"))
                    .statusCode(201);
        }
        // when
        act(idIn("whole-e"), "cancel").statusCode(200).body("deployment_id", equalTo("whole-e"));
        // then
        assertThat(ofDeployments("e")).containsExactly("grain-e cancelling", "part-e cancelling", "whole-e cancelling");
        // given
        patch(idIn("whole-e"), "cancelled").statusCode(200);
        patch(idIn("part-e"), "failed").statusCode(200);
        patch(idIn("grain-e"), "cancelled").statusCode(200);
        // when
        act(idIn("whole-e"), "resume").statusCode(200);
        // then
        assertThat(ofDeployments("e")).containsExactly("grain-e pending", "part-e pending", "whole-e pending");
        // when: one of them has ended, and what is below it is not looked for
        patch(idIn("part-e"), "started").statusCode(200);
        patch(idIn("part-e"), "terminated").statusCode(200);
        act(idIn("whole-e"), "force-cancel").statusCode(200);
        // then
        assertThat(ofDeployments("e"))
                .containsExactly("grain-e pending", "part-e terminated", "whole-e force_cancelling");
    }

    @Test
    void componentThatAUserMayNotSeeStaysAsItIs() throws SQLException {
        // given: anybody who may change a node instance says which deployment it stands for
        for (String deployment : List.of("whole-h", "part-h", "grain-h")) {
            submit(Map.of("deployment_id", deployment, "workflow_id", "install"))
                    .statusCode(201);
        }
        owner("UPDATE scheduler.executions SET visibility = 'private' WHERE deployment_id = 'part-h'");
        String path = "/internal/scheduler/executions/" + idIn("whole-h");
        // when
        asUser("user", "POST", path)
                .body(Map.of("action", "kill"))
                .post(path)
                .then()
                .statusCode(200);
        // then
        assertThat(ofDeployments("h")).containsExactly("grain-h pending", "part-h pending", "whole-h kill_cancelling");
        // when: a manager of the tenant sees what is private there
        String others = "/internal/scheduler/executions/" + idIn("part-h");
        asUser("manager", "POST", others)
                .body(Map.of("action", "kill"))
                .post(others)
                .then()
                .statusCode(200)
                .body("status", equalTo("kill_cancelling"));
    }

    /** Deployment and status of the executions in the deployments of this name, in order. */
    private List<String> ofDeployments(String name) throws SQLException {
        return List.of(column(
                                "SELECT coalesce(string_agg(deployment_id || ' ' || status, ',' ORDER BY deployment_id, storage_id), '')"
                                        + " FROM scheduler.executions WHERE deployment_id LIKE ?",
                                "%-" + name)
                        .split(","))
                .stream()
                .filter(one -> !one.isEmpty())
                .toList();
    }

    private String idIn(String deployment) throws SQLException {
        return column(
                "SELECT id FROM scheduler.executions WHERE deployment_id = ? ORDER BY created_at DESC LIMIT 1",
                deployment);
    }

    @Test
    void executionThatIsCarriedOverIsTheOneThatMadeItsDeployment() {
        // given
        Map<String, Object> creation = Map.of(
                "id", "carried-creation",
                "deployment_id", "carried",
                "workflow_id", "create_deployment_environment",
                "force_status", "terminated",
                "started_at", "2020-01-01T00:00:00.000Z");
        // when
        submit(with(with(creation, "id", "carried-waiting"), "force_status", "queued"))
                .statusCode(201);
        submit(with(with(creation, "id", "carried-install"), "workflow_id", "install"))
                .statusCode(201);
        submit(creation).statusCode(201);
        Map<String, Object> remade = with(creation, "deployment_id", "remade");
        submit(with(remade, "id", "remade-creation")).statusCode(201);
        submit(with(with(remade, "id", "remade-earlier"), "started_at", "2019-01-01T00:00:00.000Z"))
                .statusCode(201);
        submit(with(with(remade, "id", "remade-later"), "started_at", "2021-01-01T00:00:00.000Z"))
                .statusCode(201);
        // then
        assertThat(InventoryStub.MADE_BY).containsExactly("carried carried-creation", "remade remade-later");
    }

    @Test
    void parametersOfWhatIsCarriedOverAreCheckedAndMergedToo() {
        Map<String, Object> scale =
                Map.of("deployment_id", "d-par", "workflow_id", "scale", "force_status", "terminated");
        submit(scale)
                .statusCode(400)
                .body("error_code", equalTo("illegal_execution_parameters_error"))
                .body(
                        "detail",
                        equalTo("Workflow \"scale\" must be provided with the following parameters to execute: group"));
        submit(with(scale, "parameters", Map.of("group", "g", "extra", 1)))
                .statusCode(400)
                .body("error_code", equalTo("illegal_execution_parameters_error"));
        submit(with(with(scale, "parameters", Map.of("group", "g", "extra", 1)), "allow_custom_parameters", true))
                .statusCode(201)
                .body("status", equalTo("terminated"))
                .body("parameters.delta", equalTo(1))
                .body("parameters.extra", equalTo(1));
        submit(with(scale, "workflow_id", "nosuch"))
                .statusCode(400)
                .body("error_code", equalTo("nonexistent_workflow_error"))
                .body("detail", equalTo("Workflow nosuch does not exist in the deployment d-par"));
        for (String workflow : List.of("delete_deployment_environment", "update", "csys_update_deployment")) {
            submit(with(with(scale, "workflow_id", workflow), "parameters", Map.of("any", "thing")))
                    .statusCode(201)
                    .body("parameters", equalTo(Map.of("any", "thing")));
        }
    }

    @Test
    void executionThatIsCarriedOverIsTheOneThatUploadedItsBlueprint() {
        // given
        Map<String, Object> upload = Map.of(
                "id", "carried-upload",
                "deployment_id", "",
                "workflow_id", "upload_blueprint",
                "parameters", Map.of("blueprint_id", "carried"),
                "force_status", "failed",
                "started_at", "2020-01-01T00:00:00.000Z");
        // when
        submit(with(with(upload, "id", "waiting-upload"), "force_status", "queued"))
                .statusCode(201);
        submit(with(with(upload, "id", "other-workflow"), "workflow_id", "update_plugin"))
                .statusCode(201);
        submit(with(with(upload, "id", "upload-of-nothing"), "parameters", Map.of()))
                .statusCode(201);
        submit(with(with(upload, "id", "upload-of-missing"), "parameters", Map.of("blueprint_id", "missing")))
                .statusCode(201);
        submit(upload).statusCode(201);
        Map<String, Object> again = with(upload, "parameters", Map.of("blueprint_id", "again"));
        submit(with(again, "id", "again-upload")).statusCode(201);
        submit(with(with(again, "id", "again-earlier"), "started_at", "2019-01-01T00:00:00.000Z"))
                .statusCode(201);
        submit(with(with(again, "id", "again-later"), "started_at", "2021-01-01T00:00:00.000Z"))
                .statusCode(201);
        // then
        assertThat(BlueprintStub.UPLOADED_BY).containsExactly("carried carried-upload", "again again-later");
    }

    private ValidatableResponse submit(Map<String, Object> body) {
        return as("admin", "POST", "/internal/scheduler/executions")
                .body(body)
                .post("/internal/scheduler/executions")
                .then();
    }

    @Test
    void executionIsAsVisibleAsItsDeploymentAndAPrivateOneIsItsOwnersAlone() {
        // given
        ValidatableResponse started = submit(Map.of("deployment_id", "hidden", "workflow_id", "install"))
                .statusCode(201)
                .body("visibility", equalTo("private"))
                .body("private_resource", equalTo(true));
        String id = started.extract().path("id");
        started.header(Made.HEADER, equalTo(id));
        String path = "/internal/scheduler/executions/" + id;
        // when, then
        asUser("user", "POST", path)
                .body(Map.of("action", "cancel"))
                .post(path)
                .then()
                .statusCode(404)
                .body("detail", equalTo("Requested `Execution` ['" + id + "'] was not found"));
        asUser("operations", "PATCH", path)
                .body(Map.of("status", "failed"))
                .patch(path)
                .then()
                .statusCode(404)
                .body("detail", equalTo("Requested `Execution` with ID `" + id + "` was not found"));
        act("none", "cancel").statusCode(404).body("detail", equalTo("Requested `Execution` ['none'] was not found"));
        patch("none", "failed")
                .statusCode(404)
                .body("detail", equalTo("Requested `Execution` with ID `none` was not found"));
        act(id, "cancel").statusCode(200);
    }

    @Test
    void globalDeploymentOfAnotherTenantIsForManagersAndItsExecutionsAreOfThatTenant() {
        String path = "/internal/scheduler/executions";
        Map<String, Object> body = Map.of("deployment_id", "world", "workflow_id", "install");
        asUser("user", "POST", path)
                .body(body)
                .post(path)
                .then()
                .statusCode(403)
                .body("error_code", equalTo("forbidden_error"))
                .body(
                        "detail",
                        equalTo(
                                "User `somebody` is not allowed to execute workflows on a global deployment world from a"
                                        + " different tenant"));
        asUser("manager", "POST", path)
                .body(body)
                .post(path)
                .then()
                .statusCode(201)
                .body("tenant_name", equalTo("elsewhere"))
                .body("visibility", equalTo("global"));
    }

    private RequestSpecification asUser(String role, String method, String path) {
        CallerIdentity caller = new CallerIdentity(
                "somebody", false, TENANT, List.of(TENANT), List.of(role), "http_basic", clock.instant());
        IdentitySigner.Headers headers = signer.signNow(caller, method, path);
        return given().contentType("application/json")
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
    }

    private ValidatableResponse act(String id, String action) {
        String path = "/internal/scheduler/executions/" + id;
        return as("admin", "POST", path)
                .body(Map.of("action", action))
                .post(path)
                .then();
    }

    private ValidatableResponse patch(String id, String status) {
        String path = "/internal/scheduler/executions/" + id;
        return as("admin", "PATCH", path)
                .body(Map.of("status", status))
                .patch(path)
                .then();
    }

    private ValidatableResponse patchAsWorker(String id, String status) {
        String path = "/internal/scheduler/executions/" + id;
        CallerIdentity worker =
                new CallerIdentity("admin", true, TENANT, null, List.of(), "execution_token", clock.instant(), id);
        return as(worker, "PATCH", path)
                .body(Map.of("status", status))
                .patch(path)
                .then();
    }

    private RequestSpecification as(String username, String method, String path) {
        return as(
                new CallerIdentity(username, true, TENANT, null, List.of(), "http_basic", clock.instant()),
                method,
                path);
    }

    private RequestSpecification as(CallerIdentity caller, String method, String path) {
        IdentitySigner.Headers headers = signer.signNow(caller, method, path);
        return given().contentType("application/json")
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
    }

    private RequestSpecification asService(String method, String path) {
        CallerIdentity caller =
                CallerIdentity.ofService("workflow", clock.instant()).in(TENANT);
        IdentitySigner.Headers headers = signer.signNow(caller, method, path);
        return given().contentType("application/json")
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
    }

    /** Signs whatever is sent, as a service. */
    private RequestSpecification service() {
        return given().contentType("application/json").filter((request, response, context) -> {
            CallerIdentity caller = CallerIdentity.ofService("snapshot", clock.instant());
            IdentitySigner.Headers headers = signer.signNow(
                    caller,
                    request.getMethod(),
                    java.net.URI.create(request.getURI()).getRawPath());
            request.header(IdentitySigner.IDENTITY_HEADER, headers.identity());
            request.header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
            return context.next(request, response);
        });
    }

    private void report(String id, String status, String token, long epoch, String error) {
        wire.send(new SchedulerCommand.RecordWorkflowOutcome(id, TENANT, status, error, token, epoch, clock.instant()));
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }

    private void awaitStatus(String id, String status) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(column("SELECT status FROM scheduler.executions WHERE id = ?", id))
                        .isEqualTo(status));
    }

    private Instant moveDue(String id, Duration fromNow) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE scheduler.executions SET scheduled_for = statement_timestamp() + ? * interval '1 millisecond'"
                                + " WHERE id = ? RETURNING scheduled_for")) {
            statement.setLong(1, fromNow.toMillis());
            statement.setString(2, id);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getTimestamp(1).toInstant();
            }
        }
    }

    private List<String> events(String executionId) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT event_type FROM scheduler.events WHERE execution_id = ? ORDER BY storage_id")) {
            statement.setString(1, executionId);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> types = new java.util.ArrayList<>();
                while (rows.next()) {
                    types.add(rows.getString(1));
                }
                return types;
            }
        }
    }

    private String reason(UUID messageId) throws SQLException {
        return column(
                "SELECT reason FROM scheduler_control.parked_message WHERE state = 'dead' AND message_id::text = ?",
                messageId.toString());
    }

    private int parked(UUID messageId) throws SQLException {
        return Integer.parseInt(column(
                "SELECT count(*)::text FROM scheduler_control.parked_message WHERE message_id::text = ?",
                messageId.toString()));
    }

    private String column(String sql, String... binds) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < binds.length; i++) {
                statement.setString(i + 1, binds[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? String.valueOf(row.getString(1)) : "(no row)";
            }
        }
    }

    @ConfigProperty(name = "holdfast.database.url")
    String databaseUrl;

    private void owner(String sql) throws SQLException {
        try (Connection connection = java.sql.DriverManager.getConnection(databaseUrl, "holdfast", "holdfast");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String sqlError(String sql) {
        try {
            owner(sql);
            return "(accepted)";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
