package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Saved filters over the running service, and what lists make of them. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class FiltersIT extends WritesCase {

    private static String rule(String key, String values, String operator, String type) {
        return "{\"key\": \"" + key + "\", \"values\": " + values + ", \"operator\": \"" + operator + "\", \"type\": \""
                + type + "\"}";
    }

    private static final String LABEL = rule("a", "[\"b\"]", "any_of", "label");
    private static final String BY_BOB = rule("created_by", "[\"bob\"]", "any_of", "attribute");

    private static String rules(String... rules) {
        return "{\"filter_rules\": [" + String.join(", ", rules) + "], \"visibility\": \"tenant\"}";
    }

    @Test
    void aFilterIsMadeChangedByTypeAndRemoved() {
        // when
        JsonNode made = done(bob.sendJson("PUT", "/filters/deployments/cf", rules(LABEL, LABEL)), 200);
        // then
        assertThat(made.get("value")).hasSize(1);
        assertThat(made.at("/labels_filter_rules/0/values/0").asText()).isEqualTo("b");
        assertThat(made.get("attrs_filter_rules")).isEmpty();
        assertThat(made.get("is_system_filter").asBoolean(true)).isFalse();
        assertThat(bob.items("/filters/blueprints")).isEmpty();
        // Rules of the other type stay.
        JsonNode both =
                done(eve.sendJson("PATCH", "/filters/deployments/cf", "{\"filter_rules\": [" + BY_BOB + "]}"), 200);
        assertThat(both.get("labels_filter_rules")).hasSize(1);
        assertThat(both.get("attrs_filter_rules")).hasSize(1);
        JsonNode replaced = done(
                bob.sendJson(
                        "PATCH",
                        "/filters/deployments/cf",
                        "{\"filter_rules\": [" + LABEL.replace("\"b\"", "\"c\"") + "]}"),
                200);
        assertThat(replaced.at("/labels_filter_rules/0/values/0").asText()).isEqualTo("c");
        assertThat(replaced.get("value")).hasSize(2);
        done(bob.sendJson("DELETE", "/filters/deployments/cf", null), 204);
        refused(
                bob.sendJson("DELETE", "/filters/deployments/cf", null),
                404,
                "not_found_error",
                "Requested `DeploymentsFilter` with ID `cf` was not found");
    }

    @Test
    void idsConflictsAndSystemFiltersAreRefused() throws SQLException {
        refused(
                bob.sendJson("PUT", "/filters/blueprints/CSYS-mine", rules(LABEL)),
                400,
                "bad_parameters_error",
                "All filters with a `csys-` prefix are reserved for internal use.");
        refused(
                bob.sendJson("PUT", "/filters/blueprints/1f", rules(LABEL)),
                400,
                "bad_parameters_error",
                "The `filter_id` argument must begin with a letter");
        String illegal = "The `filter_id` argument contains illegal characters.";
        for (String path :
                List.of("/filters/blueprints/a%20b", "/blueprints?_filter_id=a%20b", "/deployments?_filter_id=a%20b")) {
            refused(bob.sendJson("GET", path, null), 400, "bad_parameters_error", illegal);
        }
        refused(
                bob.sendJson("POST", "/searches/deployments", "{\"constraints\": {\"filter_id\": \"a b\"}}"),
                400,
                "bad_parameters_error",
                illegal);
        done(bob.sendJson("PUT", "/filters/blueprints/f", rules(LABEL)), 200);
        refused(
                eve.sendJson("PUT", "/filters/blueprints/f", rules(LABEL)),
                409,
                "conflict_error",
                "<BlueprintsFilter id=`f` tenant=`t1`> already exists on <Tenant name=`t1`> or with global visibility");
        done(stranger.sendJson("PUT", "/filters/blueprints/f", rules(LABEL)), 200);
        refused(
                bob.sendJson("PATCH", "/filters/blueprints/f", "{}"),
                400,
                "illegal_action_error",
                "Update a filter request must include at least one parameter to update");
        refused(
                bob.sendJson("PUT", "/filters/blueprints/g", "{}"),
                400,
                "bad_parameters_error",
                "Missing filter_rules in json request body");
        refused(
                bob.sendJson("PUT", "/filters/blueprints/g", "{\"filter_rules\": {}}"),
                400,
                "bad_parameters_error",
                "filter_rules parameter is expected to be of type list but is of type dict");
        rows.execute(
                "INSERT INTO inventory.deployments_filters (tenant_name, id, is_system_filter, visibility) VALUES ('t1', 'csys-s', true, 'global')");
        refused(
                admin.sendJson("PATCH", "/filters/deployments/csys-s", rules(LABEL)),
                400,
                "illegal_action_error",
                "Cannot update a system filter");
        refused(
                admin.sendJson("DELETE", "/filters/deployments/csys-s", null),
                400,
                "illegal_action_error",
                "Cannot delete a system filter");
        refused(
                other.sendJson("DELETE", "/filters/deployments/csys-s", null),
                400,
                "illegal_action_error",
                "Can't modify the global resource `csys-s` from outside its tenant `t1`");
        refusesHostileBodies(bob, "PUT", "/filters/deployments/h");
        refusesHostileBodies(bob, "PATCH", "/filters/blueprints/f");
        assertThat(bob.response("/filters/nodes").statusCode()).isEqualTo(404);
    }

    @Test
    void theManagersOwnFiltersAreThereInEveryTenant() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id) VALUES ('t1', 'env'), ('t1', 'sub'), ('t1', 'srv')");
        rows.execute("INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES"
                + " ('t1', 'env', 'csys-obj-type', 'environment'), ('t1', 'sub', 'csys-obj-type', 'environment'),"
                + " ('t1', 'sub', 'csys-obj-parent', 'env')");
        // when, then
        assertThat(bob.items("/filters/deployments?is_system_filter=true")).hasSize(22);
        assertThat(bob.get("/filters/deployments?_size=1")
                        .at("/metadata/pagination/total")
                        .asInt())
                .isEqualTo(
                        bob.items("/filters/deployments?_get_all_results=true").size());
        JsonNode filter = stranger.get("/filters/deployments/csys-environment-filter");
        assertThat(filter.get("visibility").asText()).isEqualTo("global");
        assertThat(filter.get("labels_filter_rules")).hasSize(2);
        assertThat(bob.texts("/deployments?_filter_id=csys-environment-filter", "id"))
                .containsExactly("env");
        assertThat(bob.texts("/deployments?_filter_id=csys-service-filter", "id"))
                .containsExactly("srv");
        refused(
                admin.sendJson("DELETE", "/filters/deployments/csys-service-filter", null),
                400,
                "illegal_action_error",
                "Cannot delete a system filter");
        refused(
                bob.sendJson("PUT", "/filters/deployments/aws-deployments", rules(LABEL)),
                409,
                "conflict_error",
                "<DeploymentsFilter id=`aws-deployments` tenant=`t1`> already exists");
        assertThat(bob.items("/filters/blueprints")).isEmpty();
        // An archive's own row takes the place of the manager's.
        rows.execute(
                "INSERT INTO inventory.deployments_filters (tenant_name, id, is_system_filter, visibility) VALUES ('t2', 'aws-deployments', true, 'global')");
        assertThat(bob.get("/filters/deployments/aws-deployments")
                        .get("tenant_name")
                        .asText())
                .isEqualTo("t2");
        assertThat(bob.items("/filters/deployments?is_system_filter=true")).hasSize(22);
    }

    @Test
    void searchesTakeTheirRulesFromTheRequest() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id, created_by) VALUES ('t1', 'd1', 'bob'), ('t1', 'd2', 'eve')");
        rows.execute(
                "INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES ('t1', 'd1', 'a', 'b'), ('t1', 'd2', 'a', 'b')");
        rows.execute(
                "INSERT INTO inventory.blueprints (tenant_name, id, created_by) VALUES ('t1', 'b1', 'bob'), ('t1', 'b2', 'eve')");
        done(bob.sendJson("PUT", "/filters/deployments/saved", rules(LABEL)), 200);
        String mine = "{\"filter_rules\": [" + BY_BOB + "]}";
        // when
        JsonNode found = done(bob.sendJson("POST", "/searches/deployments?_filter_id=saved&_include=id", mine), 200);
        // then
        assertThat(found.get("items").toString()).isEqualTo("[{\"id\":\"d1\"}]");
        assertThat(found.at("/metadata/filtered").asInt()).isEqualTo(1);
        scheduler.schedules.add("d2/nightly");
        String scheduled = "{\"filter_rules\": [" + rule("schedules", "[]", "is_not_empty", "attribute") + "]}";
        assertThat(done(bob.sendJson("POST", "/searches/deployments?_include=id", scheduled), 200)
                        .get("items")
                        .toString())
                .isEqualTo("[{\"id\":\"d2\"}]");
        JsonNode blueprints = done(bob.sendJson("POST", "/searches/blueprints?_include=id", mine), 200);
        assertThat(blueprints.get("items").toString()).isEqualTo("[{\"id\":\"b1\"}]");
        assertThat(done(bob.sendJson("POST", "/searches/blueprints", "{}"), 200).get("items"))
                .hasSize(2);
        refused(
                bob.sendJson("POST", "/searches/deployments", rules("5")),
                400,
                "invalid_filter_rule",
                "The filter rule is not a dictionary");
        refused(
                bob.sendJson("POST", "/searches/deployments", "{\"constraints\": {\"a\": 1}}"),
                400,
                "bad_parameters_error",
                "there is no constraint `a` for this search");
        refusesHostileBodies(bob, "POST", "/searches/deployments");
    }

    private void wrong(String rule, String reason) {
        Response response = bob.sendJson("PUT", "/filters/deployments/w", rules(rule));
        refused(response, 400, "invalid_filter_rule", " is not in the right format. " + reason);
        JsonNode body = Api.read(response.asString());
        assertThat(body.get("err_reason").asText()).isEqualTo(reason);
        assertThat(body.get("err_filter_rule")).isEqualTo(Api.read(rule));
    }

    @Test
    void wrongRulesAreRefusedWithTheRuleAndTheReason() {
        wrong("5", "The filter rule is not a dictionary");
        wrong("{\"key\": \"a\"}", "At least one of the entries in the filter rule is missing");
        wrong(rule("a", "[\"b\"]", "any_of", "label").replace("\"a\"", "5"), "The filter rule key must be a string");
        wrong(rule("a", "\"b\"", "any_of", "label"), "The filter rule values must be a list");
        wrong(rule("a", "[\"b\"]", "any_of", "colour"), "Filter rule type must be one of label, attribute");
        wrong(
                rule("a", "[\"b\"]", "contains", "label"),
                "The operator for filtering by labels must be one of any_of, not_any_of, is_null, is_not_null, is_not");
        wrong(
                rule("a", "[\"b\"]", "is_null", "label"),
                "Values list must be empty if the operator is one of is_null, is_not_null");
        wrong(
                rule("a", "[]", "any_of", "label"),
                "Values list must include at least one item if the operator is one of any_of, not_any_of, is_not");
        wrong(
                rule("created_by", "[\"b\"]", "is_null", "attribute"),
                "The operator for filtering by attributes must be one of any_of, not_any_of, contains, not_contains, starts_with, ends_with, is_not_empty");
        wrong(
                rule("colour", "[\"b\"]", "any_of", "attribute"),
                "Allowed attributes to filter deployments by are blueprint_id, created_by, site_name, schedules, tenant_name, display_name, installation_status");
        wrong(
                rule("site_name", "[\"b\"]", "is_not_empty", "attribute"),
                "Values list must be empty if the operator is is_not_empty");
        wrong(rule("a", "[5]", "any_of", "label"), "The filter rule values must be strings");
        wrong(
                rule("blueprint_id", "[\"a b\"]", "any_of", "attribute"),
                "The `attributes' filter rule value` argument contains illegal characters. Only letters, digits and the characters \"-\", \".\" and \"_\" are allowed");
        assertThat(Api.read(bob.sendJson("PUT", "/filters/deployments/w", rules(rule("A", "[]", "any_of", "label")))
                                .asString())
                        .get("detail")
                        .asText())
                .startsWith("The filter rule {'key': 'A', 'values': [], 'operator': 'any_of', 'type': 'label'} is not");
        assertThat(bob.items("/filters/deployments?is_system_filter=false")).isEmpty();
    }

    @Test
    void listsUseSavedFiltersAndSayHowManyAreHidden() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id, created_by) VALUES ('t1', 'd1', 'bob'), ('t1', 'd2', 'bob'), ('t1', 'd3', 'eve')");
        rows.execute(
                "INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES ('t1', 'd1', 'a', 'b'), ('t1', 'd3', 'a', 'b')");
        rows.execute(
                "INSERT INTO inventory.blueprints (tenant_name, id, state) VALUES ('t1', 'b1', 'uploaded'), ('t1', 'b2', 'invalid')");
        done(bob.sendJson("PUT", "/filters/deployments/both", rules(LABEL, BY_BOB)), 200);
        done(
                bob.sendJson(
                        "PUT",
                        "/filters/blueprints/good",
                        rules(rule("state", "[\"uploaded\"]", "any_of", "attribute"))),
                200);
        // when
        JsonNode list = bob.get("/deployments?_filter_id=both");
        // then
        assertThat(list.get("items").findValuesAsText("id")).containsExactly("d1");
        assertThat(list.at("/metadata/filtered").asInt()).isEqualTo(2);
        assertThat(bob.texts("/blueprints?_filter_id=good", "id")).containsExactly("b1");
        refused(
                bob.response("/deployments?_filter_id=none"),
                404,
                "not_found_error",
                "Requested `DeploymentsFilter` with ID `none` was not found");
        refused(stranger.response("/deployments?_filter_id=both"), 404, "not_found_error", "`both` was not found");
    }

    @Test
    void onlyRulesAboutStatusesAskWhichExecutionsHaveChanged() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id, installation_status) VALUES ('t1', 'd1', 'active')");
        done(
                bob.sendJson(
                        "PUT",
                        "/filters/deployments/installed",
                        rules(rule("installation_status", "[\"active\"]", "any_of", "attribute"))),
                200);
        int before = scheduler.askedForChanges.get();
        // when
        List<String> services = bob.texts("/deployments?_filter_id=csys-service-filter", "id");
        int ofLabels = scheduler.askedForChanges.get();
        List<String> installed = bob.texts("/deployments?_filter_id=installed", "id");
        // then
        assertThat(services).containsExactly("d1");
        assertThat(ofLabels).isEqualTo(before);
        assertThat(installed).containsExactly("d1");
        assertThat(scheduler.askedForChanges.get()).isGreaterThan(before);
    }

    @Test
    void whatRulesLeaveOutIsCountedByWhatItIsLeftOutOf() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id, site_name, display_name, visibility, created_by) VALUES"
                        + " ('t1', 'd1', 's1', 'one', 'tenant', 'bob'), ('t1', 'd2', 's2', 'two', 'tenant', 'bob'),"
                        + " ('t1', 'd3', NULL, NULL, 'tenant', 'bob'), ('t1', 'd4', 's1', 'one', 'private', 'eve'),"
                        + " ('t2', 'd5', 's2', 'two', 'global', 'eve'), ('t2', 'd6', 's1', 'one', 'tenant', 'eve')");
        rows.execute("INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES"
                + " ('t1', 'd1', 'a', 'b'), ('t1', 'd2', 'a', 'c'), ('t1', 'd4', 'a', 'b'), ('t2', 'd5', 'a', 'b')");
        Map<String, Integer> expected = Map.of(
                rule("a", "[\"b\"]", "is_not", "label"), 2,
                rule("a", "[]", "is_null", "label"), 1,
                rule("a", "[\"b\"]", "not_any_of", "label"), 1,
                rule("site_name", "[\"s1\"]", "not_any_of", "attribute"), 3,
                rule("display_name", "[\"WO\"]", "not_contains", "attribute"), 2);
        expected.forEach((rule, total) -> {
            String body = "{\"filter_rules\": [" + rule + "]}";
            // when, then: an empty page, so that the total is not that of the rows
            assertThat(done(bob.sendJson("POST", "/searches/deployments?_size=0", body), 200)
                            .at("/metadata/pagination/total")
                            .asInt())
                    .as(rule)
                    .isEqualTo(total);
        });
        assertThat(bob.get("/deployments?_size=0&site_name=s1")
                        .at("/metadata/pagination/total")
                        .asInt())
                .isEqualTo(1);
        assertThat(bob.get("/deployments?_size=0&site_name=s1&site_name=s2")
                        .at("/metadata/pagination/total")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void privateFiltersAreTheirCreators() {
        done(bob.sendJson("PUT", "/filters/deployments/p", rules(LABEL).replace("tenant", "private")), 200);
        refused(
                eve.sendJson("PATCH", "/filters/deployments/p", rules(LABEL)),
                404,
                "not_found_error",
                "`p` was not found");
        refused(
                bob.sendJson("PATCH", "/filters/deployments/p", "{\"visibility\": \"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        done(bob.sendJson("PATCH", "/filters/deployments/p", "{\"visibility\": \"tenant\"}"), 200);
        assertThat(eve.get("/filters/deployments/p").get("visibility").asText()).isEqualTo("tenant");
    }

    @Test
    void nothingIsLeftOfATenantThatIsForgotten() throws SQLException {
        // given
        String rules = "{\"filter_rules\": []}";
        done(admin.sendJson("PUT", "/filters/deployments/f", rules), 200);
        done(other.sendJson("PUT", "/filters/deployments/f", rules), 200);
        upload(
                "b",
                "tosca_definitions_version: cloudify_dsl_1_4\nnode_types: {t: {}}\nnode_templates: {n: {type: t}}\n");
        deploy("d", "b");
        assertThat(rows.count("inventory.content")).isPositive();
        // when, then
        refused(admin.sendJson("DELETE", "/tenants/t1", null), 403, "forbidden_error", "only services");
        Api gateway = new Api(signer, CallerIdentity.ofService("gateway", Instant.EPOCH));
        done(gateway.sendJson("DELETE", "/tenants/t1", null), 204);
        for (String list :
                List.of("/filters/deployments?id=f", "/blueprints", "/deployments", "/nodes", "/node-instances")) {
            assertThat(admin.get(list).at("/metadata/pagination/total").asInt())
                    .as(list)
                    .isZero();
        }
        assertThat(rows.count("inventory.content")).isZero();
        assertThat(other.items("/filters/deployments?id=f")).hasSize(1);
        done(gateway.sendJson("DELETE", "/tenants/t1", null), 204);
    }
}
