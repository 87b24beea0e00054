package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Updates that the manager carries out itself, on the running service: prepared, then finished or given up. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class CarriedOutUpdatesIT extends WritesCase {

    private static final String BLUEPRINT = """
        tosca_definitions_version: cloudify_dsl_1_4
        description: DESCRIPTION
        node_types:
          t: {properties: {port: {default: 80}}}
          u: {}
        relationships: {r: {}, s: {}}
        inputs: {name: {default: world}, size: {type: integer, default: 1, constraints: [{less_than: 10}]}MORE_INPUTS}
        node_templates:
        NODES
        outputs: {who: {value: {get_input: name}}}
        """;

    private static final String TWO_NODES = """
          web: {type: t, relationships: [{type: r, target: db}]}
          db: {type: t}""";

    private static String blueprint(String nodes) {
        return blueprint(nodes, "", "first");
    }

    private static String blueprint(String nodes, String inputs, String description) {
        return BLUEPRINT
                .replace("NODES", nodes.indent(2).stripTrailing())
                .replace("MORE_INPUTS", inputs)
                .replace("DESCRIPTION", description);
    }

    @BeforeEach
    void fill() {
        upload("b", blueprint(TWO_NODES));
        deploy("d", "b");
    }

    private JsonNode begin(String id, String blueprint, String inputs) {
        return done(
                admin.sendJson(
                        "PUT",
                        "/deployment-updates/" + id + "/begin",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"x\", \"blueprint_id\": \"" + blueprint
                                + "\", \"inputs\": " + inputs + "}"),
                200);
    }

    private static String body(boolean preview) {
        return "{\"deployment_id\": \"d\", \"execution_id\": \"x\", \"preview\": " + preview + "}";
    }

    private JsonNode prepare(String id) {
        return done(admin.sendJson("POST", "/deployment-updates/" + id + "/prepare", body(false)), 200);
    }

    private JsonNode prepared(String blueprint) {
        upload("b2", blueprint);
        begin("u", "b2", "{}");
        return prepare("u");
    }

    private void finish() {
        assertThat(done(admin.sendJson("POST", "/deployment-updates/u/finish", "{}"), 200)
                        .get("refused"))
                .isEmpty();
    }

    private void giveUp() {
        done(admin.sendJson("POST", "/deployment-updates/u/give-up", "{}"), 200);
    }

    private static List<String> steps(JsonNode update) {
        List<String> steps = new ArrayList<>();
        update.get("steps").forEach(step -> {
            assertThat(step.get("id").asText()).isNotEmpty();
            List<String> place = new ArrayList<>();
            step.get("entity_id").forEach(part -> place.add(part.asText()));
            steps.add(step.get("action").asText() + " " + String.join(":", place));
        });
        return steps;
    }

    /** All that an update may change, in one text. */
    private String everything() {
        StringBuilder all =
                new StringBuilder(admin.get("/deployments/d?_include=id,blueprint_id,inputs,outputs,workflows,"
                                + "capabilities,groups,scaling_groups,description,labels,updated_at")
                        .toString());
        admin.items("/nodes?deployment_id=d&_sort=id").forEach(all::append);
        admin.items("/node-instances?deployment_id=d&_sort=id").forEach(all::append);
        admin.items("/inter-deployment-dependencies").forEach(all::append);
        return all.toString();
    }

    private Map<String, Integer> instances() {
        Map<String, Integer> numbers = new TreeMap<>();
        admin.items("/node-instances?deployment_id=d")
                .forEach(one -> numbers.merge(one.get("node_id").asText(), 1, Integer::sum));
        return numbers;
    }

    private JsonNode node(String id) {
        return admin.items("/nodes?deployment_id=d&id=" + id).get(0);
    }

    private JsonNode onlyInstance(String node) {
        JsonNode found = admin.items("/node-instances?deployment_id=d&node_id=" + node);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void aChangeOfInputsAndDescriptionReachesTheDeploymentInTheEndOnly() {
        // given
        upload("b2", blueprint(TWO_NODES, ", extra: {default: more}", "second"));
        begin("u", "b2", "{\"name\": \"moon\", \"size\": 2}");
        // when
        JsonNode update = prepare("u");
        // then
        assertThat(update.get("state").asText()).isEqualTo("executing_workflow");
        assertThat(steps(update)).containsExactlyInAnyOrder("modify description", "modify outputs:who");
        assertThat(admin.get("/deployments/d").get("blueprint_id").asText()).isEqualTo("b");
        // when
        finish();
        // then
        JsonNode deployment = admin.get("/deployments/d");
        assertThat(deployment.get("blueprint_id").asText()).isEqualTo("b2");
        assertThat(deployment.get("description").asText()).isEqualTo("second");
        assertThat(deployment.get("inputs"))
                .isEqualTo(Api.read("{\"name\": \"moon\", \"size\": 2, \"extra\": \"more\"}"));
        assertThat(admin.get("/deployments/d/outputs").at("/outputs/who").asText())
                .isEqualTo("moon");
        JsonNode done = admin.get("/deployment-updates/u");
        assertThat(done.get("state").asText()).isEqualTo("successful");
        assertThat(done.get("deployment_update_nodes").has("before_update")).isFalse();
        assertThat(done.get("deployment_update_node_instances").has("before_update"))
                .isFalse();
    }

    @Test
    void aNodeThatComesIsThereBeforeTheEndAndOneThatGoesUntilThen() {
        // when
        JsonNode update = prepared(blueprint("""
              web: {type: t, relationships: [{type: r, target: cache}]}
              cache: {type: t, capabilities: {scalable: {properties: {default_instances: 2}}}}"""));
        // then
        assertThat(steps(update))
                .containsExactly(
                        "remove nodes:web:relationships:[0]",
                        "remove nodes:db",
                        "add nodes:cache",
                        "add nodes:web:relationships:[0]");
        assertThat(instances()).containsExactly(Map.entry("cache", 2), Map.entry("db", 1), Map.entry("web", 1));
        assertThat(onlyInstance("web").get("relationships")).hasSize(3);
        assertThat(node("web").get("relationships")).hasSize(2);
        // when
        finish();
        // then
        assertThat(instances()).containsExactly(Map.entry("cache", 2), Map.entry("web", 1));
        assertThat(onlyInstance("web").get("relationships").findValuesAsText("target_name"))
                .containsExactly("cache", "cache");
        assertThat(node("web").get("relationships").findValuesAsText("target_id"))
                .containsExactly("cache");
        assertThat(admin.items("/nodes?deployment_id=d").findValuesAsText("id"))
                .containsExactlyInAnyOrder("web", "cache");
        assertThat(node("cache").get("number_of_instances").asInt()).isEqualTo(2);
    }

    @Test
    void aChangedPropertyIsTheNodesAtOnce() {
        // when
        JsonNode update = prepared(blueprint("""
              web: {type: t, properties: {port: 81}, relationships: [{type: r, target: db}]}
              db: {type: t}"""));
        // then
        assertThat(steps(update)).containsExactly("modify nodes:web:properties:port");
        assertThat(node("web").at("/properties/port").asInt()).isEqualTo(81);
        finish();
        assertThat(node("web").at("/properties/port").asInt()).isEqualTo(81);
    }

    @Test
    void aRelationshipOfAnotherTypeTakesThePlaceOfTheOldOneInTheEnd() {
        // when
        JsonNode update = prepared(blueprint("""
              web: {type: t, relationships: [{type: s, target: db}]}
              db: {type: t}"""));
        // then
        assertThat(update.at("/deployment_update_node_instances/extended_and_related/0/relationships/0/type")
                        .asText())
                .isEqualTo("s");
        assertThat(update.at("/deployment_update_node_instances/reduced_and_related/0/relationships/0/type")
                        .asText())
                .isEqualTo("r");
        assertThat(onlyInstance("web").get("relationships").findValuesAsText("type"))
                .containsExactly("r", "s");
        finish();
        assertThat(onlyInstance("web").get("relationships").findValuesAsText("type"))
                .containsExactly("s");
    }

    @Test
    void anotherNumberOfInstancesScalesTheNode() {
        // when
        prepared(blueprint("""
              web: {type: t, relationships: [{type: r, target: db}]}
              db: {type: t, capabilities: {scalable: {properties: {default_instances: 3}}}}"""));
        // then
        assertThat(instances()).containsEntry("db", 3);
        assertThat(node("db").get("number_of_instances").asInt()).isEqualTo(1);
        assertThat(node("db").get("planned_number_of_instances").asInt()).isEqualTo(3);
        finish();
        assertThat(node("db").get("number_of_instances").asInt()).isEqualTo(3);
        assertThat(onlyInstance("web").get("relationships")).hasSize(3);
    }

    @Test
    void whatIsGivenUpLeavesAllAsItWas() {
        // given
        String before = everything();
        prepared(blueprint("""
              web: {type: t, properties: {port: 81}, relationships: [{type: s, target: cache}]}
              cache: {type: t}"""));
        String web = onlyInstance("web").get("id").asText();
        done(
                admin.sendJson(
                        "PATCH", "/node-instances/" + web + "?force=true", "{\"version\": 1, \"state\": \"started\"}"),
                200);
        assertThat(everything()).isNotEqualTo(before);
        // when
        giveUp();
        giveUp();
        // then
        assertThat(everything()).isEqualTo(before);
        assertThat(admin.get("/deployment-updates/u").get("state").asText()).isEqualTo("failed");
    }

    @Test
    void whatIsPreparedAgainBeginsFromTheBeginning() {
        // given
        prepared(blueprint("""
              web: {type: t, relationships: [{type: r, target: db}]}
              db: {type: t}
              cache: {type: t}"""));
        // when
        JsonNode again = prepare("u");
        // then
        assertThat(steps(again)).containsExactly("add nodes:cache");
        assertThat(instances()).containsEntry("cache", 1);
        finish();
        finish();
        assertThat(prepare("u").get("state").asText()).isEqualTo("successful");
        assertThat(instances()).containsEntry("cache", 1);
    }

    @Test
    void aPreviewChangesNothing() {
        // given
        String before = everything();
        upload("b2", blueprint("  web: {type: t}"));
        begin("u", "b2", "{}");
        // when
        JsonNode update = done(admin.sendJson("POST", "/deployment-updates/u/prepare", body(true)), 200);
        // then
        assertThat(update.get("state").asText()).isEqualTo("preview");
        assertThat(steps(update)).containsExactly("remove nodes:web:relationships:[0]", "remove nodes:db");
        assertThat(everything()).isEqualTo(before);
        refused(
                admin.sendJson("POST", "/deployment-updates/u/finish", "{}"),
                409,
                "conflict_error",
                "the update `u` is `preview`, and was not prepared");
    }

    @Test
    void whatCannotBecomeOfTheDeploymentIsRefusedAndChangesNothing() {
        // given
        String before = everything();
        // then: a bad input, an unknown one, one that is missing
        begin("u1", "b", "{\"size\": 12}");
        refused(
                admin.sendJson("POST", "/deployment-updates/u1/prepare", body(false)),
                400,
                "constraint_error",
                "ConstraintException");
        begin("u2", "b", "{\"other\": 1}");
        refused(
                admin.sendJson(
                        "POST",
                        "/deployment-updates/u2/prepare",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"x\", \"inputs\": {\"other\": 1}}"),
                400,
                "unknown_deployment_input_error",
                "Unknown inputs ['other'] specified");
        upload("b3", blueprint(TWO_NODES, ", must: {}", "first"));
        begin("u3", "b3", "{}");
        refused(
                admin.sendJson("POST", "/deployment-updates/u3/prepare", body(false)),
                400,
                "missing_required_deployment_input_error",
                "Required inputs ['must'] were not specified");
        // and: a node of another type, somebody else's update
        upload("b4", blueprint("  web: {type: u}"));
        begin("u4", "b4", "{}");
        refused(
                admin.sendJson("POST", "/deployment-updates/u4/prepare", body(false)),
                400,
                "bad_parameters_error",
                "deployment `d` cannot be updated: the type of node `web` changes from `t` to `u`");
        refused(
                admin.sendJson(
                        "POST",
                        "/deployment-updates/u4/prepare",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"y\"}"),
                400,
                "bad_parameters_error",
                "the update `u4` is of execution `x`, not of `y`");
        refused(
                admin.sendJson(
                        "POST",
                        "/deployment-updates/u4/prepare",
                        "{\"deployment_id\": \"e\", \"execution_id\": \"x\"}"),
                400,
                "bad_parameters_error",
                "the update `u4` is of deployment `d`, not of `e`");
        refused(
                admin.sendJson("POST", "/deployment-updates/nope/prepare", body(false)),
                404,
                "not_found_error",
                "Requested `DeploymentUpdate` with ID `nope`");
        done(admin.sendJson("POST", "/deployment-updates/u1/give-up", "{}"), 200);
        assertThat(admin.get("/deployment-updates/u1").get("state").asText()).isEqualTo("failed");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void textsBecomeWhatTheTypesOfInputsAreWhenAskedFor() {
        // given
        begin("u", "b", "{\"size\": \"3\"}");
        refused(admin.sendJson("POST", "/deployment-updates/u/prepare", body(false)), 400, "constraint_error", "");
        // when
        done(
                admin.sendJson(
                        "POST",
                        "/deployment-updates/u/prepare",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"x\", \"auto_correct_types\": true}"),
                200);
        finish();
        // then
        assertThat(admin.get("/deployments/d").at("/inputs/size").isIntegralNumber())
                .isTrue();
    }

    @Test
    void anUpdateThatWasLeftIsTakenBackByTheNextOneButNotWhileItRuns() {
        // given
        prepared(blueprint(TWO_NODES + "\ncache: {type: t}"));
        upload("b3", blueprint(TWO_NODES + "\nqueue: {type: t}"));
        done(
                admin.sendJson(
                        "PUT",
                        "/deployment-updates/v/begin",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"y\", \"blueprint_id\": \"b3\"}"),
                200);
        String next = "{\"deployment_id\": \"d\", \"execution_id\": \"y\"}";
        scheduler.executions.put("t1/x", (ObjectNode) Api.read("{\"id\": \"x\", \"status\": \"started\"}"));
        // then
        refused(
                admin.sendJson("POST", "/deployment-updates/v/prepare", next),
                409,
                "conflict_error",
                "the update `u` of deployment `d` is under way in execution `x`");
        // when
        scheduler.executions.get("t1/x").put("status", "failed");
        done(admin.sendJson("POST", "/deployment-updates/v/prepare", next), 200);
        // then
        assertThat(admin.get("/deployment-updates/u").get("state").asText()).isEqualTo("failed");
        assertThat(instances()).containsOnlyKeys("web", "db", "queue");
    }

    @Test
    void labelsSchedulesAndDependenciesOfTheBlueprintFollow() {
        // given
        deploy("target", "b");
        upload("b2", blueprint(TWO_NODES) + """
            labels: {team: {values: [blue]}}
            capabilities: {url: {value: {get_capability: [target, url]}}}
            deployment_settings: {default_schedules: {nightly: {workflow: install, since: +1 hours}}}
            workflows: {install: {mapping: p.f}}
            plugins: {p: {executor: central_deployment_agent, install: false}}
            """);
        begin("u", "b2", "{}");
        // when
        prepare("u");
        assertThat(scheduler.schedules).isEmpty();
        finish();
        // then
        assertThat(admin.get("/deployments/d").get("labels").findValuesAsText("value"))
                .containsExactly("blue");
        assertThat(scheduler.schedules).containsExactly("d/nightly");
        JsonNode dependencies = admin.items("/inter-deployment-dependencies?source_deployment_id=d");
        assertThat(dependencies.findValuesAsText("target_deployment_id")).containsExactly("target");
        assertThat(admin.get("/deployments/target").get("labels").findValuesAsText("value"))
                .containsExactly("d");
        // and: who is needed is not updated without force
        refused(
                admin.sendJson(
                        "PUT",
                        "/deployment-updates/w/begin",
                        "{\"deployment_id\": \"target\", \"execution_id\": \"x\"}"),
                400,
                "dependent_exists_error",
                "the following existing installations depend on it:");
        // when: and back
        done(
                admin.sendJson(
                        "PUT",
                        "/deployment-updates/back/begin",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"x\", \"blueprint_id\": \"b\"}"),
                200);
        prepare("back");
        done(admin.sendJson("POST", "/deployment-updates/back/finish", "{}"), 200);
        // then
        assertThat(admin.items("/inter-deployment-dependencies?source_deployment_id=d"))
                .isEmpty();
        assertThat(admin.get("/deployments/target").get("labels")).isEmpty();
    }

    @Test
    void dependenciesThatFunctionsNameFollow() {
        // given
        deploy("target", "b");
        done(admin.sendJson("PUT", "/secrets/whose", "{\"value\": \"target\"}"), 200);
        upload("b2", blueprint(TWO_NODES) + """
            capabilities: {url: {value: {get_capability: [{get_secret: whose}, url]}}}
            """);
        begin("u", "b2", "{}");
        // when
        prepare("u");
        finish();
        // then
        JsonNode dependency = admin.items("/inter-deployment-dependencies?source_deployment_id=d")
                .get(0);
        assertThat(dependency.get("target_deployment_id").asText()).isEqualTo("target");
        assertThat(dependency.get("target_deployment_func")).isEqualTo(Api.read("{\"get_secret\": \"whose\"}"));
    }

    @Test
    void aCircleThatAFunctionMakesIsRefusedAtTheEnd() {
        // given
        deploy("target", "b");
        upload("needy", blueprint(TWO_NODES) + "capabilities: {url: {value: {get_capability: [d, url]}}}\n");
        deploy("other", "needy");
        done(admin.sendJson("PUT", "/secrets/whose", "{\"value\": \"other\"}"), 200);
        upload("b2", blueprint(TWO_NODES) + """
            capabilities: {url: {value: {get_capability: [{get_secret: whose}, url]}}}
            """);
        done(
                admin.sendJson(
                        "PUT",
                        "/deployment-updates/u/begin",
                        "{\"deployment_id\": \"d\", \"execution_id\": \"x\", \"blueprint_id\": \"b2\", \"force\": true}"),
                200);
        prepare("u");
        // when, then
        refused(
                admin.sendJson("POST", "/deployment-updates/u/finish", "{}"),
                409,
                "conflict_error",
                "cyclic dependency between deployments d and other");
        assertThat(admin.items("/inter-deployment-dependencies?source_deployment_id=d"))
                .isEmpty();
    }
}
