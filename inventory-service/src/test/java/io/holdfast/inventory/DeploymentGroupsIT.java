package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deployment groups and what becomes of their deployments, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class DeploymentGroupsIT extends WritesCase {

    private static final String BLUEPRINT = """
        tosca_definitions_version: cloudify_dsl_1_4
        node_types: {t: {}}
        inputs: {name: {type: string}, size: {type: integer, default: 1}}
        node_templates: {web: {type: t}}
        """;

    @BeforeEach
    void fill() {
        upload("b", BLUEPRINT);
        for (String id : List.of("d1", "d2", "d3")) {
            Response made = admin.sendJson(
                    "PUT", "/deployments/" + id, "{\"blueprint_id\": \"b\", \"inputs\": {\"name\": \"n\"}}");
            assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        }
    }

    private JsonNode put(String id, String body) {
        return sent("PUT", id, body);
    }

    private JsonNode sent(String method, String id, String body) {
        Response response = admin.sendJson(method, "/deployment-groups/" + id, body);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return Api.read(response.asString());
    }

    private static List<String> members(JsonNode group) {
        List<String> ids = new ArrayList<>();
        group.get("deployment_ids").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    @Test
    void administratorsSayWhoMadeAGroupAndWhen() {
        String body =
                "{\"created_by\": \"eve\", \"created_at\": \"2020-01-02T03:04:05.678Z\", \"creation_counter\": 7}";
        refused(bob.sendJson("PUT", "/deployment-groups/g", body), 403, "forbidden_error", "set_owner");
        JsonNode group = put("g", body);
        assertThat(group.get("created_by").asText()).isEqualTo("eve");
        assertThat(group.get("created_at").asText()).isEqualTo("2020-01-02T03:04:05.678Z");
        assertThat(group.get("creation_counter").asInt()).isEqualTo(7);
        assertThat(put("g", "{\"description\": \"d\"}").get("created_by").asText())
                .isEqualTo("eve");
    }

    @Test
    void clientsRequestMakesAGroupAndItsDeployments() {
        // when
        JsonNode group = put(
                "g",
                "{\"visibility\": \"tenant\", \"description\": null, \"blueprint_id\": \"b\", \"default_inputs\":"
                        + " {\"name\": \"x\"}, \"labels\": null, \"filter_id\": null, \"deployment_ids\": null,"
                        + " \"new_deployments\": null, \"deployments_from_group\": null}");
        JsonNode extended = sent(
                "PATCH",
                "g",
                "{\"add\": {\"new_deployments\": [{\"id\": \"{group_id}-{count}\"}, {\"id\": \"{group_id}-{count}\","
                        + " \"display_name\": \"{blueprint_id} {count}\", \"inputs\": {\"size\": 3},"
                        + " \"labels\": [{\"a\": \"b\"}]}, {\"id\": \"mine\"}]}}");
        // then
        assertThat(group.get("default_blueprint_id").asText()).isEqualTo("b");
        assertThat(group.get("default_inputs")).isEqualTo(Api.read("{\"name\": \"x\"}"));
        assertThat(group.get("deployment_ids")).isEmpty();
        assertThat(members(extended)).containsExactly("g-0", "g-1", "mine");
        assertThat(extended.get("creation_counter").asInt()).isEqualTo(3);
        assertThat(admin.get("/deployments/g-1").get("inputs")).isEqualTo(Api.read("{\"name\": \"x\", \"size\": 3}"));
        assertThat(admin.get("/deployments/g-1").get("deployment_groups").get(0).asText())
                .isEqualTo("g");
        assertThat(admin.get("/deployments/g-1").get("display_name").asText()).isEqualTo("b 1");
        assertThat(admin.texts("/deployments?_group_id=g", "id")).containsExactly("g-0", "g-1", "mine");
        assertThat(admin.texts("/deployments?deployment_group_id=g", "id")).containsExactly("g-0", "g-1", "mine");
        assertThat(admin.items("/summary/deployments?_target_field=blueprint_id&deployment_group_id=g")
                        .at("/0/deployments")
                        .asInt())
                .isEqualTo(3);
        String named =
                "{\"key\": \"display_name\", \"values\": [\"mine\"], \"operator\": \"any_of\", \"type\": \"attribute\"}";
        assertThat(members(sent("PATCH", "g", "{\"remove\": {\"filter_rules\": [" + named + "]}}")))
                .containsExactly("g-0", "g-1");
        JsonNode random =
                sent("PATCH", "g", "{\"add\": {\"filter_rules\": [" + named + "], \"new_deployments\": [{}]}}");
        assertThat(members(random)).hasSize(4).contains("mine").anyMatch(id -> id.matches("g-[0-9a-f-]{36}"));
        refused(
                admin.sendJson(
                        "PATCH",
                        "/deployment-groups/g",
                        "{\"add\": {\"new_deployments\": [{\"site_name\": \"nowhere\"}]}}"),
                404,
                "not_found_error",
                "Site nowhere does not exist");
    }

    /** As {@code cfy deployments groups extend --count} has it. */
    @Test
    void executionsThatMakeTheNewDeploymentsAreAnExecutionGroup() {
        // when
        put(
                "g",
                "{\"blueprint_id\": \"b\", \"default_inputs\": {\"name\": \"x\"}, \"new_deployments\":"
                        + " [{\"id\": \"n1\"}, {\"id\": \"n2\", \"inputs\": {\"size\": \"big\"}}]}");
        sent("PATCH", "g", "{\"add\": {\"new_deployments\": [{\"id\": \"n3\"}]}}");
        put("g", "{\"description\": \"nothing new\"}");
        // then
        assertThat(scheduler.groups).containsExactly((ObjectNode) Api.read(creationGroup("n1", "n2")), (ObjectNode)
                Api.read(creationGroup("n3")));
        assertThat(scheduler
                        .executions
                        .get("t1/" + creation("n2"))
                        .get("status")
                        .asText())
                .isEqualTo("failed");
    }

    @Test
    void whatADeploymentIsMadeWithAreParametersOfItsExecution() {
        // when
        put("g", "{\"blueprint_id\": \"b\", \"default_inputs\": {\"name\": \"x\"}, \"labels\": [{\"of\": \"group\"}]}");
        sent(
                "PATCH",
                "g",
                "{\"add\": {\"new_deployments\": [{\"id\": \"n\", \"labels\": [{\"Tier\": \"gold\"}], \"display_name\": \"N\","
                        + " \"inputs\": {\"size\": 3}, \"skip_plugins_validation\": true}]}}");
        // then
        assertThat(scheduler.executions.get("t1/" + creation("n")).get("parameters"))
                .isEqualTo(Api.read("""
                {"inputs": {"name": "x", "size": 3}, "display_name": "N", "labels": [
                    {"key": "tier", "value": "gold", "created_at": null, "created_by": null},
                    {"key": "of", "value": "group", "created_at": null, "created_by": null}]}"""));
        assertThat(scheduler.executions.get("t1/" + creation("d1")).get("parameters"))
                .isEqualTo(Api.read("{\"inputs\": {\"name\": \"n\"}, \"display_name\": null}"));
    }

    private String creationGroup(String... deployments) {
        return "{\"deployment_group_id\": \"g\", \"workflow_id\": \"create_deployment_environment\", \"concurrency\": 10,"
                + " \"created_by\": \"admin\", \"associated_executions\": [\""
                + String.join(
                        "\", \"", Arrays.stream(deployments).map(this::creation).toList())
                + "\"]}";
    }

    private String creation(String deployment) {
        return admin.get("/deployments/" + deployment).get("create_execution").asText();
    }

    @Test
    void newDeploymentsAreMadeThoughTheirExecutionsCannotBeRecorded() {
        // given
        scheduler.refuses = true;
        // when
        JsonNode group = put(
                "g",
                "{\"blueprint_id\": \"b\", \"default_inputs\": {\"name\": \"x\"}, \"new_deployments\": [{\"id\": \"n\"}]}");
        // then
        assertThat(members(group)).containsExactly("n");
        assertThat(scheduler.groups).isEmpty();
    }

    @Test
    void deploymentsComeFromOneOtherGroup() {
        put("g", "{\"deployment_ids\": [\"d1\"]}");
        for (String body : List.of(
                "{\"deployments_from_group\": [\"g\"]}",
                "{\"add\": {\"deployments_from_group\": [\"g\"]}}",
                "{\"remove\": {\"deployments_from_group\": [\"g\"]}}")) {
            refused(
                    admin.sendJson(body.startsWith("{\"d") ? "PUT" : "PATCH", "/deployment-groups/g", body),
                    400,
                    "bad_parameters_error",
                    "deployments_from_group");
        }
        assertThat(members(admin.get("/deployment-groups/g"))).containsExactly("d1");
    }

    @Test
    void whatOnlyTheEvaluationShowsLeavesANewDeploymentWhoseCreationFailed() {
        // given
        put("g", "{\"blueprint_id\": \"b\", \"default_inputs\": {\"name\": \"x\"}}");
        // when
        Response extended = admin.sendJson(
                "PATCH",
                "/deployment-groups/g",
                "{\"add\": {\"new_deployments\": [{\"id\": \"bad\", \"inputs\": {\"size\": \"big\"}}]}}");
        // then
        assertThat(extended.statusCode()).as(extended.asString()).isEqualTo(200);
        assertThat(admin.get("/deployments/bad").get("latest_execution_status").asText())
                .isEqualTo("failed");
        assertThat(admin.get("/deployment-groups/g").get("deployment_ids").toString())
                .contains("bad");
    }

    @Test
    void refusedNewDeploymentLeavesNothing() {
        // given
        put("g", "{\"blueprint_id\": \"b\", \"default_inputs\": {\"name\": \"x\"}}");
        // when, then
        refused(
                admin.sendJson(
                        "PATCH",
                        "/deployment-groups/g",
                        "{\"description\": \"new\", \"add\": {\"new_deployments\": [{}, {\"inputs\":"
                                + " {\"colour\": 1}}]}}"),
                400,
                "unknown_deployment_input_error",
                "Cannot create deployment - unknown inputs: colour");
        refused(
                admin.sendJson(
                        "PATCH", "/deployment-groups/g", "{\"add\": {\"new_deployments\": [{}, {\"id\": \"d1\"}]}}"),
                409,
                "conflict_error",
                "<Deployment id=`d1` tenant=`t1`> already exists");
        refused(
                admin.sendJson("PUT", "/deployment-groups/h", "{\"new_deployments\": [{}]}"),
                409,
                "conflict_error",
                "Cannot create deployments: group h has no default blueprint set");
        assertThat(admin.get("/deployment-groups/g").get("description").isNull())
                .isTrue();
        assertThat(admin.get("/deployment-groups/g").get("deployment_ids")).isEmpty();
        assertThat(admin.items("/deployments")).hasSize(3);
        assertThat(admin.items("/deployment-groups")).hasSize(1);
    }

    @Test
    void parentsThatAGroupGivesMustBeThereAndMakeNoCircle() {
        // given: d2 is below d1
        String parent = "{\"labels\": [{\"csys-obj-parent\": \"%s\"}]}";
        done(admin.sendJson("PATCH", "/deployments/d2", parent.formatted("d1")), 200);
        put("g", "{\"deployment_ids\": [\"d1\", \"d2\"]}");
        // when, then: refused whole
        refused(
                admin.sendJson("PUT", "/deployment-groups/g", parent.formatted("none")),
                404,
                "deployment_parent_not_found_error",
                "Deployment(s) referenced by `csys-obj-parent` not found: none");
        refused(
                admin.sendJson("PUT", "/deployment-groups/g", parent.formatted("d2")),
                409,
                "conflict_error",
                "cyclic dependencies: d1,d2");
        refused(
                admin.sendJson("PATCH", "/deployment-groups/g", parent.formatted("d1")),
                409,
                "conflict_error",
                "cyclic dependencies: d1");
        assertThat(admin.get("/deployment-groups/g").get("labels")).isEmpty();
        assertThat(admin.get("/deployments/d1").get("labels")).isEmpty();
        // when, then: nobody is in the group yet, and then somebody is to be
        put("later", parent.formatted("none"));
        refused(
                admin.sendJson("PUT", "/deployment-groups/later", "{\"deployment_ids\": [\"d3\"]}"),
                404,
                "deployment_parent_not_found_error",
                "not found: none");
        assertThat(members(admin.get("/deployment-groups/later"))).isEmpty();
        put("g", parent.formatted("d3"));
        assertThat(admin.get("/deployments/d3").get("sub_services_count").asInt())
                .isEqualTo(2);
    }

    @Test
    void deploymentsComeAndGoWithTheGroupsLabels() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.deployments_filters (tenant_name, id, value) VALUES ('t1', 'f', '[{\"type\":"
                        + " \"attribute\", \"key\": \"id\", \"operator\": \"any_of\", \"values\": [\"d3\"]}]')");
        // when, then
        JsonNode group = put("g", "{\"deployment_ids\": [\"d1\", \"d2\"], \"labels\": [{\"env\": \"test\"}]}");
        assertThat(members(group)).containsExactly("d1", "d2");
        assertThat(admin.get("/deployments/d1").get("labels").findValuesAsText("key"))
                .containsExactly("env");
        assertThat(members(put("h", "{\"deployments_from_group\": \"g\"}"))).containsExactly("d1", "d2");
        assertThat(members(sent(
                        "PATCH", "g", "{\"add\": {\"filter_id\": \"f\"}, \"remove\": {\"deployment_ids\": [\"d2\"]}}")))
                .containsExactly("d1", "d3");
        assertThat(admin.get("/deployments/d3").get("labels").findValuesAsText("key"))
                .containsExactly("env");
        sent("PATCH", "g", "{\"labels\": [{\"tier\": \"gold\"}]}");
        assertThat(admin.get("/deployments/d3").get("labels").findValuesAsText("key"))
                .containsExactly("tier");
        assertThat(admin.get("/deployments/d2").get("labels").findValuesAsText("key"))
                .containsExactly("env");
        assertThat(members(put("g", "{\"filter_id\": \"f\"}"))).containsExactly("d3");
        assertThat(members(sent("PATCH", "h", "{\"remove\": {\"deployments_from_group\": \"h\"}}")))
                .isEmpty();
        assertThat(admin.sendJson("DELETE", "/deployment-groups/g", null).statusCode())
                .isEqualTo(204);
        assertThat(admin.items("/deployments")).hasSize(3);
    }

    @Test
    void groupGoesWithItsDeploymentsOrNotAtAll() throws SQLException {
        // given
        put("g", "{\"deployment_ids\": [\"d1\", \"d2\"]}");
        rows.execute("INSERT INTO inventory.inter_deployment_dependencies (tenant_name, id, dependency_creator,"
                + " source_deployment_id, target_deployment_id) VALUES ('t1', 'i', 'c', 'd1', 'd2'), ('t1', 'j',"
                + " 'c', 'd3', 'd2')");
        // when, then
        refused(
                admin.sendJson("DELETE", "/deployment-groups/g?delete_deployments=true", null),
                400,
                "dependent_exists_error",
                "Can't delete deployment d2 - the following existing installations depend on it:\n"
                        + "  [1] Deployment `d3` uses capabilities of the current deployment in its node `<unknown node>`");
        assertThat(admin.items("/deployments")).hasSize(3);
        assertThat(admin.sendJson("DELETE", "/deployment-groups/g?delete_deployments=true&force=true", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(admin.texts("/deployments", "id")).containsExactly("d3");
        assertThat(scheduler.forgottenGroups).containsExactly("t1/g");
        refused(
                admin.sendJson("DELETE", "/deployment-groups/g", null),
                404,
                "not_found_error",
                "Requested `DeploymentGroup` with ID `g` was not found");
    }

    @Test
    void aGroupWhoseExecutionGroupsCannotBeRemovedStays() {
        // given
        put("g", "{\"deployment_ids\": [\"d1\"], \"labels\": [{\"a\": \"b\"}]}");
        scheduler.refuses = true;
        // when
        refused(
                admin.sendJson("DELETE", "/deployment-groups/g", null),
                503,
                "service_unavailable_error",
                "the stand-in refuses");
        // then
        assertThat(admin.get("/deployment-groups/g").at("/deployment_ids/0").asText())
                .isEqualTo("d1");
        scheduler.refuses = false;
        assertThat(admin.sendJson("DELETE", "/deployment-groups/g", null).statusCode())
                .isEqualTo(204);
        assertThat(scheduler.forgottenGroups).containsExactly("t1/g");
    }

    @Test
    void wrongRequestsAndOtherTenantsAreRefused() {
        // given
        put("g", "{\"deployment_ids\": [\"d1\"]}");
        Api bob = Api.user(signer, "bob", "t1");
        Api other = Api.admin(signer, "t2");
        // when, then
        refused(
                admin.sendJson("PUT", "/deployment-groups/g%20h", "{}"),
                400,
                "bad_parameters_error",
                "The `group_id` argument contains illegal characters");
        refused(
                admin.sendJson("PUT", "/deployment-groups/h", "{\"deployment_ids\": \"d1\"}"),
                400,
                "bad_parameters_error",
                "deployment_ids parameter is expected to be of type list but is of type str");
        refused(
                admin.sendJson("PUT", "/deployment-groups/h", "{\"deployment_ids\": [1]}"),
                400,
                "bad_parameters_error",
                "each item of deployment_ids must be a text");
        refused(
                admin.sendJson("PUT", "/deployment-groups/h", "{\"default_inputs\": []}"),
                400,
                "bad_parameters_error",
                "default_inputs parameter is expected to be of type dict but is of type list");
        refused(
                admin.sendJson("PUT", "/deployment-groups/h", "{\"deployment_ids\": [\"none\"]}"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `none` was not found");
        refused(
                admin.sendJson("PUT", "/deployment-groups/h", "{\"blueprint_id\": \"none\"}"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `none` was not found");
        refused(
                admin.sendJson("PUT", "/deployment-groups/h", "{\"filter_id\": \"none\"}"),
                404,
                "not_found_error",
                "with ID `none` was not found");
        refused(
                bob.sendJson("PUT", "/deployment-groups/h", "{\"visibility\": \"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        refused(
                other.sendJson("PATCH", "/deployment-groups/g", "{\"description\": \"mine\"}"),
                404,
                "not_found_error",
                "Requested `DeploymentGroup` with ID `g` was not found");
        refused(
                other.sendJson("PUT", "/deployment-groups/h", "{\"deployment_ids\": [\"d1\"]}"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `d1` was not found");
        sent("PATCH", "g", "{\"visibility\": \"global\"}");
        refused(
                other.sendJson("DELETE", "/deployment-groups/g", null),
                400,
                "illegal_action_error",
                "Can't modify the global resource `g` from outside its tenant `t1`");
        assertThat(admin.items("/deployment-groups")).hasSize(1);
    }

    @Test
    void aPrivateGroupOfSomebodyElseIsNotOverwritten() {
        // given
        String mine = "{\"visibility\": \"private\", \"description\": \"mine\", \"deployment_ids\": [\"d1\"]}";
        done(bob.sendJson("PUT", "/deployment-groups/g", mine), 200);
        // when, then
        refused(
                eve.sendJson("PUT", "/deployment-groups/g", "{\"description\": \"taken\"}"),
                409,
                "conflict_error",
                "<DeploymentGroup id=`g` tenant=`t1`> already exists");
        refused(eve.sendJson("PATCH", "/deployment-groups/g", "{}"), 404, "not_found_error", "DeploymentGroup");
        JsonNode group = bob.get("/deployment-groups/g");
        assertThat(group.get("description").asText()).isEqualTo("mine");
        assertThat(group.get("visibility").asText()).isEqualTo("private");
        assertThat(members(group)).containsExactly("d1");
    }
}
