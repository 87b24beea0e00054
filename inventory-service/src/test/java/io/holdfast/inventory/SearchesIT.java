package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches, and what workflows report of agents, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SearchesIT extends WritesCase {

    private static final String BLUEPRINT = """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {base: {}, web: {derived_from: base}, db: {derived_from: base}}
            node_templates: {front: {type: web}, back: {type: db}}
            capabilities: {address: {value: {get_attribute: [front, ip]}}, port: {value: 80}}
            groups: {tier: {members: [front, back]}}
            policies: {scaled: {type: cloudify.policies.scaling, targets: [tier], properties: {default_instances: 1}}}
            plugins: {noop: {executor: central_deployment_agent, install: false}}
            workflows: {check: {mapping: noop.nop}}
            """;

    @BeforeEach
    void fill() {
        upload("b", BLUEPRINT);
        for (String id : List.of("shop", "bank")) {
            Response made = admin.sendJson(
                    "PUT", "/deployments/" + id, "{\"blueprint_id\": \"b\", \"labels\": [{\"env\": \"" + id + "\"}]}");
            assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        }
    }

    private JsonNode search(String what, String body) {
        Response response = admin.sendJson("POST", "/searches/" + what, body);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return Api.read(response.asString());
    }

    private List<String> found(String what, String body, String field) {
        List<String> texts = new ArrayList<>();
        search(what, body)
                .get("items")
                .forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    @Test
    void rulesAndConstraintsFindThings() throws SQLException {
        // given
        String rule =
                "{\"filter_rules\": [{\"key\": \"env\", \"values\": [\"shop\"], \"operator\": \"any_of\", \"type\": \"label\"}]}";
        rows.execute("INSERT INTO inventory.secrets (tenant_name, key) VALUES ('t1', 'aws_key'), ('t1', 'token')");
        // when, then
        JsonNode byRule = search("deployments?_size=5", rule);
        assertThat(byRule.at("/items/0/id").asText()).isEqualTo("shop");
        assertThat(byRule.at("/metadata/pagination/total").asInt()).isEqualTo(1);
        assertThat(byRule.at("/metadata/filtered").asInt()).isEqualTo(1);
        assertThat(found("deployments", "{\"filter_rules\": []}", "id")).containsExactly("shop", "bank");
        assertThat(found("deployments?_include=id&_sort=id", "{}", "id")).containsExactly("bank", "shop");
        assertThat(found("deployments", "{\"constraints\": {\"name_pattern\": {\"starts_with\": \"ba\"}}}", "id"))
                .containsExactly("bank");
        assertThat(found("blueprints", "{\"constraints\": {\"valid_values\": [\"b\", \"x\"]}}", "id"))
                .containsExactly("b");
        assertThat(found("secrets", "{\"constraints\": {\"name_pattern\": {\"contains\": \"_\"}}}", "key"))
                .containsExactly("aws_key");
        rows.execute("INSERT INTO inventory.secrets (tenant_name, key, provider_name) VALUES ('t1', 'far', 'vault1')");
        String ofProvider =
                "{\"filter_rules\": [{\"key\": \"provider_name\", \"values\": [\"vault\"], \"operator\": \"starts_with\","
                        + " \"type\": \"attribute\"}]}";
        assertThat(found("secrets?_sort=key&_all_tenants=False", ofProvider, "key"))
                .containsExactly("far");
        assertThat(search("secrets", ofProvider).at("/metadata/filtered").asInt())
                .isEqualTo(2);
        refused(
                admin.sendJson("POST", "/searches/secrets", ofProvider.replace("provider_name", "value")),
                400,
                "invalid_filter_rule",
                "Allowed attributes to filter secrets by are key, provider_name");
        refused(admin.sendJson("POST", "/searches/secrets", rule), 400, "bad_parameters_error", "no labels");
        assertThat(found("workflows", rule, "name")).containsExactly("check");
        assertThat(found("nodes?deployment_id=shop", "{\"filter_rules\": []}", "id"))
                .containsExactlyInAnyOrder("front", "back");
        assertThat(found(
                        "node-types",
                        "{\"constraints\": {\"deployment_id\": \"shop\", \"valid_values\": [\"db\"]}}",
                        "type"))
                .containsExactly("db");
        assertThat(found(
                        "node-instances?deployment_id=bank",
                        "{\"constraints\": {\"name_pattern\": {\"starts_with\": \"front\"}}}",
                        "node_id"))
                .containsExactly("front");
        assertThat(search(
                                "capabilities?deployment_id=shop",
                                "{\"constraints\": {\"name_pattern\": {\"ends_with\": \"rt\"}}}")
                        .get("items"))
                .isEqualTo(
                        Api.read("[{\"deployment_id\": \"shop\", \"capabilities\": [{\"port\": {\"value\": 80}}]}]"));
        assertThat(search("scaling-groups?deployment_id=shop", "{\"filter_rules\": []}")
                        .at("/items/0/name")
                        .asText())
                .isEqualTo("tier");
        assertThat(search("scaling-groups?deployment_id=shop", "{}").at("/items/0/members"))
                .isEqualTo(Api.read("[\"front\", \"back\"]"));
    }

    /** As services ask. */
    @Test
    void whatAValueNamesIsThereOrNot() throws SQLException {
        // given
        rows.execute("INSERT INTO inventory.secrets (tenant_name, key) VALUES ('t1', 'aws_key')");
        String shop = "{\"deployment_id\": \"shop\"}";
        // when, then
        assertThat(isThere("deployment_id", "\"shop\"", "{\"name_pattern\": {\"starts_with\": \"s\"}}"))
                .isTrue();
        assertThat(isThere("deployment_id", "\"shop\"", "{\"name_pattern\": {\"starts_with\": \"x\"}}"))
                .isFalse();
        assertThat(isThere("blueprint_id", "\"b\"", "{}")).isTrue();
        assertThat(isThere("blueprint_id", "5", "{}")).isFalse();
        assertThat(isThere("secret_key", "\"aws_key\"", "{}")).isTrue();
        assertThat(isThere("node_id", "\"front\"", shop)).isTrue();
        assertThat(isThere("node_id", "\"none\"", shop)).isFalse();
        assertThat(isThere("node_id", "\"front\"", "{\"deployment_id\": \"none\"}"))
                .isFalse();
        assertThat(isThere("node_type", "\"web\"", shop)).isTrue();
        assertThat(isThere("capability_value", "80", shop)).isTrue();
        assertThat(isThere("capability_value", "81", shop)).isFalse();
        refused(
                admin.sendJson("POST", "/things", "{\"type\": \"moon\", \"name\": \"x\"}"),
                400,
                "bad_parameters_error",
                "found the type `moon`");
        refusesHostileBodies(admin, "POST", "/things");
    }

    private boolean isThere(String type, String name, String constraints) {
        return done(
                        admin.sendJson(
                                "POST",
                                "/things",
                                "{\"type\": \"" + type + "\", \"name\": " + name + ", \"constraints\": " + constraints
                                        + "}"),
                        200)
                .get("there")
                .asBoolean();
    }

    @Test
    void inputsNameWhatIsThere() throws SQLException {
        // given
        rows.execute("INSERT INTO inventory.secrets (tenant_name, key) VALUES ('t1', 'aws_key')");
        rows.execute(
                "UPDATE inventory.node_instances SET id = 'front_1' WHERE deployment_id = 'shop' AND node_id = 'front'");
        Response filter = admin.sendJson(
                "PUT",
                "/filters/deployments/shops",
                "{\"filter_rules\": [{\"key\": \"env\", \"values\": [\"shop\"], \"operator\": \"any_of\", \"type\":"
                        + " \"label\"}]}");
        assertThat(filter.statusCode()).as(filter.asString()).isEqualTo(200);
        upload("naming", """
                tosca_definitions_version: cloudify_dsl_1_5
                node_types: {t: {}}
                inputs:
                  dep:
                    type: deployment_id
                    required: false
                    constraints:
                      - filter_id: shops
                      - labels: [{env: shop}]
                      - tenants: [t1]
                      - name_pattern: {starts_with: s}
                  lost: {type: deployment_id, required: false, constraints: [{filter_id: nosuch}]}
                  bp: {type: blueprint_id, required: false, constraints: [{name_pattern: {equals_to: b}}]}
                  key: {type: secret_key, required: false}
                  cap: {type: capability_value, required: false, constraints: [{deployment_id: shop}, {name_pattern: {contains: or}}]}
                  instance: {type: node_instance, required: false, constraints: [{deployment_id: {get_input: of}}]}
                  of: {type: string, default: shop}
                  node: {type: node_id, required: false, constraints: [{deployment_id: shop}]}
                  type: {type: node_type, required: false, constraints: [{blueprint_id: b}, {valid_values: [base]}]}
                  group: {type: scaling_group, required: false, constraints: [{deployment_id: shop}]}
                """);
        // when, then
        List<List<String>> inputs = List.of(
                List.of("dep", "\"shop\"", "\"bank\""),
                List.of("bp", "\"b\"", "\"naming\""),
                List.of("key", "\"aws_key\"", "\"token\""),
                List.of("cap", "80", "\"80\""),
                List.of("instance", "\"front_1\"", "\"back_1\""),
                List.of("node", "\"back\"", "\"side\""),
                List.of("type", "\"web\"", "\"base\""),
                List.of("group", "\"tier\"", "\"row\""));
        for (List<String> input : inputs) {
            String name = input.get(0);
            Response made = naming("good-" + name, name, input.get(1));
            assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
            refused(
                    naming("bad-" + name, name, input.get(2)),
                    400,
                    "deployment_creation_error",
                    "dsl_parser.exceptions.ConstraintException: Value '"
                            + input.get(2).replace("\"", "") + "' of ");
        }
        refused(
                naming("lost", "lost", "\"shop\""),
                400,
                "deployment_creation_error",
                "CloudifyClientError: 404: Requested `DeploymentsFilter` with ID `nosuch` was not found");
    }

    private Response naming(String deployment, String input, String value) {
        return admin.sendJson(
                "PUT",
                "/deployments/" + deployment,
                "{\"blueprint_id\": \"naming\", \"inputs\": {\"" + input + "\": " + value + "}}");
    }

    @Test
    void whatIsSearchedForIsComparedAsNamesAreKept() {
        // given: letters with an accent of their own, which names are not kept with
        done(
                admin.sendJson(
                        "PUT", "/deployments/named", "{\"blueprint_id\": \"b\", \"display_name\": \"lo\u0301g\"}"),
                201);
        // when, then
        assertThat(admin.get("/deployments/named").get("display_name").asText()).isEqualTo("l\u00f3g");
        assertThat(admin.texts("/deployments?_search_name=o%CC%81G", "id")).containsExactly("named");
        assertThat(admin.texts("/deployments?_search_name=%C3%B3g", "id")).containsExactly("named");
        assertThat(admin.texts("/deployments?_search_name=og", "id")).isEmpty();
    }

    /** As the existing client's library asks: {@code node_instances.search(ids)}, and lists of nodes with rules. */
    @Test
    void nodesAndInstancesAreFoundByRulesOnTheirAttributes() {
        // given
        String instance = admin.items("/node-instances?deployment_id=shop&node_id=front")
                .get(0)
                .get("id")
                .asText();
        String rule = "{\"filter_rules\": [{\"key\": \"%s\", \"values\": [\"%s\", \"x\"], \"operator\": \"any_of\","
                + " \"type\": \"%s\"}]}";
        // when
        JsonNode instances = search("node-instances?_all_tenants=True", rule.formatted("id", instance, "attribute"));
        JsonNode nodes = search(
                "nodes?deployment_id=shop&_evaluate_functions=False", rule.formatted("type", "web", "attribute"));
        // then
        assertThat(instances.at("/items/0/id").asText()).isEqualTo(instance);
        assertThat(instances.at("/metadata/pagination/total").asInt()).isEqualTo(1);
        assertThat(instances.at("/metadata/filtered").asInt()).isEqualTo(3);
        assertThat(nodes.at("/items/0/id").asText()).isEqualTo("front");
        assertThat(nodes.at("/metadata/pagination/total").asInt()).isEqualTo(1);
        assertThat(nodes.at("/metadata/filtered").asInt()).isEqualTo(1);
        refused(
                admin.sendJson("POST", "/searches/node-instances", rule.formatted("state", "started", "attribute")),
                400,
                "invalid_filter_rule",
                "Allowed attributes to filter node_instances by are id");
        refused(
                admin.sendJson("POST", "/searches/nodes?deployment_id=shop", rule.formatted("a", "b", "label")),
                400,
                "bad_parameters_error",
                "nodes have no labels");
    }

    @Test
    void typesOfNodesAreSearchedByTheType() {
        assertThat(found("node-types?deployment_id=shop&_search=WE", "{\"constraints\": {}}", "type"))
                .containsExactly("web");
        assertThat(found("node-types?deployment_id=shop&_search=front", "{\"constraints\": {}}", "type"))
                .isEmpty();
        assertThat(found("nodes?deployment_id=shop&_search=fro", "{\"constraints\": {}}", "id"))
                .containsExactly("front");
    }

    @Test
    void constraintsMayBeOnLabelsAndTenants() {
        // when, then
        assertThat(found("deployments", "{\"constraints\": {\"labels\": [{\"env\": \"shop\"}]}}", "id"))
                .containsExactly("shop");
        assertThat(found(
                        "deployments",
                        "{\"constraints\": {\"labels\": [{\"env\": \"shop\"}, {\"env\": \"bank\"}]}}",
                        "id"))
                .isEmpty();
        assertThat(found("deployments?_sort=id", "{\"constraints\": {\"tenants\": [\"t1\", \"t2\"]}}", "id"))
                .containsExactly("bank", "shop");
        assertThat(found("blueprints", "{\"constraints\": {\"tenants\": [\"t2\"]}}", "id"))
                .isEmpty();
        assertThat(found("workflows", "{\"constraints\": {\"labels\": [{\"env\": \"shop\"}]}}", "name"))
                .containsExactly("check");
        refused(
                admin.sendJson("POST", "/searches/deployments", "{\"constraints\": {\"labels\": [\"env\"]}}"),
                400,
                "bad_parameters_error",
                "labels must be a list of 1-entry dictionaries");
        refused(
                admin.sendJson("POST", "/searches/secrets", "{\"constraints\": {\"labels\": [{\"env\": \"shop\"}]}}"),
                400,
                "bad_parameters_error",
                "there is no constraint `labels`");
        for (String[] both : new String[][] {
            {
                "deployments",
                "{\"constraints\": {\"tenants\": [\"t1\"]}, \"filter_rules\": [{\"key\": \"env\", \"values\": [\"shop\"],"
                        + " \"operator\": \"any_of\", \"type\": \"label\"}]}"
            },
            {"deployments?_filter_id=csys-environment-filter", "{\"constraints\": {\"tenants\": [\"t1\"]}}"}
        }) {
            refused(
                    admin.sendJson("POST", "/searches/" + both[0], both[1]),
                    400,
                    "bad_parameters_error",
                    "You should provide either filter_id/filter_rules or DSL constraints, not both");
        }
    }

    @Test
    void capabilitiesAndScalingGroupsAreFoundByWhatTheyAre() {
        // given
        String valid = "{\"constraints\": {\"valid_values\": [%s]}}";
        // when, then
        assertThat(search("capabilities?deployment_id=shop", valid.formatted("80, \"x\""))
                        .at("/items/0/capabilities/0/port/value")
                        .asInt())
                .isEqualTo(80);
        assertThat(search("capabilities?deployment_id=shop", valid.formatted("\"port\""))
                        .get("items"))
                .isEmpty();
        assertThat(search("capabilities?deployment_id=shop&_search=80", "{}")
                        .at("/items/0/capabilities")
                        .size())
                .isEqualTo(1);
        assertThat(found("scaling-groups?blueprint_id=b", "{\"constraints\": {}}", "deployment_id"))
                .containsExactlyInAnyOrder("shop", "bank");
        assertThat(found(
                        "scaling-groups",
                        "{\"constraints\": {\"blueprint_id\": \"b\", \"valid_values\": [\"x\"]}}",
                        "name"))
                .isEmpty();
        assertThat(found("scaling-groups?deployment_id=shop&_search=tier", "{\"constraints\": {}}", "deployment_id"))
                .containsExactly("shop");
        assertThat(found("scaling-groups?deployment_id=shop&_search=tie", "{\"constraints\": {}}", "name"))
                .isEmpty();
        refused(
                admin.sendJson("POST", "/searches/scaling-groups?deployment_id=shop&blueprint_id=b", "{}"),
                400,
                "bad_parameters_error",
                "You should provide either 'blueprint_id' or 'deployment_id' constraints, not both.");
    }

    @Test
    void searchesThatAreNoListsOfRowsShowTheFieldsThatAreAskedFor() {
        for (String[] asked : new String[][] {
            {"nodes?blueprint_id=b", "id", "visibility"},
            {"node-types?blueprint_id=b", "type", "visibility"},
            {"capabilities?deployment_id=shop", "capabilities", "deployment_id"},
            {"scaling-groups?deployment_id=shop", "name", "deployment_id"}
        }) {
            // when
            JsonNode item = search(asked[0] + "&_include=" + asked[1], "{}").at("/items/0");
            // then
            assertThat(item.has(asked[1])).as(asked[0]).isTrue();
            assertThat(item.size()).as(asked[0]).isEqualTo(1);
            refused(
                    admin.sendJson("POST", "/searches/" + asked[0] + "&_include=colour", "{}"),
                    400,
                    "no_such_include_field_error",
                    "Include keys '['colour']' do not exist. Allowed keys are: [");
        }
    }

    @Test
    void whatSearchesForPartsOfADeploymentHideIsSaidInTheirMetadata() {
        // given
        String none = "{\"constraints\": {\"name_pattern\": {\"equals_to\": \"none\"}}}";
        // when
        JsonNode groups = search("scaling-groups?deployment_id=shop", none);
        JsonNode capabilities = search("capabilities?deployment_id=shop", none);
        JsonNode some = search("capabilities?deployment_id=shop", none.replace("none", "port"));
        // then
        assertThat(groups.at("/metadata/pagination/total").asInt()).isEqualTo(1);
        assertThat(groups.at("/metadata/filtered").asInt()).isEqualTo(1);
        assertThat(capabilities.at("/metadata/pagination/total").asInt(-1)).isZero();
        assertThat(capabilities.at("/metadata/filtered").asInt())
                .as("deployments, not capabilities")
                .isEqualTo(1);
        assertThat(some.at("/metadata/pagination/total").asInt()).isEqualTo(1);
        assertThat(some.at("/metadata/filtered").asInt(-1)).isZero();
    }

    @Test
    void aSearchInADeploymentThatIsNotThereFindsNothing() {
        for (String what :
                List.of("capabilities", "scaling-groups", "nodes", "node-instances", "node-types", "workflows")) {
            for (String[] asked : new String[][] {
                {what + "?deployment_id=none", "{}"}, {what, "{\"constraints\": {\"deployment_id\": \"none\"}}"}
            }) {
                // when
                JsonNode found = search(asked[0], asked[1]);
                // then
                assertThat(found.get("items")).as(asked[0]).isEmpty();
                assertThat(found.at("/metadata/pagination/total").asInt(-1))
                        .as(asked[0])
                        .isZero();
            }
        }
    }

    /** The client's own look-up of values of the type {@code operation_name}. */
    @Test
    void nodesAreSearchedByTheNamesOfTheirOperations() {
        // given
        upload("ops", """
                tosca_definitions_version: cloudify_dsl_1_4
                node_types:
                  base: {}
                plugins: {noop: {executor: central_deployment_agent, install: false}}
                node_templates:
                  a: {type: base, interfaces: {life: {create: noop.nop, delete: noop.nop}}}
                  b: {type: base, interfaces: {care: {create: noop.nop, heal_it: noop.nop}}}
                  c: {type: base}
                """);
        deploy("o", "ops");
        for (String where : List.of("deployment_id", "blueprint_id")) {
            String of = "\"" + where + "\": \"" + (where.equals("blueprint_id") ? "ops" : "o") + "\"";
            String specs = "{\"constraints\": {" + of + ", \"operation_name_specs\": %s}}";
            // when, then
            assertThat(found("nodes?_sort=id", specs.formatted("{\"starts_with\": \"life.\"}"), "id"))
                    .containsExactly("a");
            assertThat(found("nodes?_sort=id", specs.formatted("{\"ends_with\": \".create\"}"), "id"))
                    .containsExactly("a", "b");
            assertThat(found("nodes?_sort=id", specs.formatted("{\"contains\": \"l_it\"}"), "id"))
                    .containsExactly("b");
            assertThat(found("nodes?_sort=id", specs.formatted("{\"equals_to\": \"care.create\"}"), "id"))
                    .containsExactly("b");
            // one operation satisfies all of them
            assertThat(found(
                            "nodes?_sort=id",
                            specs.formatted("{\"starts_with\": \"care.\", \"ends_with\": \".delete\"}"),
                            "id"))
                    .isEmpty();
            assertThat(found(
                            "nodes?_sort=id",
                            specs.formatted("{\"contains\": \"e\"}, \"valid_values\": [\"life.delete\", \"x\"]"),
                            "id"))
                    .containsExactly("a");
            JsonNode some = search("nodes", specs.formatted("{\"starts_with\": \"life.\"}"));
            assertThat(some.at("/metadata/filtered").asInt()).isEqualTo(2);
            assertThat(some.at("/items/0/operations").has("life.create")).isTrue();
        }
        refused(
                admin.sendJson(
                        "POST",
                        "/searches/nodes?deployment_id=o",
                        "{\"constraints\": {\"operation_name_specs\": {\"like\": \"x\"}}}"),
                400,
                "bad_parameters_error",
                "operation_name_specs has no operator `like`");
        refused(
                admin.sendJson(
                        "POST",
                        "/searches/nodes?deployment_id=o",
                        "{\"constraints\": {\"operation_name_specs\": {}, \"id_specs\": {}}}"),
                400,
                "bad_parameters_error",
                "`id_specs` and `operation_name_specs` cannot be provided together.");
        refused(
                admin.sendJson(
                        "POST",
                        "/searches/node-types?deployment_id=o",
                        "{\"constraints\": {\"operation_name_specs\": {}}}"),
                400,
                "bad_parameters_error",
                "there is no constraint `operation_name_specs` for this search");
    }

    /** As workers send them, who know already what a name's pattern is on. */
    @Test
    void aNamePatternMayBeCalledByWhatItIsOn() throws SQLException {
        rows.execute("INSERT INTO inventory.secrets (tenant_name, key) VALUES ('t1', 'aws_key'), ('t1', 'token')");
        String specs = "{\"constraints\": {\"%s\": {\"starts_with\": \"%s\"}}}";
        assertThat(found("deployments", specs.formatted("display_name_specs", "ba"), "id"))
                .containsExactly("bank");
        assertThat(found("blueprints", specs.formatted("id_specs", "b"), "id")).containsExactly("b");
        assertThat(found("secrets", specs.formatted("key_specs", "aws"), "key")).containsExactly("aws_key");
        assertThat(found("nodes?deployment_id=shop", specs.formatted("id_specs", "fr"), "id"))
                .containsExactly("front");
        assertThat(found("node-types?deployment_id=shop", specs.formatted("type_specs", "d"), "type"))
                .containsExactly("db");
        assertThat(found("node-instances?deployment_id=shop", specs.formatted("id_specs", "fr"), "node_id"))
                .containsExactly("front");
        assertThat(search("capabilities?deployment_id=shop", specs.formatted("capability_key_specs", "po"))
                        .at("/items/0/capabilities/0/port/value")
                        .asInt())
                .isEqualTo(80);
        assertThat(found("scaling-groups?deployment_id=shop", specs.formatted("scaling_group_name_specs", "x"), "name"))
                .isEmpty();
        assertThat(found("scaling-groups?deployment_id=shop", specs.formatted("scaling_group_name_specs", "t"), "name"))
                .containsExactly("tier");
    }

    @Test
    void nodesOfABlueprintAreThoseOfItsPlan() {
        // when
        JsonNode found = Api.read(admin.sendJson(
                        "POST",
                        "/searches/nodes",
                        "{\"constraints\": {\"blueprint_id\": \"b\", \"name_pattern\": {\"starts_with\": \"fr\"}}}")
                .asString());
        // then
        assertThat(found.path("items").findValuesAsText("id")).containsExactly("front");
        assertThat(found.at("/items/0/type_hierarchy").isArray()).isTrue();
        assertThat(found.at("/items/0/deployment_id").isNull()).isTrue();
        assertThat(found.at("/metadata/filtered").asInt()).isPositive();
        // a type is valid with those that are derived from it
        String type = found.at("/items/0/type").asText();
        String parent = found.at("/items/0/type_hierarchy/0").asText();
        JsonNode planned = Api.read(admin.sendJson("POST", "/searches/nodes?blueprint_id=b", "{}")
                        .asString())
                .get("items")
                .get(0);
        assertThat(planned.get("number_of_instances")).isEqualTo(IntNode.valueOf(0));
        assertThat(planned.get("deployment_id").isNull()).isTrue();
        for (String where : List.of("blueprint_id=b", "deployment_id=shop")) {
            JsonNode types = Api.read(admin.sendJson(
                            "POST",
                            "/searches/node-types?" + where,
                            "{\"constraints\": {\"valid_values\": [\"" + parent + "\"]}}")
                    .asString());
            assertThat(types.path("items").findValuesAsText("id")).as(where).contains("front");
        }
        assertThat(Api.read(admin.sendJson("POST", "/searches/node-types?blueprint_id=b&_search=" + type, "{}")
                                .asString())
                        .path("items"))
                .isNotEmpty();
        assertThat(Api.read(admin.sendJson("POST", "/searches/deployments?blueprint_id=nope", "{}")
                                .asString())
                        .path("items"))
                .isEmpty();
    }

    @Test
    void wrongSearchesAreRefused() {
        refused(
                admin.sendJson("POST", "/searches/deployments", "{\"filter_rules\": {}}"),
                400,
                "bad_parameters_error",
                "filter_rules parameter is expected to be of type list but is of type dict");
        refused(
                admin.sendJson("POST", "/searches/deployments", "{\"filter_rules\": [{\"key\": \"a\"}]}"),
                400,
                "invalid_filter_rule",
                "At least one of the entries in the filter rule is missing");
        refused(
                admin.sendJson("POST", "/searches/deployments", "{\"constraints\": {\"colour\": 1}}"),
                400,
                "bad_parameters_error",
                "there is no constraint `colour`");
        refused(
                admin.sendJson("POST", "/searches/nodes", "{}"),
                400,
                "bad_parameters_error",
                "Please provide a valid 'blueprint_id' or 'deployment_id' parameter or have a relevant key in the constraints.");
        refused(
                admin.sendJson("POST", "/searches/nodes?blueprint_id=b&deployment_id=shop", "{}"),
                400,
                "bad_parameters_error",
                "You should provide either 'blueprint_id' or 'deployment_id' constraints, not both.");
        refused(
                admin.sendJson(
                        "POST", "/searches/node-instances", "{\"constraints\": {\"valid_values\": [\"srv_1\"]}}"),
                400,
                "bad_parameters_error",
                "Please provide a valid 'blueprint_id' or 'deployment_id' parameter or have a relevant key in the constraints.");
        refused(
                admin.sendJson("POST", "/searches/nodes?blueprint_id=nope", "{}"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `nope` was not found");
        refused(
                admin.sendJson(
                        "POST", "/searches/blueprints", "{\"constraints\": {\"name_pattern\": {\"like\": \"x\"}}}"),
                400,
                "bad_parameters_error",
                "name_pattern has no operator `like`");
        assertThat(admin.sendJson("POST", "/searches/deployments", "[").statusCode())
                .isEqualTo(400);
        assertThat(admin.send(
                                "POST",
                                "/searches/deployments",
                                request -> request.contentType("text/plain").body("{}"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(Api.read(Api.admin(signer, "t2")
                                .sendJson("POST", "/searches/deployments", "{}")
                                .asString())
                        .get("items"))
                .isEmpty();
    }

    @Test
    void agentsAreWrittenDownAsWorkflowsReportThem() {
        // given
        String instance = admin.items("/node-instances?deployment_id=shop")
                .get(0)
                .get("id")
                .asText();
        String body = "{\"node_instance_id\": \"" + instance
                + "\", \"state\": \"creating\", \"create_rabbitmq_user\": false, \"install_method\": \"remote\", \"ip\": \"1.1.1.1\","
                + " \"version\": \"7.1\", \"rabbitmq_username\": \"u\", \"rabbitmq_password\": \"secret\"}";
        // when
        String certificates = "{\"bundle\": true, \"broker_ca_cert\": \"x\", \"manager_ca_cert\": null}";
        assertThat(admin.sendJson("PATCH", "/agents", certificates).asString())
                .isEqualTo("{\"number_of_updated_agents\":0}");
        refused(
                admin.sendJson("PATCH", "/agents", "{}"),
                400,
                "bad_parameters_error",
                "Missing bundle in json request body");
        JsonNode added = Api.read(admin.sendJson("PUT", "/agents/ag1", body).asString());
        refused(
                admin.sendJson("PATCH", "/agents", certificates),
                405,
                "method_not_allowed_error",
                "This manager sends nothing to agents, and there are 1 of them");
        JsonNode again = Api.read(admin.sendJson("PUT", "/agents/ag1", body).asString());
        // then
        assertThat(added.get("node_instance_id").asText()).isEqualTo(instance);
        assertThat(again.get("id").isNull()).isTrue();
        assertThat(Api.read(admin.sendJson("PATCH", "/agents/ag1", "{\"state\": \"started\"}")
                                .asString())
                        .get("state")
                        .asText())
                .isEqualTo("started");
        assertThat(admin.get("/agents/ag1").get("rabbitmq_password").asText()).isEqualTo("secret");
        assertThat(admin.texts("/agents?state=started", "id")).containsExactly("ag1");
        JsonNode newer =
                Api.read(admin.sendJson("PATCH", "/agents/ag1", "{\"system\": \"linux\", \"version\": \"7.2\"}")
                        .asString());
        assertThat(newer.get("state").asText()).isEqualTo("started");
        assertThat(newer.get("system").asText()).isEqualTo("linux");
        assertThat(newer.get("version").asText()).isEqualTo("7.2");
        assertThat(Api.read(admin.sendJson("PUT", "/agents/ag0", body).asString())
                        .get("id")
                        .asText())
                .isEqualTo("ag0");
        assertThat(admin.texts("/agents?_sort=name", "id")).containsExactly("ag0", "ag1");
        assertThat(admin.texts("/agents?_sort=-name&deployment_id=shop", "id")).containsExactly("ag1", "ag0");
        refused(
                admin.send("GET", "/agents?_sort=node_ids", request -> request),
                400,
                "bad_parameters_error",
                "Sort keys '['node_ids']' do not exist. Allowed keys are: [");
        refused(
                admin.sendJson("PATCH", "/agents/ag1", "{\"state\": \"weird\"}"),
                400,
                "bad_parameters_error",
                "Invalid agent state: `weird`.");
        refused(
                admin.sendJson("PATCH", "/agents/none", "{\"state\": \"started\"}"),
                404,
                "not_found_error",
                "Requested `Agent` with ID `none` was not found");
        refused(
                admin.sendJson("PUT", "/agents/ag2", body.replace(instance, "none")),
                404,
                "not_found_error",
                "Requested `NodeInstance` with ID `none` was not found");
        refused(
                Api.admin(signer, "t2").sendJson("PUT", "/agents/ag1", body),
                404,
                "not_found_error",
                "Requested `NodeInstance`");
        refused(
                admin.sendJson("PUT", "/agents/ag2", "{\"state\": \"creating\"}"),
                400,
                "bad_parameters_error",
                "Missing node_instance_id in json request body");
        refused(
                admin.sendJson("PUT", "/agents/a%20b", body),
                400,
                "bad_parameters_error",
                "The `name` argument contains illegal characters");
    }
}
