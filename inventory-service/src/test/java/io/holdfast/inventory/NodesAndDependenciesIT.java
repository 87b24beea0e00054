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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writing of nodes, node instances and inter-deployment dependencies, and functions evaluated against them, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class NodesAndDependenciesIT extends WritesCase {

    private static final String BLUEPRINT = """
        tosca_definitions_version: cloudify_dsl_1_4
        node_types: {t: {properties: {port: {default: 80}, peer: {default: none}}}}
        inputs: {name: {default: world}}
        node_templates:
          web: {type: t}
          many: {type: t, properties: {peer: {get_attribute: [web, ip]}}, capabilities: {scalable: {properties: {default_instances: 2}}}}
        outputs:
          greeting: {value: {concat: ['hello ', {get_input: name}]}}
          address: {value: {concat: [{get_attribute: [web, ip]}, ':', {get_attribute: [web, port]}]}}
          all: {value: {get_attributes_list: [many, ip]}}
        capabilities:
          where: {value: {get_attribute: [web, ip]}}
        """;

    @BeforeEach
    void fill() {
        upload("b", BLUEPRINT);
        deploy("d", "b");
    }

    private String instance(String node) {
        return admin.items("/node-instances?node_id=" + node).get(0).get("id").asText();
    }

    @Test
    void deploymentsOfComponentsAreNamedByTheirInstances() {
        // given
        upload(
                "c",
                BLUEPRINT
                        .replace(
                                "node_types: {",
                                "node_types: {cloudify.nodes.Component: {}, db: {derived_from: cloudify.nodes.Component}, ")
                        .replace(
                                "web: {type: t}",
                                "web: {type: t}\n  base: {type: db}\n  other: {type: cloudify.nodes.Component}"));
        deploy("whole", "c");
        deploy("part", "b");
        names("whole", "base", "part");
        names("whole", "web", "no-component");
        names("d", "web", "no-component-either");
        // when, then
        assertThat(components("whole", "d", "none")).isEqualTo(Api.read("{\"components\": {\"whole\": [\"part\"]}}"));
        names("whole", "other", "another");
        assertThat(components("whole")).isEqualTo(Api.read("{\"components\": {\"whole\": [\"another\", \"part\"]}}"));
        assertThat(Api.read(other.sendJson("POST", "/deployments/components", "{\"ids\": [\"whole\"]}")
                        .asString()))
                .isEqualTo(Api.read("{\"components\": {}}"));
        // when, then: a component's deployment is needed by the whole, unless that does not count
        done(
                admin.sendJson(
                        "PUT",
                        "/deployments/inter-deployment-dependencies",
                        "{\"dependency_creator\": \"component.base\", \"source_deployment\": \"whole\","
                                + " \"target_deployment\": \"part\"}"),
                200);
        assertThat(admin.get("/deployments/part/dependents").get("dependents").asText())
                .contains("Deployment `whole` contains the current deployment");
        assertThat(admin.get("/deployments/part/dependents?except=whole")
                        .get("dependents")
                        .asText())
                .isEmpty();
    }

    @Test
    void servicesDoNotCountWhereTheyGoFirst() throws SQLException {
        // given: two below the deployment, of which one is private to somebody else
        deploy("env", "b");
        deploy("service", "b");
        deploy("hidden", "b");
        rows.execute("""
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES
                    ('t1', 'service', 'csys-obj-parent', 'env'), ('t1', 'hidden', 'csys-obj-parent', 'env');
                UPDATE inventory.deployments SET visibility = 'private', created_by = 'eve' WHERE id = 'hidden'""");
        // when, then
        assertThat(dependents(admin, "?services=true")).contains("service", "hidden");
        assertThat(dependents(admin, "?services=false")).isEmpty();
        assertThat(dependents(Api.user(signer, "bob", "t1"), "?services=false"))
                .isEqualTo("  [1] Deployment `env` is the parent of deployment hidden");
    }

    private static String dependents(Api api, String query) {
        return api.get("/deployments/env/dependents" + query).get("dependents").asText();
    }

    private JsonNode components(String... ids) {
        return Api.read(
                admin.sendJson("POST", "/deployments/components", "{\"ids\": [\"" + String.join("\", \"", ids) + "\"]}")
                        .asString());
    }

    /** As the worker of a component does. */
    private void names(String deployment, String node, String made) {
        String id = admin.items("/node-instances?deployment_id=" + deployment + "&node_id=" + node)
                .get(0)
                .get("id")
                .asText();
        done(
                admin.sendJson(
                        "PATCH",
                        "/node-instances/" + id + "?force=True",
                        "{\"version\": 1, \"runtime_properties\": {\"deployment\": {\"id\": \"" + made + "\"}}}"),
                200);
    }

    @Test
    void executionThatMadeADeploymentIsWrittenDownWithIt() {
        // when
        done(admin.sendJson("PUT", "/deployments/d/create-execution", "{\"id\": \"elsewhere\"}"), 204);
        // then
        assertThat(admin.get("/deployments/d").get("create_execution").asText()).isEqualTo("elsewhere");
        refused(
                admin.sendJson("PUT", "/deployments/none/create-execution", "{\"id\": \"elsewhere\"}"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `none` was not found");
    }

    @Test
    void whatAWorkflowHasStartedIsTakenForWell() {
        // given
        String path = "/node-instances/" + instance("web") + "?force=true";
        // when
        JsonNode written = Api.read(admin.sendJson("PATCH", path, "{\"version\": 1, \"state\": \"started\"}")
                .asString());
        Response configured =
                admin.sendJson("PATCH", path + "&reached=true", "{\"version\": 1, \"state\": \"configured\"}");
        JsonNode reached =
                Api.read(admin.sendJson("PATCH", path + "&reached=true", "{\"version\": 1, \"state\": \"started\"}")
                        .asString());
        // then
        assertThat(written.at("/system_properties/status").isMissingNode()).isTrue();
        assertThat(written.get("is_status_check_ok").asBoolean()).isFalse();
        assertThat(Api.read(configured.asString())
                        .at("/system_properties/configuration_drift/ok")
                        .asBoolean())
                .isTrue();
        assertThat(reached.get("is_status_check_ok").asBoolean()).isTrue();
        assertThat(reached.get("has_configuration_drift").asBoolean()).isFalse();
        JsonNode status = reached.at("/system_properties/status");
        assertThat(status.get("ok").asBoolean()).isTrue();
        assertThat(status.get("task").isNull() && status.get("result").isNull()).isTrue();
        assertThat(status.get("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
        assertThat(reached.at("/system_properties/previous_status").isNull()).isTrue();
    }

    @Test
    void whatACheckHasFoundStaysWhenAWorkflowStartsTheInstance() {
        // given
        String path = "/node-instances/" + instance("web") + "?force=true";
        done(
                admin.sendJson(
                        "PATCH",
                        path,
                        "{\"version\": 1, \"system_properties\": {\"status\": {\"ok\": false, \"task\": \"check\"}, \"x\": [1]}}"),
                200);
        // when
        JsonNode started =
                Api.read(admin.sendJson("PATCH", path + "&reached=true", "{\"version\": 1, \"state\": \"started\"}")
                        .asString());
        // then
        assertThat(started.get("is_status_check_ok").asBoolean()).isFalse();
        assertThat(started.at("/system_properties/status/task").asText()).isEqualTo("check");
        assertThat(started.at("/system_properties/x/0").asInt()).isEqualTo(1);
    }

    @Test
    void instanceChangesWhereItsVersionIsTheOneRead() {
        // given
        String id = instance("web");
        // when, then
        JsonNode changed = Api.read(admin.sendJson(
                        "PATCH",
                        "/node-instances/" + id,
                        "{\"version\": 1, \"state\": \"started\", \"runtime_properties\": {\"ip\": \"10.0.0.1\","
                                + " \"n\": {\"a\": [1, null]}}}")
                .asString());
        assertThat(changed.get("version").asInt()).isEqualTo(2);
        assertThat(changed.get("state").asText()).isEqualTo("started");
        assertThat(changed.at("/runtime_properties/n/a/0").asInt()).isEqualTo(1);
        refused(
                admin.sendJson("PATCH", "/node-instances/" + id, "{\"version\": 0, \"state\": \"stopped\"}"),
                409,
                "conflict_error",
                "Node instance update conflict [current version=2, update version=1]");
        JsonNode forced = Api.read(admin.sendJson(
                        "PATCH",
                        "/node-instances/" + id + "?force=True",
                        "{\"version\": 1, \"system_properties\": {\"configuration_drift\": {\"result\": {\"x\": 1}},"
                                + " \"status\": {\"ok\": true}}}")
                .asString());
        assertThat(forced.get("version").asInt()).isEqualTo(3);
        assertThat(forced.get("state").asText()).isEqualTo("started");
        assertThat(forced.get("has_configuration_drift").asBoolean()).isTrue();
        assertThat(forced.get("is_status_check_ok").asBoolean()).isTrue();
        assertThat(admin.get("/deployments/d").get("drifted_instances").asInt()).isEqualTo(1);
    }

    @Test
    void wrongChangesOfInstancesAreRefused() {
        String path = "/node-instances/" + instance("web");
        refused(
                admin.sendJson("PATCH", path, "{}"),
                400,
                "bad_parameters_error",
                "Missing version in json request body");
        refused(
                admin.sendJson("PATCH", path, "{\"version\": \"1\"}"),
                400,
                "bad_parameters_error",
                "version parameter is expected to be of type int but is of type str");
        refused(admin.sendJson("PATCH", path, "{\"version\": -1}"), 400, "bad_parameters_error", "version is -1");
        refused(
                admin.sendJson("PATCH", path, "{\"version\": 1, \"runtime_properties\": []}"),
                400,
                "bad_parameters_error",
                "runtime_properties parameter is expected to be of type dict but is of type list");
        refused(
                admin.sendJson("PATCH", path, "{\"version\": 1, \"state\": 5}"),
                400,
                "bad_parameters_error",
                "state parameter is expected to be of type str");
        refused(
                admin.sendJson("PATCH", path, "{\"version\": 1, \"relationships\": []}"),
                403,
                "only_deployment_update",
                "update workflow");
        refused(
                admin.sendJson("PATCH", "/node-instances/none", "{\"version\": 1}"),
                404,
                "not_found_error",
                "Requested `NodeInstance` with ID `none` was not found");
        refused(
                Api.user(signer, "eve", "t2").sendJson("PATCH", path, "{\"version\": 1}"),
                404,
                "not_found_error",
                "was not found");
        refused(admin.sendJson("DELETE", path, null), 403, "only_deployment_update", "update workflow");
        assertThat(admin.sendJson("PATCH", path, "{").statusCode()).isEqualTo(400);
        assertThat(admin.send(
                                "PATCH",
                                path,
                                request -> request.contentType("text/plain").body("x"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(admin.get(path).get("version").asInt()).isEqualTo(1);
    }

    @Test
    void updateWorkflowAddsChangesAndRemovesNodes() {
        // given
        Api update = worker("csys_new_deployment_update");
        String taken = instance("web");
        // when
        assertThat(update.sendJson(
                                "POST",
                                "/nodes",
                                "{\"deployment_id\": \"d\", \"nodes\": [{\"id\": \"db\", \"type\": \"t\","
                                        + " \"properties\": {\"a\": 1}, \"capabilities\": {\"scalable\": {\"properties\":"
                                        + " {\"max_instances\": 7}}}}]}")
                        .statusCode())
                .isEqualTo(201);
        Response added = update.sendJson(
                "POST",
                "/node-instances",
                "{\"deployment_id\": \"d\", \"node_instances\": [{\"id\": \"" + taken
                        + "\", \"node_id\": \"web\"}, {\"id\": \"db_1\", \"node_id\": \"db\", \"host_id\": \"" + taken
                        + "\", \"relationships\": [{\"target_id\": \"" + taken + "\"}]}]}");
        // then
        assertThat(added.statusCode()).as(added.asString()).isEqualTo(201);
        JsonNode db = admin.items("/node-instances?node_id=db").get(0);
        assertThat(db.get("state").asText()).isEqualTo("uninitialized");
        assertThat(db.get("host_id").asText()).matches("web_[a-z0-9]{6}").isNotEqualTo(taken);
        assertThat(db.at("/relationships/0/target_id").asText())
                .isEqualTo(db.get("host_id").asText());
        JsonNode second = admin.get("/node-instances/" + db.get("host_id").asText());
        assertThat(second.get("index").asInt()).isEqualTo(2);
        JsonNode node = admin.items("/nodes?id=db").get(0);
        assertThat(node.get("max_number_of_instances").asInt()).isEqualTo(7);
        assertThat(node.at("/type_hierarchy/0").asText()).isEqualTo("t");
        assertThat(update.sendJson("PATCH", "/nodes/d/db", "{\"properties\": {\"a\": 2}}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(admin.items("/nodes?id=db").get(0).at("/properties/a").asInt())
                .isEqualTo(2);
        assertThat(update.sendJson("DELETE", "/node-instances/db_1", null).statusCode())
                .isEqualTo(204);
        assertThat(update.sendJson("DELETE", "/nodes/d/db", null).statusCode()).isEqualTo(204);
        assertThat(admin.items("/nodes?id=db")).isEmpty();
    }

    @Test
    void administratorsSayWhoMadeNodesAndInstances() {
        // given
        String nodes = "{\"deployment_id\": \"d\", \"nodes\": [{\"id\": \"old\", \"type\": \"t\", \"creator\": \"%s\"},"
                + " {\"id\": \"new\", \"type\": \"t\", \"creator\": null}]}";
        String instances = "{\"deployment_id\": \"d\", \"node_instances\": [{\"id\": \"old_1\", \"node_id\": \"old\","
                + " \"creator\": \"%s\"}, {\"id\": \"new_1\", \"node_id\": \"new\"}]}";
        // when, then
        refused(
                admin.sendJson("POST", "/nodes", nodes.formatted("nobody")),
                400,
                "bad_parameters_error",
                "User nobody does not exist.");
        refused(
                Api.user(signer, "ann", "t1").sendJson("POST", "/nodes", nodes.formatted("eve")),
                403,
                "forbidden_error",
                "User `ann` is not permitted to perform the action set_owner in the tenant `t1`");
        assertThat(admin.items("/nodes?id=old")).isEmpty();
        assertThat(admin.sendJson("POST", "/nodes", nodes.formatted("eve")).statusCode())
                .isEqualTo(201);
        refused(
                Api.user(signer, "ann", "t1").sendJson("POST", "/node-instances", instances.formatted("eve")),
                403,
                "forbidden_error",
                "set_owner");
        assertThat(admin.sendJson("POST", "/node-instances", instances.formatted("eve"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(admin.texts("/nodes?id=old&id=new&_sort=id", "created_by")).containsExactly("admin", "eve");
        assertThat(admin.texts("/node-instances?node_id=old&node_id=new&_sort=id", "created_by"))
                .containsExactly("admin", "eve");
    }

    @Test
    void wrongNodesAreRefusedWhole() {
        Api install = worker("install");
        assertThat(admin.sendJson("POST", "/nodes", "{\"deployment_id\": \"d\", \"nodes\": []}")
                        .statusCode())
                .isEqualTo(204);
        refused(
                admin.sendJson("POST", "/nodes", "{\"deployment_id\": \"d\"}"),
                400,
                "bad_parameters_error",
                "Missing nodes in json request body");
        refused(
                admin.sendJson("POST", "/nodes", "{\"deployment_id\": \"d\", \"nodes\": [5]}"),
                400,
                "bad_parameters_error",
                "each item of nodes must be a JSON object");
        refused(
                admin.sendJson(
                        "POST",
                        "/nodes",
                        "{\"deployment_id\": \"d\", \"nodes\": [{\"id\": \"x\", \"type\": \"t\"}, {\"id\": \"web\","
                                + " \"type\": \"t\"}]}"),
                409,
                "conflict_error",
                "already exists in the deployment `d`");
        refused(
                admin.sendJson(
                        "POST",
                        "/node-instances",
                        "{\"deployment_id\": \"d\", \"node_instances\": [{\"id\": \"x_1\", \"node_id\": \"x\"}]}"),
                404,
                "not_found_error",
                "Requested `Node` with ID `x` was not found");
        refused(
                admin.sendJson(
                        "POST",
                        "/nodes",
                        "{\"deployment_id\": \"none\", \"nodes\": [{\"id\": \"x\", \"type\": \"t\"}]}"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `none` was not found");
        refused(install.sendJson("DELETE", "/nodes/d/web", null), 403, "only_deployment_update", "update workflow");
        assertThat(admin.items("/nodes?deployment_id=d")).hasSize(2);
    }

    @Test
    void ofSeveralInstancesTheRelatedOneIsMeantOrTheOneInTheSameGroup() {
        // given: two instances of a group that holds web, what is connected to it, and what is in a container in it
        upload("groups", """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {t: {}}
            relationships:
              cloudify.relationships.connected_to: {}
              cloudify.relationships.contained_in: {}
            node_templates:
              web: {type: t}
              near: {type: t, relationships: [{type: cloudify.relationships.connected_to, target: web}]}
              box: {type: t}
              inner: {type: t, relationships: [{type: cloudify.relationships.contained_in, target: box}]}
              alone: {type: t}
            groups: {all: {members: [web, near, box]}}
            policies: {p: {type: cloudify.policies.scaling, targets: [all], properties: {default_instances: 2}}}
            outputs:
              unclear: {value: {concat: ['at ', {get_attribute: [web, ip]}]}}
              clear: {value: yes}
            """);
        deploy("two", "groups");
        List<String> webs = admin.texts("/node-instances?deployment_id=two&node_id=web", "id");
        assertThat(webs).hasSize(2);
        webs.forEach(web -> done(
                admin.sendJson(
                        "PATCH",
                        "/node-instances/" + web,
                        "{\"version\": 1, \"runtime_properties\": {\"ip\": \"of " + web + "\"}}"),
                200));
        // when, then
        for (String node : List.of("near", "box", "inner")) {
            List<String> found = new ArrayList<>();
            admin.texts("/node-instances?deployment_id=two&node_id=" + node, "id")
                    .forEach(id -> found.add(ofTwo(id, "web", "ip").asText()));
            assertThat(found)
                    .as(node)
                    .containsExactlyInAnyOrderElementsOf(
                            webs.stream().map(web -> "of " + web).toList());
        }
        refused(
                ipOfWeb(admin.texts("/node-instances?deployment_id=two&node_id=alone", "id")
                        .get(0)),
                400,
                "functions_evaluation_error",
                "More than one node instance found for node \"web\"");
        assertThat(ofTwo(webs.get(1), "SELF", "node_instance_id").asText()).isEqualTo(webs.get(1));
        assertThat(ofTwo(webs.get(1), "SELF", "node_instance_index").asInt()).isEqualTo(2);
        // when, then: one output that has no value does not keep the others from having theirs
        JsonNode outputs = admin.get("/deployments/two/outputs").get("outputs");
        assertThat(outputs.get("unclear").asText()).startsWith("at <ERROR: More than one node instance found");
        assertThat(outputs.get("clear").asBoolean()).isTrue();
    }

    private static final String ATTRIBUTE =
            "{\"deployment_id\": \"two\", \"context\": {\"self\": \"%s\"}, \"payload\": {\"x\": {\"get_attribute\": [\"%s\", \"%s\"]}}}";

    private Response ipOfWeb(String self) {
        return admin.sendJson("POST", "/evaluate/functions", ATTRIBUTE.formatted(self, "web", "ip"));
    }

    private JsonNode ofTwo(String self, String node, String attribute) {
        return done(admin.sendJson("POST", "/evaluate/functions", ATTRIBUTE.formatted(self, node, attribute)), 200)
                .at("/payload/x");
    }

    @Test
    void consumersAreNamedByLabelsButNotWhereTheTargetIsTheirComponent() {
        // given
        deploy("whole", "b");
        deploy("user", "b");
        done(admin.sendJson("PATCH", "/deployments/user", "{\"display_name\": \"A user\"}"), 200);
        String needs = "{\"dependency_creator\": \"%s\", \"source_deployment\": \"%s\", \"target_deployment\": \"d\"}";
        // when
        for (String body : List.of(
                needs.formatted("component.n", "whole"),
                needs.formatted("sharedresource.n", "user"),
                needs.formatted("component.n", "user"))) {
            done(admin.sendJson("PUT", "/deployments/inter-deployment-dependencies", body), 200);
        }
        // then
        assertThat(admin.get("/deployments/d").get("labels").findValuesAsText("value"))
                .containsExactly("user");
        assertThat(done(
                                admin.sendJson(
                                        "POST",
                                        "/evaluate/functions",
                                        "{\"deployment_id\": \"d\", \"context\": {}, \"payload\": {\"ids\": {\"get_consumers\":"
                                                + " \"ids\"}, \"names\": {\"get_consumers\": \"names\"}, \"count\":"
                                                + " {\"get_consumers\": \"count\"}}}"),
                                200)
                        .get("payload"))
                .isEqualTo(Api.read("{\"ids\": [\"user\"], \"names\": [\"A user\"], \"count\": 1}"));
        // when
        done(
                admin.sendJson(
                        "DELETE",
                        "/deployments/inter-deployment-dependencies",
                        needs.formatted("sharedresource.n", "user")
                                .replace("}", ", \"is_component_deletion\": false}")),
                204);
        // then: what is left does not make it a consumer
        assertThat(admin.get("/deployments/d").get("labels")).isEmpty();
    }

    @Test
    void aCheckThatFailedIsADriftToo() {
        String path = "/node-instances/" + instance("web");
        String[] checks = {
            "{\"configuration_drift\": {\"ok\": false}}", "true",
            "{\"configuration_drift\": {\"ok\": false, \"result\": null}}", "true",
            "{\"configuration_drift\": {\"ok\": true, \"result\": \"x\"}}", "true",
            "{\"configuration_drift\": {\"ok\": true, \"result\": null}}", "false",
            "{\"configuration_drift\": {\"result\": null}}", "false",
            "{\"configuration_drift\": {}}", "false",
            "{\"target_relationships_configuration_drift\": {\"a\": {\"ok\": true}}}", "false",
            "{\"target_relationships_configuration_drift\": {\"a\": {\"ok\": true}, \"b\": {\"ok\": false}}}", "true",
            "{\"source_relationships_configuration_drift\": {\"a\": {\"ok\": false}}}", "true",
            "{}", "false",
        };
        for (int i = 0; i < checks.length; i += 2) {
            JsonNode changed = done(
                    admin.sendJson(
                            "PATCH",
                            path,
                            "{\"version\": " + (i / 2 + 1) + ", \"system_properties\": " + checks[i] + "}"),
                    200);
            assertThat(changed.get("has_configuration_drift").asText())
                    .as(checks[i])
                    .isEqualTo(checks[i + 1]);
        }
    }

    @Test
    void propertiesOfOneInstanceAreEvaluated() {
        // given
        String path = "/node-instances/" + instance("web");
        done(
                admin.sendJson(
                        "PATCH",
                        path,
                        "{\"version\": 1, \"runtime_properties\": {\"ip\": \"10.0.0.1\", \"url\": {\"concat\": [{\"get_attribute\":"
                                + " [\"SELF\", \"ip\"]}, \":\", {\"get_property\": [\"SELF\", \"port\"]}]}}}"),
                200);
        // when, then
        assertThat(admin.get(path + "?_evaluate_functions=False").at("/runtime_properties/url"))
                .isEqualTo(admin.get(path).at("/runtime_properties/url"))
                .isNotEmpty();
        assertThat(admin.get(path + "?_evaluate_functions=True").get("runtime_properties"))
                .isEqualTo(Api.read("{\"ip\": \"10.0.0.1\", \"url\": \"10.0.0.1:80\"}"));
        assertThat(admin.get(path + "?_evaluate_functions=true&_include=runtime_properties"))
                .isEqualTo(Api.read("{\"runtime_properties\": {\"ip\": \"10.0.0.1\", \"url\": \"10.0.0.1:80\"}}"));
        assertThat(admin.get(path + "?_evaluate_functions=true&_include=state"))
                .isEqualTo(Api.read("{\"state\": \"uninitialized\"}"));
        refused(
                admin.response(path + "?_evaluate_functions=perhaps"),
                400,
                "bad_parameters_error",
                "_evaluate_functions must be <true/false>, got perhaps");
        done(
                admin.sendJson(
                        "PATCH", path, "{\"version\": 2, \"runtime_properties\": {\"a\": {\"get_secret\": \"none\"}}}"),
                200);
        refused(admin.response(path + "?_evaluate_functions=true"), 400, "functions_evaluation_error", "none");
    }

    @Test
    void nodesAreEvaluatedForOneOfTheirInstances() {
        // given
        upload("c", """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {t: {properties: {mine: {default: {get_attribute: [SELF, ip]}}}}}
            node_templates:
              pair: {type: t, capabilities: {scalable: {properties: {default_instances: 2}}}}
            """);
        deploy("two", "c");
        String first = instance("pair");
        done(
                admin.sendJson(
                        "PATCH",
                        "/node-instances/" + first,
                        "{\"version\": 1, \"runtime_properties\": {\"ip\": \"10.0.0.7\"}}"),
                200);
        String path = "/nodes?deployment_id=two&_evaluate_functions=true";
        // when, then
        refused(admin.response(path), 400, "functions_evaluation_error", "More than one node instance found");
        assertThat(admin.items(path + "&_instance_context=" + first).get(0).at("/properties/mine"))
                .isEqualTo(Api.read("\"10.0.0.7\""));
        refused(
                admin.response(path + "&_instance_context=" + instance("web")),
                400,
                "functions_evaluation_error",
                "More than one node instance found");
    }

    @Test
    void labelsAreEvaluatedInTheOrderOfTheirTimesAndValuesAndRefusedWhereTheyAreNot() {
        // given
        done(admin.sendJson("PATCH", "/deployments/d", "{\"labels\": [{\"env\": \"b\"}, {\"env\": \"a\"}]}"), 200);
        // when, then
        assertThat(Api.read(evaluated("[{\"get_label\": \"env\"}, {\"get_label\": [\"env\", 1]}]")
                                .asString())
                        .at("/payload/a"))
                .isEqualTo(Api.read("[[\"a\", \"b\"], \"b\"]"));
        refused(
                evaluated("{\"get_label\": [\"env\", 2]}"),
                400,
                "functions_evaluation_error",
                "The provided label-values list index is out of range. The key `env` has 2 values");
        refused(
                evaluated("{\"get_label\": \"team\"}"),
                400,
                "functions_evaluation_error",
                "The deployment `d` does not have a label with the key `team` assigned to it");
    }

    private Response evaluated(String payload) {
        return admin.sendJson(
                "POST",
                "/evaluate/functions",
                "{\"deployment_id\": \"d\", \"context\": {}, \"payload\": {\"a\": " + payload + "}}");
    }

    @Test
    void outputsCapabilitiesAndFunctionsAreEvaluated() {
        // given
        admin.sendJson(
                "PATCH",
                "/node-instances/" + instance("web"),
                "{\"version\": 1, \"runtime_properties\": {\"ip\": \"10.0.0.1\"}}");
        upload("c", """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {t: {}}
            outputs: {url: {value: {concat: ['http://', {get_capability: [d, where]}]}}}
            """);
        deploy("user", "c");
        // when, then
        assertThat(admin.get("/deployments/d/outputs"))
                .isEqualTo(
                        Api.read("{\"deployment_id\": \"d\", \"outputs\": {\"greeting\": \"hello world\", \"address\":"
                                + " \"10.0.0.1:80\", \"all\": [null, null]}}"));
        assertThat(admin.get("/deployments/d/capabilities"))
                .isEqualTo(Api.read("{\"deployment_id\": \"d\", \"capabilities\": {\"where\": \"10.0.0.1\"}}"));
        assertThat(admin.get("/deployments/user/outputs").at("/outputs/url").asText())
                .isEqualTo("http://10.0.0.1");
        assertThat(admin.items("/nodes?deployment_id=d&id=many&_evaluate_functions=False")
                        .get(0)
                        .at("/properties/peer/get_attribute"))
                .isNotEmpty();
        assertThat(admin.items("/nodes?deployment_id=d&id=many&_evaluate_functions=True&_include=properties")
                        .get(0)
                        .at("/properties"))
                .isEqualTo(Api.read("{\"port\": 80, \"peer\": \"10.0.0.1\"}"));
        JsonNode evaluated = Api.read(admin.sendJson(
                        "POST",
                        "/evaluate/functions",
                        "{\"deployment_id\": \"d\", \"context\": {\"self\": \"" + instance("web")
                                + "\"}, \"payload\": {\"a\": {\"get_attribute\": [\"SELF\", \"ip\"]}, \"b\":"
                                + " [{\"get_property\": [\"SELF\", \"port\"]}], \"c\": {\"get_sys\": [\"deployment\","
                                + " \"id\"]}}}")
                .asString());
        assertThat(evaluated.get("payload")).isEqualTo(Api.read("{\"a\": \"10.0.0.1\", \"b\": [80], \"c\": \"d\"}"));
        for (String payload : List.of(
                "{\"a\": {\"get_attribute\": [\"many\", \"ip\"]}}",
                "{\"a\": {\"get_attribute\": [\"none\", \"ip\"]}}",
                "{\"a\": {\"get_property\": 5}}",
                "{\"a\": {\"get_secret\": \"none\"}}",
                "{\"a\": {\"get_capability\": [\"d\", \"none\"]}}",
                "{\"a\": {\"get_attribute\": [\"SELF\", \"ip\"]}}")) {
            refused(
                    admin.sendJson(
                            "POST", "/evaluate/functions", "{\"deployment_id\": \"d\", \"payload\": " + payload + "}"),
                    400,
                    "functions_evaluation_error",
                    "");
        }
        Map<String, String> paths = Map.of(
                "\"where\", \"x\"",
                "Object , in capability 'where' in deployment 'rich', has no attribute x",
                "\"all\", \"b\"",
                "Attribute 'b' doesn't exist in 'all' in deployment 'rich'.",
                "\"all\", \"a\", 2",
                "List size of 'all.a' is 2, in deployment 'rich', but index 2 is retrieved.",
                "\"all\", \"a\", \"b\"",
                "Item in index 3 in the get_capability arguments list [rich, all, a, b] is expected to be an int but got str.");
        upload("rich", """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {t: {}}
            capabilities: {where: {value: here}, all: {value: {a: [1, 2]}}}
            """);
        deploy("rich", "rich");
        paths.forEach((path, told) -> refused(
                admin.sendJson(
                        "POST",
                        "/evaluate/functions",
                        "{\"deployment_id\": \"d\", \"payload\": {\"a\": {\"get_capability\": [\"rich\", " + path
                                + "]}}}"),
                400,
                "functions_evaluation_error",
                "Unable to evaluate get_capability function: " + told));
    }

    @Test
    void dependenciesAreFoundOnceMoreInTheBlueprint() throws SQLException {
        // given
        upload(
                "n",
                BLUEPRINT
                        .replace(
                                "node_types: {",
                                "node_types: {cloudify.nodes.Component: {properties: {resource_config: {default: {}}}}, ")
                        .replace(
                                "  web: {type: t}",
                                "  web: {type: t}\n  base: {type: cloudify.nodes.Component, properties: {resource_config: {deployment: {id: part}}}}")
                        .replace("outputs:", "outputs:\n  theirs: {value: {get_capability: [d, where]}}"));
        deploy("part", "b");
        deploy("needy", "n");
        rows.execute("DELETE FROM inventory.inter_deployment_dependencies");
        String uri = "/deployments/inter-deployment-dependencies/restore";
        String body = "{\"deployment_id\": \"%s\", \"update_service_composition\": %s}";
        // when
        Response answer = admin.sendJson("POST", uri, body.formatted("needy", false));
        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asString()).isEqualTo("null");
        assertThat(admin.texts("/inter-deployment-dependencies", "target_deployment_id"))
                .containsExactly("d");
        assertThat(admin.texts("/inter-deployment-dependencies", "dependency_creator"))
                .containsExactly("outputs.theirs.value.get_capability");
        // when
        done(admin.sendJson("POST", uri, body.formatted("needy", true)), 200);
        done(admin.sendJson("POST", uri, body.formatted("needy", true)), 200);
        // then
        String instance = instance("base");
        assertThat(admin.texts("/inter-deployment-dependencies?_sort=target_deployment_id", "dependency_creator"))
                .containsExactlyInAnyOrder("outputs.theirs.value.get_capability", "component." + instance);
        // when, then
        refused(
                admin.sendJson("POST", uri, body.formatted("none", false)),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `none` was not found");
        refused(
                admin.sendJson("POST", uri, "{\"deployment_id\": \"needy\"}"),
                400,
                "bad_parameters_error",
                "Missing update_service_composition in json request body");
        done(admin.sendJson("DELETE", "/deployments/part?force=true", null), 204);
        refused(
                admin.sendJson("POST", uri, body.formatted("needy", true)),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `part` was not found");
    }

    @Test
    void dependenciesAreAddedReplacedAndRemoved() {
        // given
        deploy("e", "b");
        String body = "{\"dependency_creator\": \"c\", \"source_deployment\": \"d\", \"target_deployment\": \"e\"";
        String uri = "/deployments/inter-deployment-dependencies";
        // when, then
        JsonNode added = Api.read(admin.sendJson("PUT", uri, body + "}").asString());
        assertThat(added.get("source_deployment_id").asText()).isEqualTo("d");
        assertThat(added.get("target_deployment_id").asText()).isEqualTo("e");
        assertThat(admin.get("/deployments/e").get("labels").findValuesAsText("value"))
                .containsExactly("d");
        refused(
                admin.sendJson(
                        "PUT",
                        uri,
                        "{\"dependency_creator\": \"c\", \"source_deployment\": \"e\", \"target_deployment\": \"d\"}"),
                409,
                "conflict_error",
                "cyclic dependency");
        refused(
                admin.sendJson(
                        "PUT",
                        uri,
                        "{\"dependency_creator\": \"c\", \"source_deployment\": \"none\", \"target_deployment\":"
                                + " \"d\"}"),
                404,
                "not_found_error",
                "Given source deployment with ID `none` does not exist.");
        refused(
                admin.sendJson(
                        "PUT",
                        uri,
                        "{\"dependency_creator\": \"c\", \"source_deployment\": \"d\", \"target_deployment\":"
                                + " \"none\"}"),
                404,
                "not_found_error",
                "Given target deployment with ID `none` does not exist.");
        refused(
                admin.sendJson("PUT", uri, "{\"source_deployment\": \"d\"}"),
                400,
                "bad_parameters_error",
                "Missing dependency_creator in json request body");
        JsonNode many = Api.read(admin.sendJson(
                        "POST",
                        uri,
                        "{\"source_deployment_id\": \"d\", \"inter_deployment_dependencies\":"
                                + " [{\"dependency_creator\": \"f\", \"target_deployment_id\": \"e\"},"
                                + " {\"dependency_creator\": \"g\", \"target_deployment_func\": {\"get_input\": \"x\"}}]}")
                .asString());
        assertThat(many.get("items")).hasSize(2);
        assertThat(many.at("/items/0")).hasSize(1);
        assertThat(many.at("/metadata/pagination/size").asInt()).isEqualTo(2);
        String itself = "{\"source_deployment_id\": \"d\", \"inter_deployment_dependencies\":"
                + " [{\"dependency_creator\": \"s\", \"target_deployment\": \"d\"}]}";
        refused(
                admin.sendJson("POST", uri, itself),
                409,
                "conflict_error",
                "Cyclic dependency between <Deployment id=`d` tenant=`t1`> and <Deployment id=`d` tenant=`t1`>");
        refused(
                admin.sendJson("POST", uri, itself.replace("_id\": \"d\"", "_id\": \"none\"")),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `none` was not found");
        String carriedOver = "{\"source_deployment_id\": \"d\", \"inter_deployment_dependencies\": [{\"id\": \"old\","
                + " \"dependency_creator\": \"h\", \"target_deployment_id\": \"e\", \"created_at\": \"2020-01-02T03:04:05.678Z\"}]}";
        refused(bob.sendJson("POST", uri, carriedOver), 403, "forbidden_error", "set_owner");
        assertThat(Api.read(admin.sendJson("POST", uri, carriedOver).asString())
                        .at("/items/0/id")
                        .asText())
                .isEqualTo("old");
        assertThat(admin.get(uri + "/old").get("created_at").asText()).isEqualTo("2020-01-02T03:04:05.678Z");
        JsonNode alone = Api.read(admin.sendJson(
                        "PUT",
                        uri,
                        "{\"dependency_creator\": \"k\", \"source_deployment\": \"d\", \"target_deployment\": \"e\","
                                + " \"id\": \"older\", \"visibility\": \"private\", \"created_by\": \"eve\","
                                + " \"created_at\": \"2019-01-02T03:04:05.678Z\"}")
                .asString());
        assertThat(alone.get("id").asText()).isEqualTo("older");
        assertThat(alone.get("visibility").asText()).isEqualTo("private");
        assertThat(alone.get("created_by").asText()).isEqualTo("eve");
        assertThat(alone.get("created_at").asText()).isEqualTo("2019-01-02T03:04:05.678Z");
        refused(
                admin.sendJson("POST", uri, carriedOver.replace("\"h\"", "\"i\"")),
                409,
                "conflict_error",
                "<InterDeploymentDependencies id=`old` tenant=`t1`> already exists");
        refused(
                admin.sendJson("PUT", uri, "{\"dependency_creator\": \"c\"}"),
                404,
                "not_found_error",
                "Given source deployment with ID `None` does not exist.");
        assertThat(admin.sendJson("DELETE", uri, body + ", \"is_component_deletion\": false}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(admin.get("/deployments/e").get("labels").findValuesAsText("value"))
                .containsExactly("d");
        refused(
                admin.sendJson("DELETE", uri, body + ", \"is_component_deletion\": false}"),
                404,
                "not_found_error",
                "Requested `InterDeploymentDependencies` with ID `None` was not found (filters: {'dependency_creator': 'c',"
                        + " 'source_deployment': <Deployment id=`d` tenant=`t1`>, 'target_deployment': <Deployment id=`e`"
                        + " tenant=`t1`>})");
        refused(
                admin.sendJson(
                        "DELETE",
                        uri,
                        "{\"dependency_creator\": \"c\", \"source_deployment\": \"d\", \"is_component_deletion\": false}"),
                404,
                "not_found_error",
                "Given target deployment with ID `None` does not exist.");
        JsonNode replaced = Api.read(admin.sendJson(
                        "PUT",
                        "/deployments/d/inter-deployment-dependencies",
                        "{\"inter_deployment_dependencies\": []}")
                .asString());
        assertThat(replaced.get("items")).isEmpty();
        assertThat(admin.items("/inter-deployment-dependencies")).isEmpty();
        assertThat(admin.get("/deployments/e").get("labels")).isEmpty();
    }

    @Test
    void deploymentShowsItsNewestExecution() {
        // given
        scheduler.latest.put(
                "d",
                (ObjectNode)
                        Api.read(
                                "{\"tenant_name\": \"t1\", \"deployment_id\": \"d\", \"id\": \"x\","
                                        + " \"workflow_id\": \"install\", \"status\": \"started\", \"total_operations\": 7, \"finished_operations\": 2}"));
        // when, then
        JsonNode deployment = admin.get("/deployments/d");
        assertThat(deployment.get("latest_execution").asText()).isEqualTo("x");
        assertThat(deployment.get("latest_execution_workflow_id").asText()).isEqualTo("install");
        assertThat(deployment.get("latest_execution_total_operations").asInt()).isEqualTo(7);
        assertThat(admin.items("/deployments?_include=latest_execution_status"))
                .isEqualTo(Api.read("[{\"latest_execution_status\": \"in_progress\"}]"));
    }

    @Test
    void statusesOfADeploymentFollowItsExecutionsAndInstances() {
        // given
        assertThat(statuses()).isEqualTo("inactive requires_attention");
        // when, then
        newest("started");
        assertThat(statuses()).isEqualTo("inactive in_progress");
        for (JsonNode instance : admin.items("/node-instances?deployment_id=d")) {
            admin.sendJson(
                            "PATCH",
                            "/node-instances/" + instance.get("id").asText(),
                            "{\"version\": " + instance.get("version") + ", \"state\": \"started\"}")
                    .then()
                    .statusCode(200);
        }
        newest("terminated");
        assertThat(statuses()).isEqualTo("active good");
        newest("failed");
        assertThat(statuses()).isEqualTo("active requires_attention");
    }

    private void newest(String status) {
        scheduler.latest.put(
                "d", (ObjectNode) Api.read("{\"tenant_name\": \"t1\", \"deployment_id\": \"d\", \"id\": \"x\","
                        + " \"workflow_id\": \"install\", \"status\": \"" + status + "\"}"));
    }

    private String statuses() {
        JsonNode listed = admin.items("/deployments?_include=installation_status,deployment_status")
                .get(0);
        JsonNode deployment = admin.get("/deployments/d");
        assertThat(listed.get("deployment_status")).isEqualTo(deployment.get("deployment_status"));
        String chosen =
                "installation_status=" + deployment.get("installation_status").asText() + "&deployment_status="
                        + deployment.get("deployment_status").asText();
        assertThat(admin.items("/deployments?_include=id&_sort=-deployment_status&" + chosen))
                .isEqualTo(Api.read("[{\"id\": \"d\"}]"));
        return deployment.get("installation_status").asText() + " "
                + deployment.get("deployment_status").asText();
    }

    @Test
    void thingsAreCountedByTheirFields() {
        // given
        deploy("e", "b");
        // when, then
        assertThat(admin.items("/summary/deployments?_target_field=blueprint_id"))
                .isEqualTo(Api.read("[{\"blueprint_id\": \"b\", \"deployments\": 2}]"));
        assertThat(admin.items("/summary/blueprints?_target_field=tenant_name"))
                .isEqualTo(Api.read("[{\"tenant_name\": \"t1\", \"blueprints\": 1}]"));
        assertThat(admin.items("/summary/nodes?_target_field=deployment_id&deployment_id=e"))
                .isEqualTo(Api.read("[{\"deployment_id\": \"e\", \"nodes\": 2}]"));
        assertThat(admin.items("/summary/node_instances?_target_field=index&_sub_field=state&deployment_id=d"))
                .isEqualTo(
                        Api.read("[{\"index\": 1, \"node_instances\": 2, \"by state\": [{\"state\": \"uninitialized\","
                                + " \"node_instances\": 2}]}, {\"index\": 2, \"node_instances\": 1, \"by state\": [{\"state\":"
                                + " \"uninitialized\", \"node_instances\": 1}]}]"));
        assertThat(admin.items("/summary/node_instances?_target_field=index"))
                .isEqualTo(Api.read("[{\"index\": 1, \"node_instances\": 4}, {\"index\": 2, \"node_instances\": 2}]"));
        assertThat(admin.items("/summary/node_instances?_target_field=state"))
                .isEqualTo(Api.read("[{\"state\": \"uninitialized\", \"node_instances\": 6}]"));
        assertThat(admin.items("/summary/deployments?_target_field=site_name"))
                .isEqualTo(Api.read("[{\"site_name\": null, \"deployments\": 2}]"));
        assertThat(Api.admin(signer, "t2").items("/summary/deployments?_target_field=blueprint_id"))
                .isEmpty();
        refused(
                admin.response("/summary/nodes?_target_field=deployment_id&_sub_field=type"),
                400,
                "bad_parameters_error",
                "1 validation error for SummaryRequest\n_sub_field\n  Invalid summary field: type. Allowed values: deployment_id,");
    }
}
