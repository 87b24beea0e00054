package io.holdfast.scheduler.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.scheduler.InventoryStub;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Execution groups, deletion and summaries of executions, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class ExecutionGroupsIT {

    @Inject
    IdentitySigner signer;

    @Inject
    Config config;

    private Rows rows;
    private Api admin;
    private Api bob;

    @BeforeEach
    void connect() throws SQLException {
        rows = new Rows(config);
        rows.clear();
        admin = Api.admin(signer, "t1");
        bob = Api.user(signer, "bob", "t1");
    }

    @AfterEach
    void disconnect() throws SQLException {
        rows.clear();
        rows.close();
    }

    private static void refused(Response response, int status, String code, String message) {
        JsonNode body = Api.read(response.asString());
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(body.path("error_code").asText()).isEqualTo(code);
        assertThat(body.path("detail").asText()).contains(message);
    }

    private static JsonNode ok(Response response) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return Api.read(response.asString());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static String start(String more) {
        return "{\"deployment_group_id\": \"g\", \"workflow_id\": \"scale\"" + more + "}";
    }

    @Test
    void everyDeploymentOfTheGroupStartsAndSoManyRunAtOnce() throws SQLException {
        // when
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                start(
                        ", \"default_parameters\": {\"group\": \"a\"}, \"parameters\": {\"d3\": {\"delta\": \"2\"}}, \"force\":"
                                + " false, \"concurrency\": 1, \"wait_after_fail\": 30")));
        // then
        String path = "/execution-groups/" + group.get("id").asText();
        assertThat(group.get("deployment_group_id").asText()).isEqualTo("g");
        assertThat(group.get("concurrency").asInt()).isEqualTo(1);
        assertThat(group.get("created_by").asText()).isEqualTo("bob");
        assertThat(group.get("execution_ids")).hasSize(2);
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        assertThat(bob.texts(list, "deployment_id")).containsExactly("d1", "d3");
        assertThat(rows.count("scheduler.executions WHERE wait_after_fail = 30"))
                .isEqualTo(2);
        assertThat(bob.texts(list, "status")).containsExactly("pending", "queued");
        assertThat(bob.items(list).get(1).get("parameters")).isEqualTo(Api.read("{\"delta\": 2, \"group\": \"a\"}"));
        assertThat(ok(bob.sendJson("PATCH", path, "{\"concurrency\": 2}"))
                        .get("concurrency")
                        .asInt())
                .isEqualTo(2);
        assertThat(bob.texts(list, "status")).containsExactly("pending", "pending");
        assertThat(ok(bob.sendJson("POST", path, "{\"action\": \"force-cancel\"}"))
                        .get("status")
                        .asText())
                .isEqualTo("started");
        assertThat(bob.texts(list, "status")).containsExactly("force_cancelling", "force_cancelling");
        texts(group.get("execution_ids"))
                .forEach(id -> ok(admin.sendJson("PATCH", "/executions/" + id, "{\"status\": \"cancelled\"}")));
        ok(bob.sendJson("POST", path, "{\"action\": \"resume\"}"));
        assertThat(bob.texts(list, "resume")).containsExactly("true", "true");
        assertThat(bob.texts(list, "status")).containsExactly("pending", "pending");
    }

    @Test
    void ofManyTheFirstOnesWhoseWayIsFreeStart() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, status, created_at)"
                        + " VALUES ('t1', 'busy', 'scale', 'm2', 'started', now())");
        // when
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                "{\"deployment_group_id\": \"many\", \"workflow_id\": \"scale\", \"concurrency\": 7,"
                        + " \"default_parameters\": {\"group\": \"a\"}}"));
        // then
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        assertThat(group.get("execution_ids")).hasSize(300);
        assertThat(bob.texts(list + "&status=pending", "deployment_id"))
                .containsExactly("m1", "m3", "m4", "m5", "m6", "m7", "m8");
        assertThat(bob.texts(list + "&status=queued&_include=id", "id")).hasSize(293);
        // when all are cancelled and resumed
        String path = "/execution-groups/" + group.get("id").asText();
        ok(bob.sendJson("POST", path, "{\"action\": \"kill\"}"));
        rows.execute("UPDATE scheduler.executions SET status = 'cancelled' WHERE status = 'kill_cancelling'");
        assertThat(bob.texts(list + "&status=cancelled&_include=id", "id")).hasSize(300);
        ok(bob.sendJson("POST", path, "{\"action\": \"resume\"}"));
        // then
        assertThat(bob.texts(list + "&status=pending&resume=true&_include=id", "id"))
                .hasSize(7);
        assertThat(bob.texts(list + "&status=queued&_include=id", "id")).hasSize(293);
    }

    @Test
    void ofThoseThatAreResumedNoMoreRunAtOnceThanTheGroupAllows() {
        // given: a group of which one has failed, and one was cancelled before its turn came
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                start(", \"default_parameters\": {\"group\": \"a\"}, \"concurrency\": 1")));
        String path = "/execution-groups/" + group.get("id").asText();
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        ok(bob.sendJson("POST", path, "{\"action\": \"cancel\"}"));
        String first = group.at("/execution_ids/0").asText();
        ok(admin.sendJson("PATCH", "/executions/" + first, "{\"status\": \"failed\"}"));
        assertThat(bob.texts(list, "status")).containsExactly("failed", "cancelled");
        // when
        ok(bob.sendJson("POST", path, "{\"action\": \"force-resume\"}"));
        // then
        assertThat(bob.texts(list, "status")).containsExactly("pending", "queued");
        assertThat(bob.texts(list, "resume")).containsExactly("true", "true");
        assertThat(bob.items(list).get(0).get("ended_at").isNull()).isTrue();
        // when
        ok(admin.sendJson("PATCH", "/executions/" + first, "{\"status\": \"started\"}"));
        ok(admin.sendJson("PATCH", "/executions/" + first, "{\"status\": \"terminated\"}"));
        // then
        assertThat(bob.texts(list, "status")).containsExactly("terminated", "pending");
    }

    @Test
    void aKilledGroupLeavesWhatHasEnded() {
        // given
        JsonNode group =
                ok(bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}")));
        String path = "/execution-groups/" + group.get("id").asText();
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        ok(admin.sendJson("PATCH", "/executions/" + group.at("/execution_ids/0").asText(), "{\"status\": \"failed\"}"));
        // when
        ok(bob.sendJson("POST", path, "{\"action\": \"kill\"}"));
        // then
        assertThat(bob.texts(list, "status")).containsExactly("failed", "kill_cancelling");
    }

    @Test
    void whatAUserMayNotSeeStaysAsItIs() throws SQLException {
        // given
        JsonNode group =
                ok(bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}")));
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        rows.execute(
                "UPDATE scheduler.executions SET visibility = 'private', created_by = 'eve' WHERE deployment_id = 'd3'");
        // when
        ok(bob.sendJson("POST", "/execution-groups/" + group.get("id").asText(), "{\"action\": \"force-cancel\"}"));
        // then
        assertThat(admin.texts(list, "deployment_id")).containsExactly("d1", "d3");
        assertThat(admin.texts(list, "status")).containsExactly("force_cancelling", "pending");
    }

    @Test
    void aGroupWithoutConcurrencyWaitsUntilItGetsSome() {
        // given
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                start(", \"default_parameters\": {\"group\": \"a\"}, \"concurrency\": 0")));
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        assertThat(group.get("concurrency").asInt()).isZero();
        assertThat(bob.texts(list, "status")).containsExactly("queued", "queued");
        // when
        String path = "/execution-groups/" + group.get("id").asText();
        ok(bob.sendJson("PATCH", path, "{\"concurrency\": 1}"));
        // then
        assertThat(bob.texts(list, "status")).containsExactly("pending", "queued");
        // when
        ok(bob.sendJson("PATCH", path, "{\"concurrency\": 0}"));
        String first = texts(group.get("execution_ids")).get(0);
        ok(admin.sendJson("PATCH", "/executions/" + first, "{\"status\": \"started\"}"));
        ok(admin.sendJson("PATCH", "/executions/" + first, "{\"status\": \"terminated\"}"));
        // then
        assertThat(bob.texts(list, "status")).containsExactly("terminated", "queued");
    }

    @Test
    void deploymentsJoinTheGroupOfTheirOutcomeAndTheLimitGoesWithTheLast() throws SQLException {
        // given
        DeploymentGroupStub.EXTENDED.clear();
        JsonNode group =
                ok(bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}")));
        String id = group.get("id").asText();
        String path = "/execution-groups/" + id;
        ok(bob.sendJson("PATCH", path, "{\"success_group_id\": \"good\"}"));
        ok(bob.sendJson("PATCH", path, "{\"failure_group_id\": \"bad\", \"concurrency\": 3}"));
        refused(
                bob.sendJson("PATCH", path, "{\"success_group_id\": \"x\"}"),
                404,
                "not_found_error",
                "Requested `DeploymentGroup` with ID `x` was not found");
        refused(
                bob.sendJson("PATCH", "/execution-groups/none", "{\"success_group_id\": \"good\"}"),
                404,
                "not_found_error",
                "Requested `ExecutionGroup` with ID `none` was not found");
        assertThat(bob.sendJson("PATCH", path, "{}").statusCode()).isEqualTo(200);
        List<String> ids = texts(group.get("execution_ids"));
        // when
        ok(admin.sendJson("PATCH", "/executions/" + ids.get(0), "{\"status\": \"terminated\"}"));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DeploymentGroupStub.EXTENDED).containsExactly("good d1"));
        assertThat(rows.count(
                        "scheduler.concurrency_limits WHERE key = 'execution-group:" + id + "' AND max_running = 3"))
                .isEqualTo(1);
        ok(admin.sendJson("PATCH", "/executions/" + ids.get(1), "{\"status\": \"failed\", \"error\": \"no\"}"));
        // then
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(DeploymentGroupStub.EXTENDED).containsExactlyInAnyOrder("good d1", "bad d3");
            assertThat(rows.count("scheduler.concurrency_limits")).isZero();
        });
        ok(bob.sendJson("POST", path, "{\"action\": \"resume\"}"));
        assertThat(rows.count(
                        "scheduler.concurrency_limits WHERE key = 'execution-group:" + id + "' AND max_running = 3"))
                .isEqualTo(1);
    }

    @Test
    void executionGroupsGoWithTheirDeploymentGroupAndTheirExecutionsGoOn() throws SQLException {
        // given: one runs and one waits for it; another group's deployments join the one that goes
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                start(", \"default_parameters\": {\"group\": \"a\"}, \"concurrency\": 1")));
        String id = group.get("id").asText();
        List<String> ids = texts(group.get("execution_ids"));
        String log = "{\"execution_group_id\": \"%s\", \"logs\": [{\"message\": {\"text\": \"of the group\"}}]}";
        assertThat(admin.sendJson("POST", "/events", log.formatted(id)).statusCode())
                .isEqualTo(201);
        JsonNode other = ok(bob.sendJson(
                "POST", "/execution-groups", "{\"deployment_group_id\": \"good\", \"workflow_id\": \"none\"}"));
        String otherPath = "/execution-groups/" + other.get("id").asText();
        rows.execute("UPDATE scheduler.execution_groups SET success_group_id = 'g' WHERE id = '"
                + other.get("id").asText() + "'");
        // when
        refused(admin.sendJson("DELETE", "/deployment-groups/g", null), 403, "forbidden_error", "only services");
        Api inventory = new Api(
                signer, CallerIdentity.ofService("inventory", Instant.EPOCH).in("t1"));
        assertThat(inventory.sendJson("DELETE", "/deployment-groups/g", null).statusCode())
                .isEqualTo(204);
        // then
        refused(bob.response("/execution-groups/" + id), 404, "not_found_error", id);
        assertThat(bob.texts("/execution-groups", "id"))
                .containsExactly(other.get("id").asText());
        for (String execution : ids) {
            assertThat(bob.get("/executions/" + execution).get("status").asText())
                    .isEqualTo("pending");
        }
        assertThat(rows.count("scheduler.events WHERE execution_group_id = '" + id + "' AND execution_id IS NULL"))
                .isZero();
        assertThat(rows.count("scheduler.execution_group_members")).isZero();
        assertThat(rows.count("scheduler.concurrency_limits")).isZero();
        assertThat(rows.count("scheduler.execution_groups WHERE success_group_id IS NOT NULL"))
                .isZero();
        assertThat(ok(bob.response(otherPath)).get("deployment_group_id").asText())
                .isEqualTo("good");
        assertThat(inventory.sendJson("DELETE", "/deployment-groups/g", null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void deploymentsWhoseExecutionsHaveEndedJoinAtOnce() {
        // given
        DeploymentGroupStub.EXTENDED.clear();
        JsonNode group =
                ok(bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}")));
        List<String> ids = texts(group.get("execution_ids"));
        ok(admin.sendJson("PATCH", "/executions/" + ids.get(0), "{\"status\": \"terminated\"}"));
        ok(admin.sendJson("PATCH", "/executions/" + ids.get(1), "{\"status\": \"failed\", \"error\": \"no\"}"));
        String path = "/execution-groups/" + group.get("id").asText();
        // when, then
        ok(bob.sendJson("PATCH", path, "{\"success_group_id\": \"good\"}"));
        assertThat(DeploymentGroupStub.EXTENDED).containsExactly("good d1");
        ok(bob.sendJson("PATCH", path, "{\"failure_group_id\": \"bad\", \"success_group_id\": null}"));
        assertThat(DeploymentGroupStub.EXTENDED).containsExactly("good d1", "bad d3");
    }

    /** As deployments are shown with them: one that is updated is in progress, whatever is to follow. */
    @Test
    void whatWaitsIsNotTheLatestExecutionOfADeployment() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at, scheduled_for) VALUES
                    ('t1', 'over', 'install', 'terminated', 'd1', '2020-01-01Z', NULL),
                    ('t1', 'runs', 'update', 'started', 'd1', '2020-01-02Z', NULL),
                    ('t1', 'waits', 'heal', 'queued', 'd1', '2020-01-03Z', NULL),
                    ('t1', 'later', 'heal', 'scheduled', 'd1', '2020-01-04Z', '2100-01-01Z'),
                    ('t1', 'first', 'install', 'queued', 'd3', '2020-01-04Z', NULL)""");
        // when
        JsonNode latest = ok(admin.sendJson(
                "POST",
                "/executions/lookup/latest",
                "{\"ids\": [{\"tenant_name\": \"t1\", \"id\": \"d1\"}, {\"tenant_name\": \"t1\", \"id\": \"d3\"}]}"));
        JsonNode changed =
                ok(admin.sendJson("POST", "/executions/lookup/changed", "{\"since\": \"2000-01-01T00:00:00.000Z\"}"));
        // then
        assertThat(latest.get("items").findValuesAsText("id")).containsExactly("runs");
        assertThat(changed.get("items").findValuesAsText("id")).containsExactly("runs");
    }

    @Test
    void operationsOfWhatIsResumedAreToBeDoneOnceMore() throws SQLException {
        // given: of the operations of a failed execution one has succeeded, three have not, and one does nothing
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at,
                    total_operations, finished_operations) VALUES ('t1', 'x', 'scale', 'failed', 'd1', '2020-01-01Z', 4, 3);
                INSERT INTO scheduler.tasks_graphs (tenant_name, id, name, execution_id, created_at)
                    VALUES ('t1', 'graph', 'scale', 'x', '2020-01-01Z');
                INSERT INTO scheduler.operations (tenant_name, id, tasks_graph_id, name, type, state, parameters, created_at) VALUES
                    ('t1', 'done', 'graph', 'a', 'RemoteWorkflowTask', 'succeeded', '{"current_retries": 1}', '2020-01-01Z'),
                    ('t1', 'failed', 'graph', 'b', 'RemoteWorkflowTask', 'failed', '{"current_retries": 20, "a": 1}', '2020-01-01Z'),
                    ('t1', 'again', 'graph', 'c', 'RemoteWorkflowTask', 'rescheduled', '{}', '2020-01-01Z'),
                    ('t1', 'begun', 'graph', 'd', 'RemoteWorkflowTask', 'started', '{"current_retries": 2}', '2020-01-01Z'),
                    ('t1', 'nothing', 'graph', 'e', 'NOPLocalWorkflowTask', 'failed', '{}', '2020-01-01Z')""");
        // when
        ok(bob.sendJson("POST", "/executions/x", "{\"action\": \"resume\"}"));
        // then
        assertThat(states()).containsExactly("pending", "started", "succeeded", "pending", "pending");
        assertThat(bob.get("/operations/failed").get("parameters"))
                .isEqualTo(Api.read("{\"current_retries\": 0, \"a\": 1}"));
        assertThat(bob.get("/operations/done").at("/parameters/current_retries").asInt())
                .isEqualTo(1);
        assertThat(bob.get("/executions/x").get("total_operations").asInt()).isEqualTo(4);
        assertThat(bob.get("/executions/x").get("finished_operations").asInt()).isEqualTo(1);
        // when: with force, what was begun, too
        ok(admin.sendJson("PATCH", "/executions/x", "{\"status\": \"failed\"}"));
        ok(bob.sendJson("POST", "/executions/x", "{\"action\": \"force-resume\"}"));
        // then
        assertThat(states()).containsExactly("pending", "pending", "succeeded", "pending", "pending");
        assertThat(bob.get("/executions/x").get("finished_operations").asInt()).isEqualTo(1);
    }

    /** Of the operations, by their ids. */
    private List<String> states() {
        List<String> states = new ArrayList<>();
        for (String id : List.of("again", "begun", "done", "failed", "nothing")) {
            states.add(bob.get("/operations/" + id).get("state").asText());
        }
        return states;
    }

    @Test
    void groupWithoutTheWorkflowSaysSoInItsLog() {
        // when
        JsonNode group = ok(bob.sendJson(
                "POST", "/execution-groups", "{\"deployment_group_id\": \"g\", \"workflow_id\": \"none\"}"));
        // then
        assertThat(group.get("execution_ids")).isEmpty();
        assertThat(group.get("status").isNull()).isTrue();
        assertThat(bob.texts(
                        "/events?execution_group_id=" + group.get("id").asText() + "&type=cloudify_log", "message"))
                .containsExactly(
                        "Workflow none does not exist in the deployment d1",
                        "Workflow none does not exist in the deployment d3");
    }

    @Test
    void allDeploymentsOfAGroupAreUpdatedByAWorkflowThatNoneDeclares() {
        // when
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                "{\"deployment_group_id\": \"g\", \"workflow_id\": \"csys_update_deployment\","
                        + " \"default_parameters\": {\"blueprint_id\": \"b2\"}}"));
        // then
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        assertThat(bob.texts(list, "deployment_id")).containsExactly("d1", "d3");
        assertThat(bob.items(list).get(0).at("/parameters/blueprint_id").asText())
                .isEqualTo("b2");
    }

    private Api workerOf(String execution) {
        return new Api(
                signer,
                new CallerIdentity(
                        "bob",
                        false,
                        "t1",
                        List.of("t1"),
                        List.of("user"),
                        "execution_token",
                        Instant.EPOCH,
                        execution));
    }

    @Test
    void theUpdateThatAMemberStartsIsAMemberAndTellsHowItWent() throws SQLException {
        // given: a group whose first execution runs
        DeploymentGroupStub.EXTENDED.clear();
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                "{\"deployment_group_id\": \"g\", \"workflow_id\": \"csys_update_deployment\", \"concurrency\": 1}"));
        String path = "/execution-groups/" + group.get("id").asText();
        ok(bob.sendJson("PATCH", path, "{\"success_group_id\": \"good\", \"failure_group_id\": \"bad\"}"));
        String list = "/executions?execution_group_id=" + group.get("id").asText();
        String first = group.at("/execution_ids/0").asText();
        ok(admin.sendJson("PATCH", "/executions/" + first, "{\"status\": \"started\"}"));
        // when
        Response begun = workerOf(first)
                .sendJson(
                        "POST",
                        "/executions",
                        "{\"deployment_id\": \"d1\", \"workflow_id\": \"update\", \"allow_custom_parameters\": true}");
        // then: it waits for the one that has started it
        assertThat(begun.statusCode()).as(begun.asString()).isEqualTo(201);
        String update = Api.read(begun.asString()).get("id").asText();
        assertThat(bob.texts(list, "workflow_id"))
                .containsExactly("csys_update_deployment", "csys_update_deployment", "update");
        assertThat(bob.texts(list, "status")).containsExactly("started", "queued", "queued");
        assertThat(bob.get(path).get("status").asText()).isEqualTo("started");
        // when: no more than one of the group runs at once
        ok(admin.sendJson("PATCH", "/executions/" + first, "{\"status\": \"terminated\"}"));
        assertThat(bob.texts(list, "status")).containsExactly("terminated", "pending", "queued");
        ok(admin.sendJson("PATCH", "/executions/" + group.at("/execution_ids/1").asText(), "{\"status\": \"failed\"}"));
        assertThat(bob.texts(list, "status")).containsExactly("terminated", "failed", "pending");
        ok(admin.sendJson("PATCH", "/executions/" + update, "{\"status\": \"failed\", \"error\": \"no\"}"));
        // then: not that it could be started
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(DeploymentGroupStub.EXTENDED).containsExactlyInAnyOrder("bad d1", "bad d3");
            assertThat(rows.count("scheduler.concurrency_limits")).isZero();
        });
    }

    @Test
    void whatAnotherMemberOrNobodysWorkerStartsIsNoMember() {
        // given
        JsonNode group = ok(bob.sendJson(
                "POST",
                "/execution-groups",
                "{\"deployment_group_id\": \"g\", \"workflow_id\": \"csys_update_deployment\"}"));
        JsonNode other = ok(bob.sendJson(
                "POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}, \"force\": true")));
        String update = "{\"deployment_id\": \"d1\", \"workflow_id\": \"WORKFLOW\", \"force\": true}";
        // when
        workerOf(other.at("/execution_ids/0").asText())
                .sendJson("POST", "/executions", update.replace("WORKFLOW", "update"));
        workerOf(group.at("/execution_ids/0").asText())
                .sendJson("POST", "/executions", update.replace("WORKFLOW", "install"));
        workerOf("none").sendJson("POST", "/executions", update.replace("WORKFLOW", "update"));
        // then
        for (JsonNode one : List.of(group, other)) {
            assertThat(bob.get("/execution-groups/" + one.get("id").asText()).get("execution_ids"))
                    .hasSize(2);
        }
        assertThat(bob.items("/executions")).hasSize(7);
    }

    /** As a restore of the existing product's archives, and {@code associated_executions}, make them: without the group's key. */
    @Test
    void deploymentsOfMembersThatWereCarriedOverJoinTheGroupOfTheirOutcomeToo() throws SQLException {
        // given
        DeploymentGroupStub.EXTENDED.clear();
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at) VALUES
                    ('t1', 'a', 'scale', 'started', 'd1', '2020-01-01Z'),
                    ('t1', 'b', 'scale', 'started', 'd3', '2020-01-01Z');
                INSERT INTO scheduler.execution_groups (tenant_name, id, workflow_id, deployment_group_id, concurrency, success_group_id,
                    failure_group_id) VALUES ('t1', 'old', 'scale', 'g', 5, 'good', 'bad'), ('t1', 'too', 'scale', 'g', 5, NULL, 'good');
                INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id) VALUES
                    ('t1', 'old', 'a'), ('t1', 'old', 'b'), ('t1', 'too', 'b')""");
        // when
        ok(admin.sendJson("PATCH", "/executions/a", "{\"status\": \"terminated\"}"));
        ok(admin.sendJson("PATCH", "/executions/b", "{\"status\": \"failed\", \"error\": \"no\"}"));
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(DeploymentGroupStub.EXTENDED)
                        .containsExactlyInAnyOrder("good d1", "bad d3", "good d3"));
    }

    @Test
    void eventsOfAGroupAreThoseOfItsExecutionsToo() throws SQLException {
        // given
        JsonNode group =
                ok(bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}")));
        String id = group.get("id").asText();
        String log = "{\"execution_group_id\": \"%s\", \"logs\": [{\"message\": {\"text\": \"of the group\"}}]}";
        assertThat(admin.sendJson("POST", "/events", log.formatted(id)).statusCode())
                .isEqualTo(201);
        ok(bob.sendJson(
                "POST", "/execution-groups", start(", \"force\": true, \"default_parameters\": {\"group\": \"b\"}")));
        // when
        for (String execution : texts(group.get("execution_ids"))) {
            ok(admin.sendJson("PATCH", "/executions/" + execution, "{\"status\": \"started\"}"));
            ok(admin.sendJson("PATCH", "/executions/" + execution, "{\"status\": \"terminated\"}"));
        }
        // then
        String list = "/events?execution_group_id=" + id;
        assertThat(bob.texts(list + "&type=cloudify_log", "message")).containsExactly("of the group");
        assertThat(bob.texts(list + "&event_type=workflow_succeeded", "execution_id"))
                .containsExactlyInAnyOrderElementsOf(texts(group.get("execution_ids")));
    }

    /** As {@code cfy executions groups start} asks. */
    @Test
    void whoFollowsAGroupMissesNothingAndGetsNothingTwice() throws SQLException {
        // given
        JsonNode group =
                ok(bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}")));
        String said = "{\"execution_id\": \"%s\", \"events\": [{\"event_type\": \"x\", \"message\": {\"text\": \"%s\"},"
                + " \"reported_timestamp\": \"%s\"}], \"logs\": [{\"message\": {\"text\": \"%s\"}, \"reported_timestamp\": \"%s\"}]}";
        String list = "/events?execution_group_id=" + group.get("id").asText()
                + "&_sort=reported_timestamp&message=said%25&_offset=";
        JsonNode executions = group.get("execution_ids");
        String later = said.formatted(
                executions.get(0).asText(),
                "said fourth",
                "2030-01-01T00:00:04Z",
                "said third",
                "2030-01-01T00:00:03Z");
        String earlier = said.formatted(
                executions.get(1).asText(),
                "said second",
                "2030-01-01T00:00:02Z",
                "said first",
                "2030-01-01T00:00:01Z");
        assertThat(admin.sendJson("POST", "/events", later).statusCode()).isEqualTo(201);
        List<String> known = new ArrayList<>(bob.texts(list + "0", "message"));
        assertThat(admin.sendJson("POST", "/events", earlier).statusCode()).isEqualTo(201);
        // when
        known.addAll(bob.texts(list + known.size(), "message"));
        // then
        assertThat(known).containsExactly("said third", "said fourth", "said first", "said second");
    }

    @Test
    void aGroupOfAnotherTenantWithTheSameIdAddsNoEvents() throws SQLException {
        // given
        JsonNode group =
                ok(bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\"}")));
        String id = group.get("id").asText();
        rows.execute("""
                INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)
                    VALUES ('other', '%1$s', 'alone');
                INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id, execution_group_id, message,
                                              visibility) VALUES
                    ('t1', 'cloudify_log', now(), now(), '%2$s', NULL, 'of a member', 'tenant'),
                    ('t1', 'cloudify_log', now(), now(), NULL, '%1$s', 'of the group', 'tenant'),
                    ('t1', 'cloudify_log', now(), now(), 'alone', NULL, 'of no member here', 'tenant'),
                    ('other', 'cloudify_log', now(), now(), NULL, '%1$s', 'of the other group', 'global')""".formatted(id, group.at("/execution_ids/0").asText()));
        // when, then
        assertThat(bob.texts("/events?execution_group_id=" + id + "&type=cloudify_log", "message"))
                .containsExactlyInAnyOrder("of a member", "of the group");
    }

    @Test
    void wrongGroupsAreRefusedAndLeaveNothing() {
        refused(
                bob.sendJson("POST", "/execution-groups", "{}"),
                400,
                "bad_parameters_error",
                "Missing deployment_group_id");
        refused(
                bob.sendJson(
                        "POST", "/execution-groups", "{\"deployment_group_id\": \"x\", \"workflow_id\": \"scale\"}"),
                404,
                "not_found_error",
                "Requested `DeploymentGroup` with ID `x` was not found");
        refused(
                bob.sendJson(
                        "POST", "/execution-groups", start(", \"default_parameters\": {\"group\": \"a\", \"x\": 1}")),
                400,
                "illegal_execution_parameters_error",
                "does not have the following parameters declared: x");
        refused(
                bob.sendJson("POST", "/execution-groups", start(", \"parameters\": {\"d1\": {\"group\": \"a\"}}")),
                400,
                "illegal_execution_parameters_error",
                "must be provided with the following parameters to execute: group");
        refused(
                bob.sendJson("POST", "/execution-groups", start(", \"default_parameters\": []")),
                400,
                "bad_parameters_error",
                "default_parameters parameter is expected to be of type dict");
        refused(
                bob.sendJson("POST", "/execution-groups", start(", \"concurrency\": -1")),
                400,
                "bad_parameters_error",
                "concurrency is -1");
        refused(
                bob.sendJson("POST", "/execution-groups", start(", \"id\": \"mine\"")),
                403,
                "forbidden_error",
                "set_execution_group_details");
        assertThat(bob.items("/execution-groups")).isEmpty();
        assertThat(bob.items("/executions")).isEmpty();
        refused(
                bob.sendJson("POST", "/execution-groups/x", "{\"action\": \"cancel\"}"),
                404,
                "not_found_error",
                "Requested `ExecutionGroup` with ID `x` was not found");
        refused(
                bob.sendJson("POST", "/execution-groups/x", "{\"action\": \"requeue\"}"),
                400,
                "bad_parameters_error",
                "Invalid action: requeue, Valid action values are: ['cancel', 'force-cancel', 'kill', 'resume', 'force-resume']");
        assertThat(bob.sendJson("POST", "/execution-groups", "[").statusCode()).isEqualTo(400);
    }

    private void someExecutions() throws SQLException {
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at) VALUES
                    ('t1', 'a', 'create_deployment_environment', 'terminated', 'd1', '2020-01-01Z'),
                    ('t1', 'b', 'install', 'failed', 'd1', '2020-01-02Z'),
                    ('t1', 'c', 'install', 'terminated', 'd1', '2020-01-03Z'),
                    ('t1', 'd', 'install', 'started', 'd1', '2020-01-04Z'),
                    ('t1', 'e', 'scale', 'cancelled', 'd2', '2020-01-05Z'),
                    ('t2', 'f', 'install', 'terminated', 'd1', '2020-01-01Z');
                INSERT INTO scheduler.tasks_graphs (tenant_name, id, execution_id) VALUES ('t1', 'tg', 'b');
                INSERT INTO scheduler.operations (tenant_name, id, tasks_graph_id) VALUES ('t1', 'o', 'tg');
                INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id)
                    VALUES ('t1', 'cloudify_event', now(), now(), 'b'), ('t1', 'cloudify_event', now(), now(), 'd')""");
    }

    private long deleted(Api api, String query, String body) {
        return ok(api.sendJson("DELETE", "/executions" + query, body))
                .at("/items/0/count")
                .asLong();
    }

    @Test
    void endedExecutionsAreDeletedWithWhatHangsOnThem() throws SQLException {
        // given
        someExecutions();
        // when, then
        assertThat(deleted(bob, "?_all_tenants=False", "{\"keep_last\": 10}")).isZero();
        assertThat(deleted(bob, "?_all_tenants=True", "{\"keep_last\": 3}")).isEqualTo(1);
        assertThat(bob.texts("/executions", "id")).containsExactly("a", "c", "d", "e");
        assertThat(rows.count("scheduler.tasks_graphs")).isZero();
        assertThat(bob.texts("/events?type=cloudify_event", "execution_id")).containsExactly("d");
        assertThat(deleted(bob, "?workflow_id=scale", "{\"to_datetime\": \"2021-01-01 00:00:00\"}"))
                .isEqualTo(1);
        assertThat(deleted(bob, "", "{\"to_datetime\": \"2020-01-03\"}")).isZero();
        assertThat(deleted(bob, "?deployment_id=d1", "{\"to_datetime\": \"2030-01-03T00:00:00.5Z\"}"))
                .isEqualTo(1);
        assertThat(bob.texts("/executions", "id")).containsExactly("a", "d");
        assertThat(Api.admin(signer, "t2").texts("/executions", "id")).containsExactly("f");
    }

    @Test
    void withoutALimitAllThatHaveEndedAreDeletedButTheLastCreation() throws SQLException {
        // given
        someExecutions();
        // when, then
        assertThat(deleted(bob, "", "{}")).isEqualTo(3);
        assertThat(bob.texts("/executions", "id")).containsExactly("a", "d");
    }

    @Test
    void whatIsCarriedOverNeedsTheRightThatTheApiNames() throws SQLException {
        // given
        someExecutions();
        String graph = "{\"name\": \"g\", \"execution_id\": \"d\", ";
        String execution = "{\"deployment_id\": \"d1\", \"workflow_id\": \"install\", ";
        // when, then
        for (String[] wrong : new String[][] {
            {"/execution-groups", start(", \"created_by\": \"admin\""), "set_owner"},
            {"/execution-groups", start(", \"created_at\": \"2020-01-01\""), "set_timestamp"},
            {"/execution-groups", start(", \"associated_executions\": [\"b\"]"), "set_execution_group_details"},
            {"/tasks_graphs", graph + "\"graph_id\": \"x\"}", "set_execution_details"},
            {"/tasks_graphs", graph + "\"created_at\": \"2020-01-01\"}", "set_timestamp"},
            {
                "/tasks_graphs",
                graph + "\"operations\": [{\"id\": \"o\", \"created_at\": \"2020-01-01\"}]}",
                "set_timestamp"
            },
            {"/executions", execution + "\"created_by\": \"admin\", \"id\": \"x\"}", "set_owner"},
            {"/executions", execution + "\"ended_at\": \"2020-01-01T00:00:00Z\"}", "set_timestamp"},
            {"/executions", execution + "\"force_status\": \"zz\"}", "set_execution_details"},
            {"/executions", execution + "\"id\": \"x\"}", "set_execution_details"},
            {"/executions", execution + "\"is_system_workflow\": true}", "set_execution_details"},
            {"/executions", "{\"deployment_id\": \"\", \"workflow_id\": \"x\"}", "set_execution_details"},
        }) {
            Response answer = bob.sendJson("POST", wrong[0], wrong[1]);
            refused(answer, 403, "forbidden_error", "");
            assertThat(Api.read(answer.asString()).path("detail").asText())
                    .as(wrong[1])
                    .isEqualTo("User `bob` is not permitted to perform the action " + wrong[2]);
        }
        assertThat(bob.items("/execution-groups")).isEmpty();
        assertThat(bob.texts("/executions", "id")).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void whatIsCarriedOverBelongsToAUserThatThereIs() {
        refused(
                Api.admin(signer, "t1").sendJson("POST", "/execution-groups", start(", \"created_by\": \"nobody\"")),
                400,
                "bad_parameters_error",
                "User nobody does not exist.");
    }

    @Test
    void anExecutionMayRunWhereNothingIsInItsWay() throws SQLException {
        // given
        someExecutions();
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at) VALUES
                    ('t1', 'q', 'scale', 'queued', 'd1', '2020-01-06Z'), ('t1', 'r', 'scale', 'queued', 'd3', '2020-01-06Z')""");
        // when, then
        assertThat(bob.get("/executions/d/should-start")).isEqualTo(Api.read("true"));
        assertThat(bob.get("/executions/q/should-start")).isEqualTo(Api.read("false"));
        assertThat(bob.get("/executions/r/should-start")).isEqualTo(Api.read("true"));
        assertThat(bob.get("/executions/c/should-start")).isEqualTo(Api.read("false"));
        refused(
                bob.response("/executions/f/should-start"),
                404,
                "not_found_error",
                "Requested `Execution` with ID `f` was not found");
    }

    @Test
    void wrongDeletionsAreRefused() throws SQLException {
        // given
        someExecutions();
        // when, then
        refused(
                bob.sendJson("DELETE", "/executions", "{\"keep_last\": 2, \"to_datetime\": \"2020-01-01\"}"),
                400,
                "bad_parameters_error",
                "Must provide either a `to_datetime` timestamp or a `keep_last` number of executions to keep");
        for (String value : List.of("0", "-1", "\"2\"", "1.5", "[]", "null")) {
            refused(
                    bob.sendJson("DELETE", "/executions", "{\"keep_last\": " + value + "}"),
                    400,
                    "bad_parameters_error",
                    value.matches("-?\\d")
                            ? "`keep_last` must be an integer greater than 0. got " + value + " instead."
                            : "keep_last parameter is expected to be of type int but is of type");
        }
        refused(
                bob.sendJson("DELETE", "/executions", "{\"to_datetime\": \"soon\"}"),
                400,
                "bad_parameters_error",
                "soon is not a legal time format");
        refused(
                bob.sendJson("DELETE", "/executions?status=started", "{\"keep_last\": 1}"),
                400,
                "bad_parameters_error",
                "Can't filter by execution status `started`");
        refused(
                bob.sendJson("DELETE", "/executions?colour=red", "{\"keep_last\": 1}"),
                400,
                "bad_parameters_error",
                "Filter keys '['colour']' do not exist");
        assertThat(bob.items("/executions")).hasSize(5);
    }

    @Test
    void executionsAreCountedByTheirFields() throws SQLException {
        // given
        someExecutions();
        // when, then
        assertThat(bob.items("/summary/executions?_target_field=status_display&_sub_field=deployment_id"))
                .isEqualTo(
                        Api.read(
                                "[{\"status_display\": \"cancelled\", \"executions\": 1, \"by deployment_id\": [{\"deployment_id\": \"d2\","
                                        + " \"executions\": 1}]}, {\"status_display\": \"completed\", \"executions\": 2, \"by deployment_id\":"
                                        + " [{\"deployment_id\": \"d1\", \"executions\": 2}]}, {\"status_display\": \"failed\", \"executions\": 1,"
                                        + " \"by deployment_id\": [{\"deployment_id\": \"d1\", \"executions\": 1}]}, {\"status_display\": \"started\","
                                        + " \"executions\": 1, \"by deployment_id\": [{\"deployment_id\": \"d1\", \"executions\": 1}]}]"));
        assertThat(bob.get("/summary/executions?_target_field=workflow_id&_size=1&deployment_id=d1"))
                .isEqualTo(Api.read(
                        "{\"items\": [{\"workflow_id\": \"create_deployment_environment\", \"executions\": 1}],"
                                + " \"metadata\": {\"pagination\": {\"total\": 2, \"size\": 1, \"offset\": 0}}}"));
        refused(
                bob.response("/summary/executions?_target_field=error"),
                400,
                "bad_parameters_error",
                "1 validation error for SummaryRequest\n_target_field\n  Invalid summary field: error. Allowed values:"
                        + " status, status_display, blueprint_id, deployment_id, workflow_id, tenant_name, visibility (type=value_error)");
        refused(
                bob.response("/summary/executions?_sub_field=error"),
                400,
                "bad_parameters_error",
                "2 validation errors for SummaryRequest\n_target_field\n  field required (type=value_error.missing)\n"
                        + "_sub_field\n  Invalid summary field: error. Allowed values: status,");
    }

    @Test
    void operationsAreWrittenCountedAndTold() throws SQLException {
        // given
        someExecutions();
        // when
        Response added = bob.sendJson(
                "POST",
                "/tasks_graphs/tasks_graphs",
                "{\"name\": \"main\", \"execution_id\": \"d\", \"operations\": [{\"id\": \"o1\", \"name\": \"p.create\", \"type\":"
                        + " \"RemoteWorkflowTask\", \"dependencies\": [], \"parameters\": {\"task_kwargs\": {\"kwargs\":"
                        + " {\"__cloudify_context\": {\"node_id\": \"n_1\", \"operation\": {\"name\": \"i.create\"}}}},"
                        + " \"current_retries\": 1, \"total_retries\": 5}},"
                        + " {\"id\": \"o2\", \"name\": \"nothing\", \"type\": \"NOPLocalWorkflowTask\"}]}");
        // then
        assertThat(added.statusCode()).as(added.asString()).isEqualTo(201);
        String graph = Api.read(added.asString()).get("id").asText();
        assertThat(bob.sendJson(
                                "PUT",
                                "/operations/o3",
                                "{\"name\": \"set\", \"graph_id\": \"" + graph
                                        + "\", \"dependencies\": [\"o1\"], \"parameters\": {}, \"type\": \"LocalWorkflowTask\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(bob.texts("/operations?graph_id=" + graph, "state"))
                .containsExactly("pending", "pending", "pending");
        assertThat(bob.texts("/operations?execution_id=d&skip_internal=True&state=pending", "id"))
                .containsExactly("o1");
        assertThat(bob.texts("/operations?execution_id=d&skip_internal=True&state=failed", "id"))
                .isEmpty();
        assertThat(bob.texts("/operations?execution_id=d&skip_internal=False", "id"))
                .containsExactlyInAnyOrder("o1", "o2", "o3");
        refused(
                bob.response("/operations?execution_id=none&skip_internal=True"),
                404,
                "not_found_error",
                "Requested `Execution` with ID `none` was not found");
        refused(
                bob.response("/operations?graph_id=none"),
                404,
                "not_found_error",
                "Requested `TasksGraph` with ID `none` was not found");
        assertThat(ok(bob.sendJson("PATCH", "/tasks_graphs/" + graph, "{\"state\": \"started\"}"))
                        .get("name")
                        .asText())
                .isEqualTo("main");
        refused(
                bob.sendJson("PATCH", "/tasks_graphs/none", "{\"state\": \"started\"}"),
                404,
                "not_found_error",
                "Requested `TasksGraph` with ID `none` was not found");
        refused(bob.sendJson("PATCH", "/tasks_graphs/" + graph, "{}"), 400, "bad_parameters_error", "Missing state");
        assertThat(bob.get("/executions/d").get("total_operations").asInt()).isEqualTo(2);
        ok(bob.sendJson("PATCH", "/operations/o1", "{\"state\": \"failed\", \"exception\": \"no disk\"}"));
        ok(bob.sendJson("PATCH", "/operations/o1", "{\"state\": \"failed\"}"));
        assertThat(bob.get("/executions/d").get("finished_operations").asInt()).isEqualTo(1);
        assertThat(bob.texts("/events?execution_id=d&event_type=task_failed", "message"))
                .contains("Task failed 'p.create' -> no disk [retry 1/5]");
        assertThat(bob.texts("/events?execution_id=d&event_type=task_failed", "operation"))
                .containsOnly("i.create");
        ok(bob.sendJson("PATCH", "/operations/o1", "{\"state\": \"succeeded\", \"result\": {\"ok\": true}}"));
        assertThat(bob.texts("/events?execution_id=d&event_type=task_succeeded", "message"))
                .containsExactly("Task succeeded 'p.create' - {'ok': True} [retry 1/5]");
        ok(bob.sendJson("DELETE", "/operations/o1", null));
        assertThat(bob.get("/executions/d").get("total_operations").asInt()).isEqualTo(1);
        assertThat(bob.get("/executions/d").get("finished_operations").asInt()).isZero();
        String rest = "\"dependencies\": [], \"parameters\": {}, \"type\": \"t\"}";
        refused(
                bob.sendJson("PUT", "/operations/o3", "{\"name\": \"x\", \"graph_id\": \"" + graph + "\", " + rest),
                409,
                "conflict_error",
                "<Operation id=`o3` tenant=`t1`> already exists");
        refused(
                bob.sendJson("PUT", "/operations/o4", "{\"name\": \"x\", \"graph_id\": \"none\", " + rest),
                404,
                "not_found_error",
                "Requested `TasksGraph` with ID `none` was not found");
        refused(
                bob.sendJson("PUT", "/operations/o4", "{\"name\": 5, \"graph_id\": \"" + graph + "\", " + rest),
                400,
                "bad_parameters_error",
                "name parameter is expected to be of type str");
        refused(
                bob.sendJson("PUT", "/operations/o4", "{}"),
                400,
                "bad_parameters_error",
                "Missing name in json request body");
        refused(
                bob.sendJson(
                        "PUT",
                        "/operations/o4",
                        "{\"name\": \"x\", \"graph_id\": \"" + graph + "\", \"dependencies\": []}"),
                400,
                "bad_parameters_error",
                "Missing parameters in json request body");
        refused(
                bob.sendJson("PATCH", "/operations/none", "{\"state\": \"started\"}"),
                404,
                "not_found_error",
                "Requested `Operation` with ID `none` was not found");
        refused(
                bob.sendJson("POST", "/tasks_graphs", "{\"name\": \"x\", \"execution_id\": \"none\"}"),
                404,
                "not_found_error",
                "Requested `Execution` with ID `none` was not found");
        refused(
                Api.user(signer, "eve", "t2").sendJson("PATCH", "/operations/o3", "{\"state\": \"started\"}"),
                404,
                "not_found_error",
                "Requested `Operation` with ID `o3` was not found");
    }

    @Test
    void operationsToResumeGetTheInputsThatTheirNodeDeclaresNow() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, status, created_at) VALUES
                    ('t1', 'failed', 'install', 'd1', 'failed', now()), ('t1', 'over', 'install', 'd1', 'terminated', now());
                INSERT INTO scheduler.tasks_graphs (tenant_name, id, execution_id) VALUES ('t1', 'gf', 'failed'), ('t1', 'go', 'over');
                INSERT INTO scheduler.operations (tenant_name, id, tasks_graph_id, name, type, state, parameters)
                SELECT 't1', o.id, o.graph, 'n', 'RemoteWorkflowTask', o.state, jsonb_build_object('task_kwargs', jsonb_build_object(
                    'kwargs', jsonb_build_object('size', 1, 'kept', true, '__cloudify_context',
                        jsonb_build_object('node_name', o.node, 'operation', jsonb_build_object('name', 'i.create')))))
                FROM (VALUES ('again', 'gf', 'failed', 'web'), ('done', 'gf', 'succeeded', 'web'), ('other', 'gf', 'failed', 'db'),
                             ('ended', 'go', 'failed', 'web')) AS o(id, graph, state, node)""");
        String of =
                "{\"action\": \"update-stored\", \"deployment_id\": \"d1\", \"node_id\": \"web\", \"operation\": \"i.create\"";
        // when
        Response updated = bob.sendJson("POST", "/operations", of + ", \"rel_index\": null, \"key\": null}");
        // then
        assertThat(updated.statusCode()).as(updated.asString()).isEqualTo(204);
        JsonNode kwargs = bob.get("/operations/again").at("/parameters/task_kwargs/kwargs");
        assertThat(kwargs.get("size").asInt()).isEqualTo(2);
        assertThat(kwargs.get("kept").asBoolean()).isTrue();
        assertThat(kwargs.at("/__cloudify_context/node_name").asText()).isEqualTo("web");
        assertThat(kwargs.at("/__cloudify_context/has_intrinsic_functions").asBoolean())
                .isTrue();
        for (String other : List.of("done", "other", "ended")) {
            assertThat(bob.get("/operations/" + other)
                            .at("/parameters/task_kwargs/kwargs/size")
                            .asInt())
                    .as(other)
                    .isEqualTo(1);
        }
        // when: what a relationship declares for its target is run for that node
        Response related =
                bob.sendJson("POST", "/operations", of + ", \"rel_index\": 0, \"key\": \"target_operations\"}");
        // then
        assertThat(related.statusCode()).as(related.asString()).isEqualTo(204);
        assertThat(bob.get("/operations/other")
                        .at("/parameters/task_kwargs/kwargs/size")
                        .asInt())
                .isEqualTo(3);
        // what is refused
        refused(
                bob.sendJson("POST", "/operations", "{}"),
                400,
                "bad_parameters_error",
                "Missing action in json request body");
        var unknown = bob.sendJson("POST", "/operations", "{\"action\": \"dance\"}");
        assertThat(unknown.statusCode()).as(unknown.asString()).isEqualTo(204);
        refused(
                bob.sendJson("POST", "/operations", of.replace("web", "none") + "}"),
                404,
                "not_found_error",
                "Requested `Node` with ID `none` was not found");
        refused(
                bob.sendJson("POST", "/operations", of + ", \"rel_index\": 7, \"key\": \"source_operations\"}"),
                404,
                "not_found_error",
                "Node `web` has no relationship with the index 7");
        refused(
                bob.sendJson("POST", "/operations", of + ", \"rel_index\": 0, \"key\": \"zz\"}"),
                400,
                "bad_parameters_error",
                "key is `zz`, expected source_operations or target_operations");
    }

    @Test
    void whatOthersNeedIsUninstalledByForceOnly() {
        String start = "{\"deployment_id\": \"needed\", \"workflow_id\": \"uninstall\", \"force\": ";
        refused(
                bob.sendJson("POST", "/executions", start + "false}"),
                400,
                "dependent_exists_error",
                "Can't execute workflow `uninstall` on deployment needed - the following existing installations depend on it:\n"
                        + InventoryStub.NEEDED_BY);
        assertThat(bob.sendJson("POST", "/executions", start + "true}").statusCode())
                .isEqualTo(201);
    }

    @Test
    void operationsOfAPrivateExecutionAreItsOwnersAlone() throws SQLException {
        // given
        someExecutions();
        rows.execute("UPDATE scheduler.executions SET visibility = 'private', created_by = 'bob' WHERE id = 'd'");
        Api eve = Api.user(signer, "eve", "t1");
        String graph = "{\"name\": \"g\", \"execution_id\": \"d\", \"operations\": [{\"id\": \"o1\", \"name\": \"n\","
                + " \"type\": \"RemoteWorkflowTask\"}]}";
        refused(eve.sendJson("POST", "/tasks_graphs", graph), 404, "not_found_error", "Requested `Execution`");
        Response added = bob.sendJson("POST", "/tasks_graphs", graph);
        assertThat(added.statusCode()).as(added.asString()).isEqualTo(201);
        String id = Api.read(added.asString()).get("id").asText();
        String one = "{\"name\": \"n\", \"graph_id\": \"" + id + "\", \"dependencies\": [], \"parameters\": {},"
                + " \"type\": \"x\"}";
        // when, then
        assertThat(eve.response("/tasks_graphs/" + id).statusCode()).isEqualTo(404);
        assertThat(eve.response("/operations/o1").statusCode()).isEqualTo(404);
        assertThat(eve.sendJson("PUT", "/operations/o2", one).statusCode()).isEqualTo(404);
        assertThat(eve.sendJson("PATCH", "/operations/o1", "{\"state\": \"failed\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(eve.sendJson("DELETE", "/operations/o1", null).statusCode()).isEqualTo(404);
        assertThat(bob.get("/operations/o1").get("state").asText()).isEqualTo("pending");
        assertThat(bob.sendJson("PATCH", "/operations/o1", "{\"state\": \"failed\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void nothingIsLeftOfATenantThatIsForgotten() throws SQLException {
        // given
        someExecutions();
        // when, then
        refused(admin.sendJson("DELETE", "/tenants/t1", null), 403, "forbidden_error", "only services");
        Api gateway = new Api(signer, CallerIdentity.ofService("gateway", Instant.EPOCH));
        assertThat(gateway.sendJson("DELETE", "/tenants/t1", null).statusCode()).isEqualTo(204);
        for (String table : List.of("executions", "events", "tasks_graphs", "operations")) {
            assertThat(rows.count("scheduler." + table + " WHERE tenant_name = 't1'"))
                    .as(table)
                    .isZero();
        }
        assertThat(bob.get("/executions?_size=1")
                        .at("/metadata/pagination/total")
                        .asInt())
                .isZero();
        assertThat(rows.count("scheduler.executions WHERE tenant_name = 't2'")).isEqualTo(1);
    }
}
