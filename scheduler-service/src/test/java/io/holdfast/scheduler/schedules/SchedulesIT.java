package io.holdfast.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Deployments;
import io.holdfast.scheduler.schedules.app.DecideOccurrences;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules over REST and on the real database, with the loop at work. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SchedulesIT {

    private static final String TENANT = "default_tenant";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofMinutes(2);

    @Inject
    IdentitySigner signer;

    @Inject
    DecideOccurrences decide;

    @Inject
    Deployments deployments;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @ConfigProperty(name = "holdfast.database.url")
    String databaseUrl;

    private final String deployment = "d-" + UUID.randomUUID();

    @Test
    void scheduleIsMadeShownChangedAndRemoved() {
        // when
        JsonNode made =
                put("s", Map.of("rrule", "FREQ=DAILY", "since", "2030-01-01 10:00:00", "time_zone", "Europe/Berlin"));
        // then
        assertThat(made.path("next_occurrence").asText()).isEqualTo("2030-01-01T10:00:00.000Z");
        assertThat(made.path("all_next_occurrences")).hasSize(1_000);
        assertThat(made.path("enabled").asBoolean()).isTrue();
        assertThat(made.path("catch_up").asText()).isEqualTo("skip");
        // a change without a rule keeps the rule
        Map<String, @Nullable Object> nothing = new HashMap<>();
        List.of("since", "recurrence", "count", "rrule", "enabled", "workflow_id")
                .forEach(name -> nothing.put(name, null));
        nothing.put("weekdays", List.of());
        nothing.put("until", "2030-01-03T00:00:00");
        nothing.put("slip", 3);
        JsonNode changed = read(ask("PATCH", "/execution-schedules/s" + of(), nothing), 201);
        assertThat(changed.path("rule").path("rrule").asText()).isEqualTo("FREQ=DAILY");
        assertThat(changed.path("all_next_occurrences")).hasSize(2);
        assertThat(changed.path("slip").asInt()).isEqualTo(3);
        JsonNode weekly = read(ask("PATCH", "/execution-schedules/s" + of(), Map.of("recurrence", "1 week")), 201);
        assertThat(weekly.path("rule").path("recurrence").asText()).isEqualTo("1 week");
        assertThat(weekly.path("rule").has("rrule")).isFalse();
        ask("DELETE", "/execution-schedules/s" + of(), null).then().statusCode(204);
        ask("GET", "/execution-schedules/s" + of(), null).then().statusCode(404);
        ask("DELETE", "/execution-schedules/s" + of(), null).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"workflow_id": "install"}                                                                   | Missing since in json request body
            {"since": "2030-01-01"}                                                                      | Missing workflow_id in json request body
            {"workflow_id": "install", "since": "soon", "count": 1}                                      | soon is not a legal time format
            {"workflow_id": "zz", "since": "2030-01-01", "count": 1}                                     | Workflow zz does not exist in deployment DEPLOYMENT
            {"workflow_id": "install", "since": "2030-01-01"}                                            | recurrence must be specified for execution count larger than 1
            {"workflow_id": "install", "since": "2030-01-01", "rrule": "FREQ=DAILY", "count": 2}         | `rrule` cannot be provided together with `recurrence`, `weekdays` or `count`.
            {"workflow_id": "install", "since": "2030-01-01", "rrule": "hm"}                             | invalid RRULE string provided: hm
            {"workflow_id": "install", "since": "2030-01-01", "cron": "61 * * * *"}                      | invalid cron expression provided: 61 * * * *: minute: `61` is not one of 0 to 59
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "time_zone": "Mars/Base"}      | time_zone: `Mars/Base` is not a time zone
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "overlap": "x"}                | overlap: `x` is not one of skip, queue_one, queue_all, cancel_other, allow
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "parameters": 3}               | parameters: expected a dict, but got: 3
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "parameters": ["a"]}           | parameters: expected a dict, but got: ['a']
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "weekdays": {"a": "b"}}        | weekdays: expected a list, but got: {'a': 'b'}
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": ["a"]}  | execution_arguments: expected a dict, but got: ['a']
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": {"force": "so"}} | force must be <true/false>, got so
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": "all"}  | execution_arguments: expected a dict, but got: all
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": true}   | execution_arguments: expected a dict, but got: True
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": {"allow_custom_parameters": null}} | allow_custom_parameters must be <true/false>, got None
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": {"force": null}} | force must be <true/false>, got None
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": {"dry_run": null}} | dry_run must be <true/false>, got None
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": {"dry_run": 1}} | dry_run must be <true/false>, got 1
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "execution_arguments": {"wait_after_fail": -1}} | wait_after_fail is -1; expected a whole number of seconds from 0 to 2147483647
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "stop_on_fail": null}          | stop_on_fail must be <true/false>, got None
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "created_by": "nobody"}        | User nobody does not exist.
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "priority": 10}                | priority: expected a number from 0 to 9, but got: 10
            {"workflow_id": "install", "since": "2030-01-01", "count": 1, "priority": {"a": "b"}}        | priority: expected a number from 0 to 9, but got: {'a': 'b'}
            {"workflow_id": "install", "since": "2030-01-01", "recurrence": "1 day", "count": {"a": ["b"]}} | count must be a positive number, but got: {'a': ['b']}
            """)
    void whatIsNotAScheduleIsRefusedAtTheDoor(String body, String message) throws Exception {
        ask("PUT", "/execution-schedules/s" + of(), JSON.readValue(body, Map.class))
                .then()
                .statusCode(400)
                .body("detail", equalTo(message.replace("DEPLOYMENT", deployment)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1s   | must begin with a letter
            a%20s | contains illegal characters. Only letters, digits and the characters "-", "." and "_" are allowed
            """)
    void illegalIdIsRefused(String id, String why) {
        ask(
                        "PUT",
                        "/execution-schedules/" + id + of(),
                        Map.of("workflow_id", "install", "count", 1, "since", "2030-01-01"))
                .then()
                .statusCode(400)
                .body("detail", equalTo("The `schedule_id` argument " + why));
    }

    @Test
    void onlyAdministratorsMakeSchedulesOfOthers() {
        for (String[] wrong :
                new String[][] {{"created_by", "admin", "set_owner"}, {"created_at", "2020-01-01", "set_timestamp"}}) {
            ask(
                            new CallerIdentity(
                                    "bob",
                                    false,
                                    TENANT,
                                    List.of(TENANT),
                                    List.of("user"),
                                    "http_basic",
                                    Instant.EPOCH),
                            "PUT",
                            "/execution-schedules/s" + of(),
                            Map.of("workflow_id", "install", "count", 1, "since", "2030-01-01", wrong[0], wrong[1]))
                    .then()
                    .statusCode(403)
                    .body("detail", equalTo("User `bob` is not permitted to perform the action " + wrong[2]));
        }
        ask("GET", "/execution-schedules/s" + of(), null).then().statusCode(404);
    }

    @Test
    void ruleAndArgumentsAreKeptAsTheApiKeepsThem() {
        // when
        JsonNode made = put(
                "s",
                Map.of(
                        "since",
                        "2030-01-01",
                        "recurrence",
                        "1 week",
                        "count",
                        "5",
                        "weekdays",
                        List.of("mo", "tu"),
                        "execution_arguments",
                        Map.of("dry_run", "True", "more", 1)));
        // then
        assertThat(made.path("rule").path("weekdays")).isEqualTo(JSON.valueToTree(List.of("MO", "TU")));
        assertThat(made.path("rule").path("count").isInt()).isTrue();
        assertThat(made.path("execution_arguments"))
                .isEqualTo(JSON.valueToTree(Map.of(
                        "allow_custom_parameters", false, "force", false, "is_dry_run", true, "wait_after_fail", 600)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "\"\"", "0", "false"})
    void executionArgumentsThatSayNothingAreNone(String arguments) throws Exception {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("count", 1, "since", "2030-01-01"));
        body.put("execution_arguments", JSON.readValue(arguments, Object.class));
        assertThat(put("s", body).path("execution_arguments")).isEqualTo(JSON.createObjectNode());
    }

    @Test
    void secondOfOneNameIsAConflictAndAScheduleNeedsItsDeployment() {
        put("s", Map.of("count", 1, "since", "2030-01-01"));
        ask("PUT", "/execution-schedules/s" + of(), Map.of("workflow_id", "install", "count", 1, "since", "2030-01-01"))
                .then()
                .statusCode(409)
                .body(
                        "detail",
                        equalTo(
                                "Instance with ID s cannot be added on <Tenant name=`default_tenant`> or with global visibility"));
        ask("PUT", "/execution-schedules/s", Map.of()).then().statusCode(400);
        ask(
                        "PUT",
                        "/execution-schedules/s?deployment_id=missing",
                        Map.of("workflow_id", "install", "count", 1, "since", "2030-01-01"))
                .then()
                .statusCode(404);
    }

    @Test
    void dueOccurrenceStartsAnExecutionThatSaysWhereItComesFrom() throws SQLException {
        // given
        Instant at = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
        // when
        put(
                "s",
                Map.of(
                        "count",
                        1,
                        "since",
                        at.toString(),
                        "priority",
                        8,
                        "concurrency_key",
                        "k",
                        "workflow_id",
                        "scale",
                        "parameters",
                        Map.of("group", "web"),
                        "execution_arguments",
                        Map.of("dry_run", true, "wait_after_fail", 30)));
        // then
        JsonNode run = awaitRuns("s", 1).get(0);
        assertThat(run.path("outcome").asText()).isEqualTo("started");
        assertThat(run.path("lateness_ms").asLong()).isNotNegative();
        assertThat(sql(
                        "SELECT priority || ' ' || concurrency_key || ' ' || schedule_id || ' ' || is_dry_run || ' ' || created_by"
                                + " || ' ' || (scheduled_for = occurrence_at) || ' ' || (parameters->>'delta') || (parameters->>'group')"
                                + " || ' ' || wait_after_fail"
                                + " FROM scheduler.executions WHERE id = ?",
                        run.path("execution_id").asText()))
                .isEqualTo("8 k s true admin true 1web 30");
        assertThat(get("s").path("next_occurrence").isNull()).isTrue();
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(status(run.path("execution_id").asText())).isEqualTo("pending"));
    }

    @ParameterizedTest
    @CsvSource({
        "skip,         skipped, OVERLAP, false",
        "queue_one,    queued,  OVERLAP, false",
        "queue_all,    queued,  OVERLAP, false",
        "cancel_other, queued,  OVERLAP, false",
        "allow,        started, '',      true"
    })
    void overlapPolicySaysWhatHappensWhileAnotherRuns(String policy, String outcome, String reason, boolean parallel)
            throws SQLException {
        // given
        put("s", Map.of("recurrence", "1 day", "since", "2020-01-01", "slip", 30, "overlap", policy));
        occur("s", Duration.ofSeconds(50));
        String first = awaitRuns("s", 1).get(0).path("execution_id").asText();
        await().atMost(LONG).untilAsserted(() -> assertThat(status(first)).isEqualTo("pending"));
        // when
        occur("s", Duration.ofSeconds(40));
        // then
        JsonNode run = awaitRuns("s", 2).get(0);
        assertThat(run.path("outcome").asText()).isEqualTo(outcome);
        assertThat(run.path("reason").asText("")).isEqualTo(reason);
        if (parallel) {
            assertThat(sql(
                            "SELECT parallel::text FROM scheduler.executions WHERE id = ?",
                            run.path("execution_id").asText()))
                    .isEqualTo("true");
        }
        if (policy.equals("cancel_other")) {
            assertThat(status(first)).isIn("cancelling", "cancelled");
        }
        occur("s", Duration.ofSeconds(30));
        assertThat(awaitRuns("s", 3).get(0).path("outcome").asText())
                .isEqualTo(policy.equals("queue_one") ? "skipped" : outcome);
    }

    @ParameterizedTest
    @CsvSource({"skip, missed:7", "once, missed:6 started:1", "all, missed:4 started:3", "fail, failed:1 missed:6"})
    void catchUpPolicySaysWhatBecomesOfWhatIsTooLate(String policy, String outcomes) throws SQLException {
        // given
        put(
                "s",
                Map.of(
                        "recurrence",
                        "10 minutes",
                        "since",
                        "2020-01-01",
                        "catch_up",
                        policy,
                        "catch_up_limit",
                        3,
                        "overlap",
                        "allow"));
        // when
        occur("s", Duration.ofMinutes(65));
        // then
        awaitRuns("s", 7);
        assertThat(sql(
                        "SELECT string_agg(outcome || ':' || n, ' ' ORDER BY outcome) FROM (SELECT outcome, count(*) AS n"
                                + " FROM scheduler.schedule_runs WHERE deployment_id = ? GROUP BY outcome) x",
                        deployment))
                .isEqualTo(outcomes);
        assertThat(Instant.parse(get("s").path("next_occurrence").asText()))
                .isAfter(Instant.now().minusSeconds(60));
        if (policy.equals("fail")) {
            assertThat(sql(
                            "SELECT status || ' ' || reason_code || ' ' || error FROM scheduler.executions WHERE deployment_id = ?",
                            deployment))
                    .matches("failed MISSED Execution \\S+ scheduled for \\S+Z is overdue. Marking as FAILED.");
        }
    }

    @Test
    void failedLatestExecutionStopsTheSchedule() throws SQLException {
        // given
        put("s", Map.of("recurrence", "1 day", "since", "2020-01-01", "slip", 30, "stop_on_fail", true));
        occur("s", Duration.ofSeconds(50));
        String first = awaitRuns("s", 1).get(0).path("execution_id").asText();
        await().atMost(LONG).untilAsserted(() -> assertThat(status(first)).isEqualTo("pending"));
        owner("UPDATE scheduler.executions SET status = 'failed', ended_at = now() WHERE id = '" + first + "'");
        // when
        occur("s", Duration.ofSeconds(40));
        // then
        assertThat(awaitRuns("s", 2).get(0).path("reason").asText()).isEqualTo("STOPPED_ON_FAIL");
        assertThat(get("s").path("enabled").asBoolean()).isFalse();
        assertThat(get("s").path("pause_note").asText()).contains(first);
    }

    @Test
    void deploymentThatIsGonePausesTheScheduleAndSaysSo() throws SQLException {
        // given
        put("s", Map.of("recurrence", "1 day", "since", "2020-01-01"));
        // when
        owner("UPDATE scheduler.execution_schedules SET deployment_id = 'missing', id = '" + deployment
                + "', next_occurrence = now() - interval '1 second' WHERE deployment_id = '" + deployment + "'");
        wake();
        // then
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(sql(
                                "SELECT outcome || ' ' || reason FROM scheduler.schedule_runs"
                                        + " WHERE schedule_id = ?",
                                deployment))
                        .isEqualTo("failed NO_DEPLOYMENT"));
        assertThat(sql(
                        "SELECT enabled || ' ' || pause_note FROM scheduler.execution_schedules WHERE id = ?",
                        deployment))
                .isEqualTo("false deployment missing is gone");
    }

    @Test
    void occurrenceThatIsInTheHistoryIsNotStartedAgain() throws SQLException {
        // given
        put("s", Map.of("recurrence", "1 day", "since", "2020-01-01", "enabled", false));
        Instant at = Instant.now().minusSeconds(5).truncatedTo(ChronoUnit.SECONDS);
        owner(
                "INSERT INTO scheduler.schedule_runs (tenant_name, deployment_id, schedule_id, occurrence_at, outcome, decided_at)"
                        + " VALUES ('" + TENANT + "', '" + deployment + "', 's', '" + at + "', 'started', now())");
        // when
        owner("UPDATE scheduler.execution_schedules SET enabled = true, next_occurrence = '" + at
                + "' WHERE deployment_id = '" + deployment + "'");
        wake();
        // then
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Instant.parse(sql(
                                "SELECT to_char(next_occurrence AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                                        + " FROM scheduler.execution_schedules WHERE deployment_id = ?",
                                deployment)))
                        .isAfter(at));
        assertThat(sql("SELECT count(*)::text FROM scheduler.executions WHERE deployment_id = ?", deployment))
                .isEqualTo("0");
    }

    @Test
    void manyInstancesStartAnOccurrenceOnce() throws Exception {
        // given
        put("s", Map.of("recurrence", "1 day", "since", "2020-01-01", "overlap", "allow"));
        Optional<DeploymentFacts> facts = deployments.find(TENANT, deployment);
        Schedule.Key key = new Schedule.Key(TENANT, deployment, "s");
        owner(
                "UPDATE scheduler.execution_schedules SET next_occurrence = now() - interval '1 second' WHERE deployment_id = '"
                        + deployment + "'");
        // when
        ExecutorService instances = Executors.newFixedThreadPool(6);
        CountDownLatch together = new CountDownLatch(1);
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(instances.submit(() -> {
                together.await();
                return decide.decide(key, facts);
            }));
        }
        together.countDown();
        for (Future<Boolean> one : all) {
            one.get();
        }
        instances.shutdown();
        // then
        awaitRuns("s", 1);
        assertThat(sql("SELECT count(*)::text FROM scheduler.executions WHERE deployment_id = ?", deployment))
                .isEqualTo("1");
    }

    @Test
    void nextOccurrenceIsWorkedOutAnewWithOtherTimeZoneData() throws SQLException {
        // given
        put("s", Map.of("recurrence", "1 day", "since", "2020-01-01T08:00:00", "time_zone", "Europe/Berlin"));
        String next = get("s").path("next_occurrence").asText();
        // when
        owner(
                "UPDATE scheduler.execution_schedules SET next_occurrence = next_occurrence + interval '1 hour', tzdb_version = '2001a'"
                        + " WHERE deployment_id = '" + deployment + "'");
        wake();
        // then
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(sql(
                                "SELECT to_char(next_occurrence AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                                        + " FROM scheduler.execution_schedules WHERE deployment_id = ?",
                                deployment))
                        .isEqualTo(next));
    }

    @Test
    void pausedScheduleDoesNotOccurAndGoesOnWhenItIsResumed() throws SQLException {
        // given
        put("s", Map.of("recurrence", "1 day", "since", "2020-01-01"));
        // when
        JsonNode paused = read(ask("POST", "/v1/schedules/s/pause" + of(), Map.of("note", "night shift")), 200);
        occur("s", Duration.ofHours(50));
        JsonNode resumed = read(ask("POST", "/v1/schedules/s/resume" + of(), Map.of()), 200);
        // then
        assertThat(paused.path("pause_note").asText()).isEqualTo("night shift");
        assertThat(resumed.path("enabled").asBoolean()).isTrue();
        assertThat(Instant.parse(resumed.path("next_occurrence").asText()))
                .isAfter(Instant.now().minusSeconds(60));
        assertThat(runs("s")).isEmpty();
    }

    @Test
    void triggerAndBackfillRunWhatWasNotRunYet() {
        // given
        put("s", Map.of("recurrence", "1 hour", "since", "2020-01-01", "overlap", "skip"));
        // when
        JsonNode triggered = read(ask("POST", "/v1/schedules/s/trigger" + of(), Map.of()), 200);
        JsonNode filled = read(
                ask(
                        "POST",
                        "/v1/schedules/s/backfill" + of(),
                        Map.of("from", "2024-01-01", "to", "2024-01-01T03:00:00")),
                200);
        read(
                ask(
                        "POST",
                        "/v1/schedules/s/backfill" + of(),
                        Map.of("from", "2024-01-01", "to", "2024-01-01T04:00:00")),
                200);
        // then
        assertThat(triggered.path("outcome").asText()).isEqualTo("started");
        assertThat(filled.path("occurrences")).hasSize(4);
        assertThat(runs("s")).hasSize(6);
        assertThat(runs("s")).allMatch(run -> run.path("backfill").asBoolean());
        ask("POST", "/v1/schedules/s/backfill" + of(), Map.of("from", "2024-01-01", "to", "2099-01-01"))
                .then()
                .statusCode(400);
    }

    @Test
    void summaryCountsByAField() {
        put("a", Map.of("count", 1, "since", "2030-01-01"));
        put("b", Map.of("count", 1, "since", "2030-01-01", "workflow_id", "scale", "parameters", Map.of("group", "g")));
        JsonNode summary = read(
                ask("GET", "/summary/execution_schedules?_target_field=workflow_id&deployment_id=" + deployment, null),
                200);
        JsonNode items = summary.path("items");
        assertThat(summary.path("metadata")).hasToString("{\"pagination\":{\"total\":2,\"size\":1000,\"offset\":0}}");
        assertThat(items).hasSize(2);
        assertThat(items.get(0).path("execution_schedules").asInt()).isEqualTo(1);
        JsonNode page = read(
                ask(
                        "GET",
                        "/summary/execution_schedules?_target_field=deployment_id&_sub_field=workflow_id&_size=1&_offset=1"
                                + "&deployment_id=" + deployment,
                        null),
                200);
        assertThat(page.path("metadata")).hasToString("{\"pagination\":{\"total\":2,\"size\":1,\"offset\":1}}");
        assertThat(page.at("/items/0/execution_schedules").asInt()).isEqualTo(1);
        assertThat(page.at("/items/0/by workflow_id")).hasSize(1);
        ask("GET", "/summary/execution_schedules?_target_field=rule", null)
                .then()
                .statusCode(400);
    }

    @Test
    void previewSaysWhatTheClocksDo() {
        JsonNode gap = read(
                ask(
                        "POST",
                        "/v1/schedules/preview",
                        Map.of(
                                "cron",
                                "30 2 * * *",
                                "time_zone",
                                "Europe/Berlin",
                                "since",
                                "2026-01-01",
                                "after",
                                "2026-03-28T12:00:00",
                                "next",
                                2)),
                200);
        assertThat(gap.path("items").get(0).path("local").asText()).isEqualTo("2026-03-29T03:30:00+02:00");
        assertThat(gap.path("items").get(0).path("note").asText())
                .isEqualTo("2026-03-29T02:30 does not exist in Europe/Berlin: the clocks go from 02:00 to 03:00");
        JsonNode skipped = read(
                ask(
                        "POST",
                        "/v1/schedules/preview",
                        Map.of(
                                "cron",
                                "30 2 * * *",
                                "time_zone",
                                "Europe/Berlin",
                                "since",
                                "2026-01-01",
                                "after",
                                "2026-03-28T12:00:00",
                                "next",
                                2,
                                "dst_gap",
                                "skip")),
                200);
        assertThat(skipped.path("items")).hasSize(3);
        assertThat(skipped.path("items").get(0).path("skipped").asBoolean()).isTrue();
        JsonNode both = read(
                ask(
                        "POST",
                        "/v1/schedules/preview",
                        Map.of(
                                "cron",
                                "30 2 * * *",
                                "time_zone",
                                "Europe/Berlin",
                                "since",
                                "2026-01-01",
                                "after",
                                "2026-10-24T12:00:00",
                                "next",
                                2,
                                "dst_overlap",
                                "both")),
                200);
        assertThat(both.path("items").get(1).path("note").asText()).endsWith("this is the second");
        put("s", Map.of("recurrence", "1 day", "since", "2030-01-01"));
        assertThat(read(ask("GET", "/v1/schedules/s/preview" + of() + "&next=4", null), 200)
                        .path("items"))
                .hasSize(4);
    }

    @Test
    void previewOfFewerOrMoreThanCanBeShownIsRefusedWithTheBounds() {
        put("s", Map.of("recurrence", "1 day", "since", "2030-01-01"));
        for (int next : List.of(0, -1, 1_001, 5_000)) {
            String bounds = "next: expected a number from 1 to 1000, but got: " + next;
            assertThat(read(ask("GET", "/v1/schedules/s/preview" + of() + "&next=" + next, null), 400)
                            .path("detail")
                            .asText())
                    .isEqualTo(bounds);
            assertThat(read(
                                    ask(
                                            "POST",
                                            "/v1/schedules/preview",
                                            Map.of("recurrence", "1 day", "since", "2030-01-01", "next", next)),
                                    400)
                            .path("detail")
                            .asText())
                    .isEqualTo(bounds);
        }
        assertThat(read(ask("GET", "/v1/schedules/s/preview" + of() + "&next=1000", null), 200)
                        .path("items"))
                .hasSize(1_000);
    }

    @ParameterizedTest
    @CsvSource({"/v1/schedules/s/preview, next", "/v1/schedules/s/runs, _size", "/v1/schedules/s/runs, _offset"})
    void aParameterThatIsNoNumberIsRefusedByName(String path, String parameter) {
        put("s", Map.of("recurrence", "1 day", "since", "2030-01-01"));
        assertThat(read(ask("GET", path + of() + "&" + parameter + "=ten", null), 400)
                        .path("detail")
                        .asText())
                .isEqualTo(parameter + ": expected a number, but got: ten");
        assertThat(read(ask("GET", path + of() + "&" + parameter + "=99999999999", null), 400)
                        .path("detail")
                        .asText())
                .isEqualTo(parameter + ": expected a number from -2147483648 to 2147483647, but got: 99999999999");
    }

    private String of() {
        return "?deployment_id=" + deployment;
    }

    private JsonNode put(String id, Map<String, Object> fields) {
        Map<String, Object> body = new HashMap<>(Map.of("workflow_id", "install"));
        body.putAll(fields);
        return read(ask("PUT", "/execution-schedules/" + id + of(), body), 201);
    }

    private JsonNode get(String id) {
        return read(ask("GET", "/execution-schedules/" + id + of(), null), 200);
    }

    private List<JsonNode> runs(String id) {
        List<JsonNode> runs = new ArrayList<>();
        read(ask("GET", "/v1/schedules/" + id + "/runs" + of(), null), 200)
                .path("items")
                .forEach(runs::add);
        return runs;
    }

    private List<JsonNode> awaitRuns(String id, int many) {
        await().atMost(LONG).untilAsserted(() -> assertThat(runs(id)).hasSizeGreaterThanOrEqualTo(many));
        return runs(id);
    }

    /** Lets the schedule's next occurrence have been so long ago. */
    private void occur(String id, Duration ago) throws SQLException {
        owner("UPDATE scheduler.execution_schedules SET since = date_trunc('second', now()) - interval '"
                + ago.toSeconds()
                + " seconds', next_occurrence = date_trunc('second', now()) - interval '" + ago.toSeconds()
                + " seconds' WHERE id = '" + id + "' AND deployment_id = '" + deployment + "'");
        wake();
    }

    private void wake() throws SQLException {
        owner("SELECT pg_notify('holdfast_schedules', '')");
    }

    private String status(String executionId) throws SQLException {
        return sql("SELECT status FROM scheduler.executions WHERE id = ?", executionId);
    }

    private String sql(String query, String bind) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, bind);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? String.valueOf(row.getString(1)) : "(no row)";
            }
        }
    }

    private void owner(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl, "holdfast", "holdfast");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Response ask(String method, String path, @Nullable Object body) {
        return ask(
                new CallerIdentity("admin", true, TENANT, null, List.of(), "http_basic", Instant.EPOCH),
                method,
                path,
                body);
    }

    private Response ask(CallerIdentity caller, String method, String path, @Nullable Object body) {
        String whole = "/internal/scheduler" + path;
        int query = whole.indexOf('?');
        IdentitySigner.Headers headers = signer.signNow(caller, method, query < 0 ? whole : whole.substring(0, query));
        var request = RestAssured.given()
                .urlEncodingEnabled(false)
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
        return (body == null ? request : request.contentType(ContentType.JSON).body(body)).request(method, whole);
    }

    private static JsonNode read(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        try {
            return JSON.readTree(response.asString());
        } catch (java.io.IOException e) {
            throw new AssertionError("not JSON: " + response.asString(), e);
        }
    }

    @Test
    void aScheduleOfAPrivateDeploymentIsItsOwnersAlone() {
        // given
        String path = "/execution-schedules/" + deployment + "?deployment_id=hidden";
        String own = "/v1/schedules/" + deployment;
        CallerIdentity somebody = new CallerIdentity(
                "somebody", false, TENANT, List.of(TENANT), List.of("user"), "http_basic", Instant.EPOCH);
        Map<String, Object> body = Map.of("workflow_id", "install", "since", "2030-01-01 10:00:00", "count", 1);
        // when
        JsonNode made = read(ask("PUT", path, body), 201);
        // then
        assertThat(made.path("visibility").asText()).isEqualTo("private");
        for (String list : List.of("/execution-schedules", "/v1/schedules")) {
            assertThat(read(ask(somebody, "GET", list + "?_include=id&_get_all_results=true", null), 200)
                            .toString())
                    .doesNotContain(deployment);
        }
        List<Response> answers = List.of(
                ask(somebody, "GET", path, null),
                ask(somebody, "PATCH", path, Map.of("enabled", false)),
                ask(somebody, "DELETE", path, null),
                ask(somebody, "GET", own + "/runs?deployment_id=hidden", null),
                ask(somebody, "GET", own + "/preview?deployment_id=hidden", null),
                ask(somebody, "POST", own + "/pause?deployment_id=hidden", Map.of()),
                ask(somebody, "POST", own + "/resume?deployment_id=hidden", Map.of()),
                ask(somebody, "POST", own + "/trigger?deployment_id=hidden", Map.of()),
                ask(
                        somebody,
                        "POST",
                        own + "/backfill?deployment_id=hidden",
                        Map.of("from", "2020-01-01", "to", "2020-01-02")));
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(404));
        assertThat(read(ask("GET", path, null), 200).path("enabled").asBoolean())
                .isTrue();
    }
}
