package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deployment updates and modifications, and what their workflows write, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class DeploymentUpdatesIT extends WritesCase {

    private static final String BLUEPRINT = """
        tosca_definitions_version: cloudify_dsl_1_4
        node_types: {t: {}}
        inputs: {name: {default: world}, size: {default: 1}}
        node_templates:
          web: {type: t}
        """;

    @BeforeEach
    void fill() {
        upload("b", BLUEPRINT);
        upload("b2", BLUEPRINT);
        deploy("d", "b");
    }

    @Test
    void anUpdateStartsTheWorkflowThatCarriesItOut() {
        // when
        JsonNode update = done(
                bob.sendJson(
                        "POST",
                        "/deployment-updates/d/update/initiate",
                        "{\"blueprint_id\": \"b2\", \"inputs\": {\"size\": 2}, \"skip_install\": \"true\", \"force\": false}"),
                200);
        // then
        String id = update.get("id").asText();
        assertThat(id).startsWith("d-");
        assertThat(update.get("state").asText()).isEqualTo("updating");
        assertThat(update.get("deployment_id").asText()).isEqualTo("d");
        assertThat(update.get("old_blueprint_id").asText()).isEqualTo("b");
        assertThat(update.get("new_blueprint_id").asText()).isEqualTo("b2");
        assertThat(update.get("new_inputs")).isEqualTo(Api.read("{\"name\": \"world\", \"size\": 2}"));
        assertThat(update.get("old_inputs")).isEqualTo(Api.read("{\"name\": \"world\", \"size\": 1}"));
        JsonNode execution = scheduler.execution("update");
        assertThat(update.get("execution_id")).isEqualTo(execution.get("id"));
        assertThat(execution.at("/parameters/update_id").asText()).isEqualTo(id);
        assertThat(execution.at("/parameters/skip_install").asBoolean()).isTrue();
        assertThat(execution.at("/parameters/update_plugins").asBoolean()).isTrue();
        assertThat(admin.items("/deployment-updates?deployment_id=d").findValuesAsText("id"))
                .containsExactly(id);
        assertThat(done(bob.sendJson("POST", "/deployment-updates/" + id + "/update/finalize", "{}"), 200)
                        .get("id")
                        .asText())
                .isEqualTo(id);
    }

    /** As a workflow does that starts an update and may be run once more. */
    @Test
    void anUpdateThatIsStartedUnderAnIdIsStartedOnce() {
        // given
        String start = "{\"deployment_id\": \"d\", \"blueprint_id\": \"b2\", \"skip_install\": true, \"unknown\": 1}";
        // when
        JsonNode first = done(admin.sendJson("PUT", "/deployment-updates/d-e1/start", start), 200);
        JsonNode again = done(admin.sendJson("PUT", "/deployment-updates/d-e1/start", start), 200);
        // then
        ObjectNode execution = scheduler.execution("update");
        assertThat(first.get("id").asText()).isEqualTo("d-e1");
        assertThat(first.get("execution_id")).isEqualTo(execution.get("id"));
        assertThat(again.get("execution_id")).isEqualTo(execution.get("id"));
        assertThat(execution.at("/parameters/update_id").asText()).isEqualTo("d-e1");
        assertThat(execution.at("/parameters/skip_install").asBoolean()).isTrue();
        assertThat(execution.path("parameters").has("unknown")).isFalse();
    }

    @Test
    void anUpdateThatWasRefusedIsStartedUnderTheSameId() {
        // given
        scheduler.refuses = true;
        String start = "{\"deployment_id\": \"d\", \"blueprint_id\": \"b2\"}";
        assertThat(admin.sendJson("PUT", "/deployment-updates/d-e1/start", start)
                        .statusCode())
                .isEqualTo(503);
        scheduler.refuses = false;
        // when, then
        assertThat(done(admin.sendJson("PUT", "/deployment-updates/d-e1/start", start), 200)
                        .get("state")
                        .asText())
                .isEqualTo("updating");
    }

    /** {@code cfy deployments update --preview} prints this answer. */
    @Test
    void aPreviewIsAnsweredOnceItIsThere() {
        // given
        CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() -> done(
                bob.sendJson(
                        "POST",
                        "/deployment-updates/d/update/initiate",
                        "{\"blueprint_id\": \"b2\", \"preview\": true}"),
                200));
        String id = await().until(() -> admin.texts("/deployment-updates?deployment_id=d", "id"), ids -> !ids.isEmpty())
                .get(0);
        // when
        done(admin.sendJson("PATCH", "/deployment-updates/" + id, "{\"state\": \"preview\"}"), 200);
        // then
        assertThat(answer.join().get("id").asText()).isEqualTo(id);
        assertThat(answer.join().get("state").asText()).isEqualTo("preview");
        assertThat(answer.join().get("schedules_to_create")).isEqualTo(Api.read("[]"));
        assertThat(answer.join().get("schedules_to_delete")).isEqualTo(Api.read("[]"));
        assertThat(answer.join().get("labels_to_create")).isEqualTo(Api.read("[]"));
        assertThat(answer.join().get("recursive_dependencies")).isEqualTo(Api.read("[]"));
    }

    @Test
    void aPreviewShowsSchedulesAndLabelsThatTheDeploymentWouldGet() {
        // given: it has one of the schedules and one of the labels
        done(admin.sendJson("PATCH", "/deployments/d", "{\"labels\": [{\"env\": \"test\"}]}"), 200);
        scheduler.schedules.add("d/nightly");
        scheduler.schedules.add("d/mine");
        CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() -> done(
                bob.sendJson(
                        "POST",
                        "/deployment-updates/d/update/initiate",
                        "{\"blueprint_id\": \"b2\", \"preview\": true}"),
                200));
        String id = await().until(() -> admin.texts("/deployment-updates?deployment_id=d", "id"), ids -> !ids.isEmpty())
                .get(0);
        // when
        done(admin.sendJson("PATCH", "/deployment-updates/" + id, """
                {"state": "preview", "plan": {"labels": {"env": {"values": ["test", "prod"]}}, "deployment_settings": {"default_schedules": {
                    "nightly": {"workflow": "heal", "since": "+1 day", "recurrence": "1 day", "count": 3, "weekdays": ["mo", "we"]},
                    "once": {"workflow": "backup", "since": "2030-01-01 00:00:00", "slip": 1}}}}}"""), 200);
        // then
        JsonNode preview = answer.join();
        assertThat(preview.get("schedules_to_create")).isEqualTo(Api.read("""
                [{"id": "nightly", "workflow": "heal", "since": "+1 day", "until": null, "count": "3", "recurrence": "1 day",
                  "weekdays": ["mo", "we"]},
                 {"id": "once", "workflow": "backup", "since": "2030-01-01 00:00:00", "until": null, "count": null, "recurrence": null,
                  "weekdays": null}]"""));
        assertThat(preview.get("schedules_to_delete")).isEqualTo(Api.read("[\"nightly\"]"));
        assertThat(preview.get("labels_to_create")).isEqualTo(Api.read("[{\"key\": \"env\", \"value\": \"prod\"}]"));
        assertThat(admin.get("/deployment-updates/" + id)
                        .get("schedules_to_create")
                        .isNull())
                .isTrue();
    }

    /** Nearest first, and nothing of what the deployment is made of itself. */
    @Test
    void aPreviewShowsWhoNeedsTheDeploymentOrItsComponents() throws SQLException {
        // given
        rows.execute("""
                UPDATE inventory.deployments SET visibility = 'global' WHERE id = 'd';
                INSERT INTO inventory.deployments (tenant_name, id) VALUES ('t1', 'part'), ('t1', 'user'), ('t1', 'far'), ('t2', 'user'),
                    ('t2', 'd2'), ('t2', 'part');
                INSERT INTO inventory.inter_deployment_dependencies
                    (tenant_name, id, dependency_creator, source_deployment_id, target_deployment_id, external_source) VALUES
                    ('t1', '1', 'component.inner', 'd', 'part', NULL),
                    ('t1', '2', 'nodes.web.properties.ip', 'user', 'd', NULL),
                    ('t1', '3', 'nodes.web.properties.port', 'user', 'd', NULL),
                    ('t1', '4', 'sharedresource.base', 'far', 'user', NULL),
                    ('t1', '5', 'component.whole', 'far', 'part', NULL),
                    ('t2', '6', 'nodes.app.properties.ip', 'user', 'd', NULL),
                    ('t2', '7', 'nodes.app.properties.ip', 'd2', 'part', NULL),
                    ('t1', '8', 'nodes.out.properties.ip', NULL, 'd',
                        '{"deployment": "there", "tenant": "t9", "host": "10.0.0.9"}')""");
        CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() -> done(
                admin.sendJson(
                        "POST",
                        "/deployment-updates/d/update/initiate",
                        "{\"blueprint_id\": \"b2\", \"preview\": true, \"force\": true}"),
                200));
        String id = await().until(() -> admin.texts("/deployment-updates?deployment_id=d", "id"), ids -> !ids.isEmpty())
                .get(0);
        // when
        done(admin.sendJson("PATCH", "/deployment-updates/" + id, "{\"state\": \"preview\"}"), 200);
        // then
        assertThat(answer.join().get("recursive_dependencies")).isEqualTo(Api.read("""
                [{"deployment": "user", "dependency_type": "deployment", "dependent_node": "web", "tenant": "t1"},
                 {"deployment": "far", "dependency_type": "component", "dependent_node": "whole", "tenant": "t1"},
                 {"deployment": "user", "dependency_type": "deployment", "dependent_node": "app", "tenant": "t2"},
                 {"deployment": "there on 10.0.0.9", "dependency_type": "deployment", "dependent_node": "out", "tenant": "t9"},
                 {"deployment": "far", "dependency_type": "sharedresource", "dependent_node": "base", "tenant": "t1"}]"""));
        assertThat(admin.get("/deployment-updates/" + id)
                        .get("recursive_dependencies")
                        .isNull())
                .isTrue();
    }

    /** As with the existing product, whose workflow says of itself only that it was successful. */
    @Test
    void anUpdateWhoseWorkflowFailedStaysAndAnotherOneFollowsIt() {
        // given
        String initiate = "/deployment-updates/d/update/initiate";
        JsonNode first = done(bob.sendJson("POST", initiate, "{\"inputs\": {\"size\": 2}}"), 200);
        scheduler.execution("update").put("status", "failed");
        // when
        JsonNode second = done(bob.sendJson("POST", initiate, "{\"inputs\": {\"size\": 3}}"), 200);
        done(
                admin.sendJson(
                        "PATCH", "/deployment-updates/" + second.get("id").asText(), "{\"state\": \"successful\"}"),
                200);
        // then
        assertThat(second.get("execution_id")).isNotEqualTo(first.get("execution_id"));
        assertThat(admin.texts("/deployment-updates?deployment_id=d&_sort=created_at", "id"))
                .containsExactly(first.get("id").asText(), second.get("id").asText());
        assertThat(admin.texts("/deployment-updates?deployment_id=d&_sort=created_at", "state"))
                .containsExactly("updating", "successful");
    }

    /** As clients of old sent it. */
    @Test
    void theArchiveOfABlueprintIsNotTaken() {
        String initiate = "/deployment-updates/d/update/initiate";
        String why = "an update of a deployment does not take the archive of a blueprint";
        refused(
                bob.send(
                        "POST",
                        initiate + "?application_file_name=blueprint.yaml",
                        request -> request.multiPart("blueprint_archive", "b.tar.gz", new byte[] {1, 2, 3})),
                415,
                "unsupported_content_type_error",
                why);
        refused(
                bob.sendJson("POST", initiate + "?blueprint_archive_url=http%3A%2F%2Fexample.com%2Fb.zip", null),
                400,
                "bad_parameters_error",
                why);
        assertThat(admin.texts("/deployment-updates?deployment_id=d", "id")).isEmpty();
    }

    @Test
    void whatIsRefusedLeavesNoUpdate() {
        refused(
                bob.sendJson("POST", "/deployment-updates/nope/update/initiate", "{}"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `nope` was not found");
        refused(
                bob.sendJson("POST", "/deployment-updates/d/update/initiate", "{\"blueprint_id\": \"nope\"}"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `nope` was not found");
        refused(
                bob.sendJson("POST", "/deployment-updates/d/update/initiate", "{\"inputs\": []}"),
                400,
                "bad_parameters_error",
                "parameter `inputs` must be of type `dict`");
        refused(
                bob.sendJson("POST", "/deployment-updates/nope/update/initiate", "{\"blueprint_id\": \"nope\"}"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `nope` was not found");
        refused(
                bob.sendJson("POST", "/deployment-updates/d/update/initiate", "{\"force\": \"yes\"}"),
                400,
                "bad_parameters_error",
                "force must be <true/false>, got yes");
        refused(
                bob.sendJson("POST", "/deployment-updates/d/update/begin", "{}"),
                400,
                "bad_parameters_error",
                "expected initiate or finalize");
        refused(
                bob.sendJson("POST", "/deployment-updates/nope/update/finalize", "{}"),
                404,
                "not_found_error",
                "Requested `DeploymentUpdate` with ID `nope` was not found");
        refused(
                stranger.sendJson("POST", "/deployment-updates/d/update/initiate", "{}"),
                404,
                "not_found_error",
                "Requested `Deployment`");
        scheduler.refuses = true;
        refused(
                bob.sendJson("POST", "/deployment-updates/d/update/initiate", "{}"),
                503,
                "service_unavailable_error",
                "refuses");
        assertThat(admin.items("/deployment-updates")).isEmpty();
        refusesHostileBodies(bob, "POST", "/deployment-updates/d/update/initiate");
        refusesHostileBodies(bob, "PUT", "/deployment-updates/u");
        refusesHostileBodies(bob, "PATCH", "/deployment-updates/u");
    }

    @Test
    void theWorkflowReportsWhatItDoes() {
        // given
        Api worker = worker("update");
        // when
        JsonNode made = done(
                worker.sendJson(
                        "PUT", "/deployment-updates/u", "{\"deployment_id\": \"d\", \"inputs\": {\"size\": 3}}"),
                200);
        assertThat(made.get("execution_id").asText()).isEqualTo("x");
        assertThat(made.get("state").asText()).isEqualTo("updating");
        JsonNode changed = done(
                worker.sendJson(
                        "PATCH",
                        "/deployment-updates/u",
                        "{\"state\": \"successful\", \"plan\": {\"nodes\": []}, \"nodes\": {\"add\": [\"x\"]},"
                                + " \"steps\": [{\"action\": \"add\", \"entity_type\": \"node\", \"entity_id\": \"nodes:x\"}]}"),
                200);
        // then
        assertThat(changed.get("state").asText()).isEqualTo("successful");
        assertThat(changed.at("/steps/0/entity_id").asText()).isEqualTo("nodes:x");
        assertThat(changed.at("/steps/0/id").asText()).isNotEmpty();
        assertThat(changed.at("/deployment_update_nodes/add/0").asText()).isEqualTo("x");
        assertThat(changed.get("deployment_plan")).isEqualTo(Api.read("{\"nodes\": []}"));
        assertThat(done(
                                worker.sendJson(
                                        "PATCH", "/deployment-updates/u", "{\"steps\": [{\"action\": \"remove\"}]}"),
                                200)
                        .get("steps"))
                .hasSize(2);
        refused(
                worker.sendJson("PATCH", "/deployment-updates/u", "{\"state\": \"zz\"}"),
                400,
                "bad_parameters_error",
                "Invalid deployment update state: `zz`");
        refused(
                bob.sendJson("PUT", "/deployment-updates/u2", "{\"deployment_id\": \"d\"}"),
                403,
                "forbidden_error",
                "Deployment update objects can only be created by executions");
        refused(
                admin.sendJson(
                        "PUT", "/deployment-updates/u2", "{\"deployment_id\": \"d\", \"execution_id\": \"nope\"}"),
                404,
                "not_found_error",
                "Requested `Execution`");
        refused(
                bob.sendJson(
                        "PUT",
                        "/deployment-updates/u2",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"x\", \"created_at\": \"2020-01-01T00:00:00.000Z\"}"),
                403,
                "forbidden_error",
                "set_timestamp");
        // whether there is an execution is asked before anything else that the body says
        String carried = ", \"created_by\": \"bob\", \"created_at\": \"2020-01-01T00:00:00.000Z\"}";
        refused(
                bob.sendJson("PUT", "/deployment-updates/u2", "{\"deployment_id\": \"nope\"" + carried),
                403,
                "forbidden_error",
                "Deployment update objects can only be created by executions");
        refused(
                bob.sendJson(
                        "PUT",
                        "/deployment-updates/u2",
                        "{\"deployment_id\": \"nope\", \"execution_id\": \"nope\"" + carried),
                404,
                "not_found_error",
                "Requested `Execution`");
        refused(
                stranger.sendJson("PATCH", "/deployment-updates/u", "{\"state\": \"failed\"}"),
                404,
                "not_found_error",
                "Requested `DeploymentUpdate` with ID `u`");
    }

    private static String carrying(String... updates) {
        return "{\"deployment_updates\": [" + String.join(", ", updates) + "]}";
    }

    @Test
    void manyUpdatesAreCarriedOverAtOnce() {
        // given
        String first =
                "{\"id\": \"u1\", \"deployment_id\": \"d\", \"old_blueprint_id\": \"b\", \"new_blueprint_id\": \"b2\","
                        + " \"state\": \"successful\", \"execution_id\": \"x\", \"old_inputs\": {\"size\": 1}, \"new_inputs\": {\"size\": 2},"
                        + " \"deployment_plan\": {\"nodes\": []}, \"visibility\": \"private\", \"runtime_only_evaluation\": true,"
                        + " \"keep_old_deployment_dependencies\": true, \"creator\": \"bob\", \"created_at\": \"2020-01-02T03:04:05.678Z\","
                        + " \"resource_availability\": \"private\", \"steps\": [{\"id\": \"s1\", \"action\": \"add\","
                        + " \"entity_type\": \"node\", \"entity_id\": \"nodes:x\", \"deployment_update_id\": \"u1\"}]}";
        String second =
                "{\"id\": \"u2\", \"deployment_id\": \"d\", \"old_blueprint_id\": null, \"new_blueprint_id\": null}";
        // when
        assertThat(done(admin.sendJson("POST", "/deployment-updates", carrying(first, second)), 201)
                        .isNull())
                .isTrue();
        // then
        JsonNode carried = bob.get("/deployment-updates/u1");
        assertThat(carried.get("state").asText()).isEqualTo("successful");
        assertThat(carried.get("execution_id").asText()).isEqualTo("x");
        assertThat(carried.get("old_blueprint_id").asText()).isEqualTo("b");
        assertThat(carried.get("new_blueprint_id").asText()).isEqualTo("b2");
        assertThat(carried.get("old_inputs")).isEqualTo(Api.read("{\"size\": 1}"));
        assertThat(carried.get("new_inputs")).isEqualTo(Api.read("{\"size\": 2}"));
        assertThat(carried.get("deployment_plan")).isEqualTo(Api.read("{\"nodes\": []}"));
        assertThat(carried.get("visibility").asText()).isEqualTo("private");
        assertThat(carried.get("runtime_only_evaluation").asBoolean()).isTrue();
        assertThat(carried.get("keep_old_deployment_dependencies").asBoolean()).isTrue();
        assertThat(carried.get("created_by").asText()).isEqualTo("bob");
        assertThat(carried.get("created_at").asText()).isEqualTo("2020-01-02T03:04:05.678Z");
        assertThat(carried.at("/steps/0/id").asText()).isEqualTo("s1");
        assertThat(admin.get("/deployment-updates/u2").get("created_by").asText())
                .isEqualTo("admin");
        assertThat(scheduler.executions.values())
                .noneMatch(execution -> execution.path("workflow_id").asText().equals("update"));
    }

    @Test
    void ofManyUpdatesAllAreCarriedOverOrNone() {
        String good = "{\"id\": \"u\", \"deployment_id\": \"d\"}";
        done(bob.sendJson("POST", "/deployment-updates", carrying()), 204);
        refused(
                bob.sendJson("POST", "/deployment-updates", carrying(good, good)),
                409,
                "conflict_error",
                "<DeploymentUpdate id=`u` tenant=`t1`> already exists on <Tenant name=`t1`>");
        for (String[] wrong : new String[][] {
            {"{\"id\": \"v\"}", "Missing deployment_id in json request body"},
            {"{\"deployment_id\": \"d\"}", "Missing id in json request body"},
            {"5", "each item of deployment_updates must be a JSON object"},
            {"{\"id\": \"v\", \"deployment_id\": \"d\", \"state\": \"zz\"}", "Invalid deployment update state: `zz`"},
            {"{\"id\": \"v\", \"deployment_id\": \"d\", \"visibility\": \"zz\"}", "Invalid visibility: `zz`"}
        }) {
            refused(
                    bob.sendJson("POST", "/deployment-updates", carrying(good, wrong[0])),
                    400,
                    "bad_parameters_error",
                    wrong[1]);
        }
        refused(
                bob.sendJson("POST", "/deployment-updates", "{}"),
                400,
                "bad_parameters_error",
                "Missing deployment_updates in json request body");
        refused(
                bob.sendJson("POST", "/deployment-updates", "{\"deployment_updates\": null}"),
                400,
                "bad_parameters_error",
                "deployment_updates parameter is expected to be of type list but is of type NoneType");
        for (String[] unknown : new String[][] {
            {"{\"id\": \"v\", \"deployment_id\": \"nope\"}", "Requested `Deployment` with ID `nope` was not found"},
            {
                "{\"id\": \"v\", \"deployment_id\": \"d\", \"old_blueprint_id\": \"nope\"}",
                "Requested `Blueprint` with ID `nope` was not found"
            },
            {
                "{\"id\": \"v\", \"deployment_id\": \"d\", \"new_blueprint_id\": \"nope\"}",
                "Requested `Blueprint` with ID `nope` was not found"
            }
        }) {
            refused(
                    bob.sendJson("POST", "/deployment-updates", carrying(good, unknown[0])),
                    404,
                    "not_found_error",
                    unknown[1]);
        }
        for (String[] forbidden : new String[][] {
            {"\"creator\": \"bob\"", "set_owner"},
            {"\"created_by\": \"bob\"", "set_owner"},
            {"\"created_at\": \"2020-01-02T03:04:05.678Z\"", "set_timestamp"},
            {"\"visibility\": \"global\"", "create_global_resource"},
            {"\"tenant_name\": \"t2\"", "deployment_update_create in the tenant `t2`"}
        }) {
            refused(
                    bob.sendJson(
                            "POST",
                            "/deployment-updates",
                            carrying(good, "{\"id\": \"v\", \"deployment_id\": \"d\", " + forbidden[0] + "}")),
                    403,
                    "forbidden_error",
                    forbidden[1]);
        }
        assertThat(admin.items("/deployment-updates")).isEmpty();
        refusesHostileBodies(bob, "POST", "/deployment-updates");
        // in another tenant there is no such deployment
        refused(
                other.sendJson("POST", "/deployment-updates", carrying(good)),
                404,
                "not_found_error",
                "Requested `Deployment`");
        done(
                other.sendJson(
                        "POST",
                        "/deployment-updates",
                        carrying("{\"id\": \"u\", \"deployment_id\": \"d\", \"tenant_name\": \"t1\"}")),
                201);
        assertThat(admin.get("/deployment-updates/u").get("tenant_name").asText())
                .isEqualTo("t1");
    }

    @Test
    void onlyTheUpdateWorkflowGivesADeploymentAnotherContent() {
        // given
        Map<String, String> changes = Map.of(
                "inputs", "{\"size\": 9}",
                "outputs", "{\"o\": {\"value\": 1}}",
                "workflows", "{\"w\": {\"plugin\": \"p\", \"operation\": \"o\"}}",
                "runtime_only_evaluation", "true");
        changes.forEach((name, value) -> refused(
                admin.sendJson("PATCH", "/deployments/d", "{\"" + name + "\": " + value + "}"),
                409,
                "conflict_error",
                name + " is already set"));
        refused(
                admin.sendJson("PATCH", "/deployments/d", "{\"blueprint_id\": \"b2\"}"),
                403,
                "only_deployment_update",
                "Changing the blueprint is only possible via deployment-update");
        done(admin.sendJson("PATCH", "/deployments/d", "{\"created_by\": \"x\"}"), 200);
        assertThat(admin.get("/deployments/d").get("created_by").asText()).isEqualTo("admin");
        Api worker = worker("csys_new_deployment_update");
        // when
        changes.forEach((name, value) ->
                done(worker.sendJson("PATCH", "/deployments/d", "{\"" + name + "\": " + value + "}"), 200));
        JsonNode deployment = done(worker.sendJson("PATCH", "/deployments/d", "{\"blueprint_id\": \"b2\"}"), 200);
        // then
        assertThat(deployment.get("blueprint_id").asText()).isEqualTo("b2");
        assertThat(deployment.get("inputs")).isEqualTo(Api.read("{\"size\": 9}"));
        assertThat(deployment.get("workflows").findValuesAsText("name")).containsExactly("w");
        assertThat(deployment.get("runtime_only_evaluation").asBoolean()).isTrue();
        refused(
                worker.sendJson("PATCH", "/deployments/d", "{\"blueprint_id\": \"nope\"}"),
                404,
                "not_found_error",
                "Requested `Blueprint`");
    }

    @Test
    void updatesGoWithTheirDeployment() {
        // given
        deploy("e", "b");
        String update = "{\"blueprint_id\": \"b2\"}";
        done(bob.sendJson("POST", "/deployment-updates/d/update/initiate", update), 200);
        scheduler.execution("update").put("status", "terminated");
        done(bob.sendJson("POST", "/deployment-updates/e/update/initiate", update), 200);
        // when
        done(admin.send("DELETE", "/deployments/d", request -> request), 204);
        // then
        assertThat(admin.items("/deployment-updates").findValuesAsText("deployment_id"))
                .containsExactly("e");
    }

    @Test
    void logsOfADeploymentGoWithItWhereThatIsAskedFor() {
        // given
        deploy("e", "b");
        // when
        done(
                admin.send(
                        "DELETE", "/deployments/d?force=False&delete_logs=False&recursive=False", request -> request),
                204);
        done(admin.send("DELETE", "/deployments/e?delete_logs=True", request -> request), 204);
        // then
        assertThat(scheduler.deletedLogs).containsExactly("e [cloudify_event, cloudify_log]");
    }

    // --- modifications

    private static final String SCALED = """
        tosca_definitions_version: cloudify_dsl_1_4
        imports: [cloudify/types/types.yaml]
        node_templates:
          host: {type: cloudify.nodes.Compute, properties: {ip: 10.0.0.1, agent_config: {install_method: none}}}
          app:
            type: cloudify.nodes.Root
            relationships: [{type: cloudify.relationships.contained_in, target: host}]
        groups:
          all: {members: [host]}
        policies:
          p: {type: cloudify.policies.scaling, targets: [all], properties: {default_instances: 1}}
        """;

    private List<String> instances(String deployment) {
        return admin.texts("/node-instances?deployment_id=" + deployment + "&_sort=id", "id");
    }

    @Test
    void aModificationAddsAtOnceAndTakesAwayAtItsEnd() {
        // given
        upload("s", SCALED);
        deploy("s1", "s");
        List<String> before = instances("s1");
        // when
        JsonNode started = done(
                bob.sendJson(
                        "POST",
                        "/deployment-modifications",
                        "{\"deployment_id\": \"s1\", \"nodes\": {\"app\": {\"instances\": 3}}, \"context\": {\"why\": \"load\"}}"),
                201);
        // then
        String id = started.get("id").asText();
        assertThat(started.get("status").asText()).isEqualTo("started");
        assertThat(started.at("/context/why").asText()).isEqualTo("load");
        assertThat(started.at("/modified_nodes/app/instances").asInt()).isEqualTo(3);
        assertThat(started.at("/node_instances/added_and_related").findValuesAsText("modification"))
                .containsExactly("added", "added");
        assertThat(started.at("/node_instances/added_and_related/0/relationships/0/target_name")
                        .asText())
                .isEqualTo("host");
        JsonNode container = started.at("/node_instances/added_and_related/2");
        assertThat(container.get("node_id").asText()).isEqualTo("host");
        assertThat(container.get("relationships")).isEmpty();
        assertThat(started.at("/node_instances/removed_and_related")).isEmpty();
        assertThat(started.at("/node_instances/before_modification")).hasSize(2);
        assertThat(instances("s1")).hasSize(4).containsAll(before);
        JsonNode app = admin.items("/nodes?deployment_id=s1&id=app").get(0);
        assertThat(app.get("planned_number_of_instances").asInt()).isEqualTo(3);
        assertThat(app.get("number_of_instances").asInt()).isEqualTo(1);
        refused(
                bob.sendJson("POST", "/deployment-modifications", "{\"deployment_id\": \"s1\", \"nodes\": {}}"),
                400,
                "existing_started_deployment_modification_error",
                "Currently started deployment modifications: ['" + id + "']");
        // when
        JsonNode finished = done(bob.sendJson("POST", "/deployment-modifications/" + id + "/finish", null), 200);
        // then
        assertThat(finished.get("status").asText()).isEqualTo("finished");
        assertThat(finished.get("ended_at").asText()).isNotEmpty();
        assertThat(admin.items("/nodes?deployment_id=s1&id=app")
                        .get(0)
                        .get("number_of_instances")
                        .asInt())
                .isEqualTo(3);
        // when: the other way
        JsonNode down = done(
                bob.sendJson(
                        "POST",
                        "/deployment-modifications",
                        "{\"deployment_id\": \"s1\", \"nodes\": {\"app\": {\"instances\": 1}}}"),
                201);
        assertThat(down.at("/node_instances/removed_and_related").findValuesAsText("node_id"))
                .containsExactly("app", "app", "host");
        String less = down.get("id").asText();
        assertThat(instances("s1")).hasSize(4);
        done(bob.sendJson("POST", "/deployment-modifications/" + less + "/finish", null), 200);
        // then
        assertThat(instances("s1")).isEqualTo(before);
        refused(
                bob.sendJson("POST", "/deployment-modifications/" + less + "/rollback", null),
                400,
                "deployment_modification_already_ended_error",
                "Cannot rollback deployment modification: " + less + ". It is already in finished status.");
        assertThat(bob.texts("/deployment-modifications?deployment_id=s1&_sort=created_at", "status"))
                .containsExactly("finished", "finished");
        // when: it goes with the deployment
        done(admin.send("DELETE", "/deployments/s1?force=True", request -> request), 204);
        assertThat(bob.items("/deployment-modifications")).isEmpty();
    }

    @Test
    void relationshipsToNewInstancesStandWhereTheirNodeDeclaresThem() {
        // given
        upload("order", """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: [cloudify/types/types.yaml]
            node_templates:
              a: {type: cloudify.nodes.Root}
              b: {type: cloudify.nodes.Root}
              box: {type: cloudify.nodes.Root}
              c: {type: cloudify.nodes.Root}
              app:
                type: cloudify.nodes.Root
                relationships:
                  - {type: cloudify.relationships.connected_to, target: a}
                  - {type: cloudify.relationships.connected_to, target: b}
                  - {type: cloudify.relationships.contained_in, target: box}
                  - {type: cloudify.relationships.connected_to, target: c}
            """);
        deploy("o1", "order");
        // when
        done(
                bob.sendJson(
                        "POST",
                        "/deployment-modifications",
                        "{\"deployment_id\": \"o1\", \"nodes\": {\"a\": {\"instances\": 2}, \"c\": {\"instances\": 2}}}"),
                201);
        // then
        assertThat(admin.items("/node-instances?deployment_id=o1&node_id=app")
                        .get(0)
                        .get("relationships")
                        .findValuesAsText("target_name"))
                .containsExactly("a", "a", "b", "box", "c", "c");
    }

    @Test
    void aModificationIsRolledBack() {
        // given
        upload("s", SCALED);
        deploy("s1", "s");
        JsonNode before = admin.items("/node-instances?deployment_id=s1&_sort=id");
        String started = done(
                        bob.sendJson(
                                "POST",
                                "/deployment-modifications",
                                "{\"deployment_id\": \"s1\", \"nodes\": {\"all\": {\"instances\": 2}}}"),
                        201)
                .get("id")
                .asText();
        assertThat(instances("s1")).hasSize(4);
        assertThat(bob.get("/deployments/s1")
                        .at("/scaling_groups/all/properties/planned_instances")
                        .asInt())
                .isEqualTo(2);
        String host = before.get(1).get("id").asText();
        done(
                bob.sendJson(
                        "PATCH",
                        "/node-instances/" + host,
                        "{\"version\": " + before.get(1).get("version") + ", \"state\": \"started\"}"),
                200);
        // when
        JsonNode rolledBack =
                done(bob.sendJson("POST", "/deployment-modifications/" + started + "/rollback", null), 200);
        // then
        assertThat(rolledBack.get("status").asText()).isEqualTo("rolledback");
        assertThat(rolledBack.at("/node_instances/before_rollback")).hasSize(4);
        assertThat(admin.items("/node-instances?deployment_id=s1&_sort=id")).isEqualTo(before);
        assertThat(bob.get("/deployments/s1")
                        .at("/scaling_groups/all/properties/planned_instances")
                        .asInt())
                .isEqualTo(1);
        // what is refused
        String path = "/deployment-modifications";
        refused(
                bob.sendJson("POST", path, "{}"),
                400,
                "bad_parameters_error",
                "Missing deployment_id in json request body");
        refused(
                bob.sendJson("POST", path, "{\"deployment_id\": \"nope\", \"nodes\": {}}"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `nope` was not found");
        refused(
                stranger.sendJson("POST", path, "{\"deployment_id\": \"s1\", \"nodes\": {}}"),
                404,
                "not_found_error",
                "Requested `Deployment`");
        refused(
                bob.sendJson("POST", path, "{\"deployment_id\": \"s1\", \"nodes\": {\"zz\": {\"instances\": 1}}}"),
                400,
                "bad_parameters_error",
                "the deployment `s1` has no node and no scaling group `zz`");
        refused(
                bob.sendJson("POST", path, "{\"deployment_id\": \"s1\", \"nodes\": {\"app\": {\"instances\": -1}}}"),
                400,
                "bad_parameters_error",
                "`app` is to have -1 instances, expected a whole number from 0");
        refused(
                bob.sendJson("POST", path, "{\"deployment_id\": \"s1\", \"nodes\": {\"app\": {}}}"),
                400,
                "bad_parameters_error",
                "`app` is to have no number of instances");
        refused(
                bob.sendJson("POST", path + "/nope/finish", null),
                404,
                "not_found_error",
                "Requested `DeploymentModification` with ID `nope` was not found");
        refused(
                stranger.sendJson("POST", path + "/" + started + "/rollback", null),
                404,
                "not_found_error",
                "Requested `DeploymentModification`");
        refusesHostileBodies(bob, "POST", path);
    }
}
