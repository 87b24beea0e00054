package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JSON's null, and other wrong types, where the API says of which type an optional part of a body is. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class NullsInBodiesIT extends WritesCase {

    private record Sent(String method, String path, String body, String refusal) {}

    @BeforeEach
    void fill() {
        upload(
                "b",
                "tosca_definitions_version: cloudify_dsl_1_4\nnode_types: {t: {}}\nnode_templates: {web: {type: t}}\n");
        deploy("d", "b");
        done(admin.sendJson("PUT", "/secrets/s", "{\"value\": \"v\"}"), 200);
        done(admin.sendJson("PUT", "/sites/s", "{}"), 200);
        done(admin.sendJson("PUT", "/filters/deployments/f", "{\"filter_rules\": []}"), 200);
    }

    private static String type(String name, String expected, String found) {
        return name + " parameter is expected to be of type " + expected + " but is of type " + found;
    }

    @Test
    void nullIsAValueOfAWrongType() {
        String dependency = "{\"dependency_creator\": \"c\", \"source_deployment\": \"d\", ";
        for (Sent sent : List.of(
                new Sent(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"inputs\": null}",
                        type("inputs", "dict", "NoneType")),
                new Sent(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"display_name\": null}",
                        type("display_name", "str", "NoneType")),
                new Sent(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"site_name\": null}",
                        type("site_name", "str", "NoneType")),
                new Sent(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"visibility\": null}",
                        type("visibility", "str", "NoneType")),
                new Sent(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"skip_plugins_validation\": null}",
                        type("skip_plugins_validation", "bool", "NoneType")),
                new Sent(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"skip_plugins_validation\": \"true\"}",
                        type("skip_plugins_validation", "bool", "str")),
                new Sent(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"runtime_only_evaluation\": 1}",
                        type("runtime_only_evaluation", "bool", "int")),
                new Sent(
                        "PATCH",
                        "/deployments/d/set-visibility",
                        "{\"visibility\": null}",
                        type("visibility", "str", "NoneType")),
                new Sent(
                        "PATCH",
                        "/blueprints/b/set-visibility",
                        "{\"visibility\": null}",
                        type("visibility", "str", "NoneType")),
                new Sent("PATCH", "/secrets/s/set-visibility", "{}", "Missing visibility in json request body"),
                new Sent(
                        "PUT",
                        "/secrets/t",
                        "{\"value\": \"v\", \"update_if_exists\": null}",
                        "update_if_exists must be <true/false>, got None"),
                new Sent(
                        "PUT",
                        "/secrets/t",
                        "{\"value\": \"v\", \"is_hidden_value\": null}",
                        "is_hidden_value must be <true/false>, got None"),
                new Sent(
                        "PUT",
                        "/secrets/t",
                        "{\"value\": \"v\", \"visibility\": null}",
                        type("visibility", "str", "NoneType")),
                new Sent("PATCH", "/secrets/s", "{\"visibility\": null}", type("visibility", "str", "NoneType")),
                new Sent("PATCH", "/secrets/s", "{\"creator\": null}", type("creator", "str", "NoneType")),
                new Sent(
                        "POST",
                        "/secrets/share/import",
                        "{\"secrets_list\": [], \"override_collisions\": false, \"tenant_map\": null}",
                        type("tenant_map", "dict", "NoneType")),
                new Sent(
                        "POST",
                        "/secrets/share/import",
                        "{\"secrets_list\": [], \"override_collisions\": false, \"passphrase\": null}",
                        type("passphrase", "str", "NoneType")),
                new Sent("PUT", "/sites/t", "{\"location\": null}", type("location", "str", "NoneType")),
                new Sent("PUT", "/sites/t", "{\"visibility\": null}", type("visibility", "str", "NoneType")),
                new Sent("POST", "/sites/s", "{\"new_name\": null}", type("new_name", "str", "NoneType")),
                new Sent("POST", "/sites/s", "{\"visibility\": null}", type("visibility", "str", "NoneType")),
                new Sent(
                        "PUT",
                        "/filters/deployments/g",
                        "{\"filter_rules\": null}",
                        type("filter_rules", "list", "NoneType")),
                new Sent(
                        "PUT",
                        "/filters/deployments/g",
                        "{\"filter_rules\": [], \"visibility\": null}",
                        type("visibility", "str", "NoneType")),
                new Sent(
                        "PATCH",
                        "/filters/deployments/f",
                        "{\"filter_rules\": null}",
                        type("filter_rules", "list", "NoneType")),
                new Sent(
                        "PATCH",
                        "/filters/deployments/f",
                        "{\"visibility\": null}",
                        type("visibility", "str", "NoneType")),
                new Sent(
                        "PUT",
                        "/inter-deployment-dependencies",
                        dependency + "\"target_deployment\": null}",
                        type("target_deployment", "str", "NoneType")),
                new Sent(
                        "PUT",
                        "/inter-deployment-dependencies",
                        dependency + "\"target_deployment_func\": null}",
                        type("target_deployment_func", "dict", "NoneType")),
                new Sent(
                        "PUT",
                        "/inter-deployment-dependencies",
                        dependency + "\"external_source\": null}",
                        type("external_source", "dict", "NoneType")),
                new Sent(
                        "DELETE",
                        "/inter-deployment-dependencies",
                        dependency + "\"external_target\": null, \"is_component_deletion\": false}",
                        type("external_target", "dict", "NoneType")))) {
            refused(
                    admin.sendJson(sent.method(), sent.path(), sent.body()),
                    400,
                    "bad_parameters_error",
                    sent.refusal());
        }
    }

    @Test
    void updatesOfDeploymentsSayOfWhichTypeTheirParametersAre() {
        String initiate = "/deployment-updates/d/update/initiate";
        Map<String, String> refusals = new LinkedHashMap<>();
        refusals.put("{\"inputs\": null}", "parameter `inputs` must be of type `dict`");
        refusals.put("{\"reinstall_list\": null}", "parameter `reinstall_list` must be of type `list`");
        refusals.put("{\"reinstall_list\": \"web\"}", "parameter `reinstall_list` must be of type `list`");
        refusals.put("{\"preview\": null, \"inputs\": null}", "preview must be <true/false>, got None");
        refusals.put("{\"force\": [1, \"a\"], \"inputs\": null}", "force must be <true/false>, got [1, 'a']");
        for (String flag : List.of(
                "reevaluate_active_statuses",
                "auto_correct_types",
                "update_plugins",
                "install_first",
                "ignore_failure",
                "skip_reinstall",
                "skip_uninstall",
                "skip_install",
                "skip_drift_check",
                "force_reinstall",
                "skip_heal")) {
            refusals.put("{\"" + flag + "\": null}", flag + " must be <true/false>, got None");
            refusals.put("{\"" + flag + "\": 1}", flag + " must be <true/false>, got 1");
        }
        for (String method : List.of("POST", "PUT")) {
            refusals.forEach((body, refusal) ->
                    refused(bob.sendJson(method, initiate, body), 400, "bad_parameters_error", refusal));
        }
        refused(
                bob.sendJson("PUT", "/deployment-updates/u", "{\"deployment_id\": null}"),
                400,
                "bad_parameters_error",
                type("deployment_id", "str", "NoneType"));
        refused(
                bob.sendJson("PUT", "/deployment-updates/u", "{\"state\": null}"),
                400,
                "bad_parameters_error",
                "Missing deployment_id in json request body");
        assertThat(admin.items("/deployment-updates")).isEmpty();
    }

    @Test
    void nullIsNothingWhereUpdatesOfDeploymentsSayNoType() {
        done(
                bob.sendJson(
                        "POST",
                        "/deployment-updates/d/update/initiate",
                        "{\"blueprint_id\": null, \"runtime_only_evaluation\": null, \"workflow_id\": null}"),
                200);
        Api worker = worker("update");
        done(
                worker.sendJson(
                        "PUT",
                        "/deployment-updates/u",
                        "{\"deployment_id\": \"d\", \"state\": null, \"inputs\": null, \"blueprint_id\": null,"
                                + " \"created_at\": null, \"created_by\": null, \"execution_id\": null, \"steps\": null,"
                                + " \"deployment_plan\": null, \"visibility\": null}"),
                200);
        done(
                worker.sendJson(
                        "PATCH",
                        "/deployment-updates/u",
                        "{\"state\": null, \"plan\": null, \"steps\": null, \"nodes\": null, \"node_instances\": null}"),
                200);
        assertThat(admin.get("/deployment-updates/u").get("state").asText()).isEqualTo("updating");
    }

    @Test
    void updatesOfPluginsSayOfWhichTypeTheirParametersAre() {
        Map<String, String> types = new LinkedHashMap<>();
        List.of("plugin_names", "to_latest", "to_minor", "affected_deployments")
                .forEach(name -> types.put(name, "list"));
        List.of(
                        "all_to_latest",
                        "all_to_minor",
                        "force",
                        "auto_correct_types",
                        "reevaluate_active_statuses",
                        "all_tenants")
                .forEach(name -> types.put(name, "bool"));
        List.of("created_by", "created_at", "update_id", "execution_id", "state", "temp_blueprint_id")
                .forEach(name -> types.put(name, "str"));
        List.of("mapping", "deployments_per_tenant").forEach(name -> types.put(name, "dict"));
        types.forEach((name, type) -> {
            for (String phase : List.of("b/update/initiate", "nope/update/finalize")) {
                refused(
                        bob.sendJson("POST", "/plugins-updates/" + phase, "{\"" + name + "\": null}"),
                        400,
                        "bad_parameters_error",
                        type(name, type, "NoneType"));
                refused(
                        bob.sendJson("POST", "/plugins-updates/" + phase, "{\"" + name + "\": 1.5}"),
                        400,
                        "bad_parameters_error",
                        type(name, type, "float"));
            }
        });
        refused(
                bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{\"force\": \"true\"}"),
                400,
                "bad_parameters_error",
                type("force", "bool", "str"));
        assertThat(admin.items("/plugins-updates")).isEmpty();
    }

    @Test
    void pluginsAndModificationsSayOfWhichTypeTheirParametersAre() {
        for (Sent sent : List.of(
                new Sent("POST", "/plugins/p", "{\"action\": null}", type("action", "str", "NoneType")),
                new Sent("PUT", "/plugins/p", "{\"state\": \"x\", \"agent\": null}", type("agent", "str", "NoneType")),
                new Sent("PUT", "/plugins/p", "{\"manager\": null}", type("manager", "str", "NoneType")),
                new Sent("PUT", "/plugins/p", "{\"manager\": \"m\"}", "Missing state in json request body"),
                new Sent(
                        "PUT",
                        "/plugins/p",
                        "{\"state\": \"x\", \"manager\": \"m\", \"error\": null}",
                        type("error", "str", "NoneType")),
                new Sent("PATCH", "/plugins/p", "{\"creator\": null}", type("creator", "str", "NoneType")),
                new Sent("PATCH", "/plugins/p", "{\"labels\": null}", type("labels", "dict", "NoneType")),
                new Sent(
                        "PATCH",
                        "/plugins/p",
                        "{\"blueprint_labels\": null}",
                        type("blueprint_labels", "dict", "NoneType")),
                new Sent(
                        "POST",
                        "/deployment-modifications",
                        "{\"deployment_id\": \"d\", \"nodes\": null, \"context\": null}",
                        type("context", "dict", "NoneType")),
                new Sent(
                        "POST",
                        "/deployment-modifications",
                        "{\"deployment_id\": \"d\", \"nodes\": null}",
                        type("nodes", "dict", "NoneType")))) {
            refused(
                    admin.sendJson(sent.method(), sent.path(), sent.body()),
                    400,
                    "bad_parameters_error",
                    sent.refusal());
        }
    }

    @Test
    void allThatIsWrongWithFunctionsToEvaluateIsToldAtOnce() {
        String start = " for _EvaluateFunctionsArgs\n";
        for (Sent sent : List.of(
                new Sent(
                        "POST",
                        "/evaluate/functions",
                        "{}",
                        "2 validation errors" + start + "deployment_id\n  field required (type=value_error.missing)\n"
                                + "payload\n  field required (type=value_error.missing)"),
                new Sent(
                        "POST",
                        "/evaluate/functions",
                        "{\"deployment_id\": null, \"payload\": null}",
                        "2 validation errors" + start
                                + "deployment_id\n  none is not an allowed value (type=type_error.none.not_allowed)\n"
                                + "payload\n  none is not an allowed value (type=type_error.none.not_allowed)"),
                new Sent(
                        "POST",
                        "/evaluate/functions",
                        "{\"deployment_id\": [], \"context\": [], \"payload\": []}",
                        "3 validation errors" + start + "deployment_id\n  str type expected (type=type_error.str)\n"
                                + "context\n  value is not a valid dict (type=type_error.dict)\n"
                                + "payload\n  value is not a valid dict (type=type_error.dict)"),
                new Sent(
                        "POST",
                        "/evaluate/functions",
                        "{\"deployment_id\": \"d\", \"context\": null}",
                        "1 validation error" + start + "payload\n  field required (type=value_error.missing)"))) {
            refused(
                    admin.sendJson(sent.method(), sent.path(), sent.body()),
                    400,
                    "bad_parameters_error",
                    sent.refusal());
        }
        done(
                admin.sendJson(
                        "POST",
                        "/evaluate/functions",
                        "{\"deployment_id\": \"d\", \"context\": null, \"payload\": {}}"),
                200);
    }

    @Test
    void nullIsNothingWhereTheApiSaysNoType() {
        done(
                admin.sendJson(
                        "PUT",
                        "/deployments/e",
                        "{\"blueprint_id\": \"b\", \"labels\": null, \"created_at\": null, \"created_by\": null}"),
                201);
        done(admin.sendJson("PATCH", "/secrets/s", "{\"is_hidden_value\": null, \"value\": null}"), 200);
        done(admin.sendJson("PUT", "/sites/t", "{\"created_at\": null, \"created_by\": null}"), 200);
        done(
                admin.sendJson(
                        "PUT",
                        "/deployment-groups/g",
                        "{\"description\": null, \"labels\": null, \"filter_id\": null, \"deployment_ids\": null}"),
                200);
    }
}
