package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A blueprint from its upload to the end of its deployment, and secrets, sites, filters and plugins over a snapshot and its restore, as
 * clients of the existing product make them.
 */
class BlueprintsE2E {

    private static final String WAGON_NAME = "net_plugin-1.2-py311-none-linux_x86_64.wgn";

    private static final String BLUEPRINT = """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: [cloudify/types/types.yaml]
            inputs: {name: {type: string}}
            node_templates:
              vm: {type: cloudify.nodes.Compute, properties: {agent_config: {install_method: none}}}
              web:
                type: cloudify.nodes.WebServer
                interfaces: {cloudify.interfaces.lifecycle: {start: scripts/start.sh}}
                relationships: [{type: cloudify.relationships.contained_in, target: vm}]
            outputs: {who: {value: {get_input: name}}}
            """;

    @TempDir
    static Path folder;

    private static Stack stack;

    @BeforeAll
    static void start() {
        stack = Stack.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] plugin() throws IOException {
        byte[] wagon = zip(Map.of(
                "net-plugin/package.json",
                bytes("{\"package_name\": \"net-plugin\", \"package_version\": \"1.2\", \"archive_name\": \""
                        + WAGON_NAME + "\", \"wheels\": []}")));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(WAGON_NAME, wagon);
        files.put(
                "plugin.yaml",
                bytes(
                        "plugins: {net: {executor: central_deployment_agent, package_name: net-plugin, package_version: '1.2'}}\n"
                                + "node_types: {net.Port: {properties: {size: {default: 1}}}}\n"));
        return zip(files);
    }

    private static void ok(Api.Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    private static List<String> messages(Api api, String execution) {
        return api
                .items("/api/v3.1/events?execution_id=" + execution + "&type=cloudify_event&type=cloudify_log")
                .stream()
                .map(event -> event.get("message").asText())
                .toList();
    }

    @Test
    void blueprintBecomesADeploymentAndGoesAgain() throws IOException {
        // given
        Api api = stack.api();
        byte[] archive = zip(Map.of("bp/blueprint.yaml", bytes(BLUEPRINT), "bp/scripts/start.sh", bytes("echo")));

        // when: uploaded
        Api.Answer uploaded = api.uploadForm(
                "/api/v3.1/blueprints/shop-bp", "{\"visibility\": \"tenant\", \"labels\": [{\"a\": \"b\"}]}", archive);
        // then
        assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
        assertThat(uploaded.json().get("state").asText()).isEqualTo("uploaded");
        String execution = uploaded.json().at("/upload_execution/id").asText();
        assertThat(api.getOk("/api/v3.1/executions/" + execution)
                        .get("status_display")
                        .asText())
                .isEqualTo("completed");
        assertThat(messages(api, execution))
                .containsExactly(
                        "Starting 'upload_blueprint' workflow execution",
                        "Blueprint archive uploaded. Extracting...",
                        "Blueprint archive extracted. Parsing...",
                        "Blueprint parsed. Updating DB with blueprint plan.",
                        "'upload_blueprint' workflow execution succeeded");
        Path downloaded = api.download("/api/v3.1/blueprints/shop-bp/archive", folder.resolve("bp.zip"));
        assertThat(Files.readAllBytes(downloaded)).isEqualTo(archive);

        // when: deployed
        Api.Answer refused = api.put("/api/v3.1/deployments/shop", "{\"blueprint_id\": \"shop-bp\"}");
        Api.Answer created = api.put(
                "/api/v3.1/deployments/shop",
                "{\"blueprint_id\": \"shop-bp\", \"inputs\": {\"name\": \"bob\"}, \"visibility\": \"tenant\", \"labels\": [],"
                        + " \"display_name\": \"shop\", \"skip_plugins_validation\": false}");
        // then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("error_code").asText()).isEqualTo("missing_required_deployment_input_error");
        assertThat(refused.json().get("message").asText()).isEqualTo("missing inputs: name");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(api.getOk("/api/v3.1/deployments/shop/outputs")
                        .at("/outputs/who")
                        .asText())
                .isEqualTo("bob");
        JsonNode environment = api.getOk(
                "/api/v3.1/executions/" + created.json().get("create_execution").asText());
        assertThat(environment.get("workflow_id").asText()).isEqualTo("create_deployment_environment");
        assertThat(environment.get("deployment_id").asText()).isEqualTo("shop");
        assertThat(environment.get("status").asText()).isEqualTo("terminated");
        List<JsonNode> instances = api.items("/api/v3.1/node-instances?deployment_id=shop&node_id=web");
        assertThat(instances).hasSize(1);
        assertThat(instances.get(0).get("host_id").asText()).matches("vm_[a-z0-9]{6}");

        // when: a workflow that the standard types declare is started
        Api.Answer started = api.post(
                "/api/v3.1/executions",
                "{\"deployment_id\": \"shop\", \"workflow_id\": \"heal\", \"force_status\": \"cancelled\"}");
        Api.Answer unknown =
                api.post("/api/v3.1/executions", "{\"deployment_id\": \"shop\", \"workflow_id\": \"dance\"}");
        // then
        assertThat(started.status()).as(started.body()).isEqualTo(201);
        assertThat(unknown.json().get("error_code").asText()).isEqualTo("nonexistent_workflow_error");

        // when: all of it goes
        Api.Answer inUse = api.delete("/api/v3.1/blueprints/shop-bp?force=False");
        Api.Answer gone = api.delete("/api/v3.1/deployments/shop?force=False&delete_logs=False&recursive=False");
        Api.Answer forgotten = api.delete("/api/v3.1/blueprints/shop-bp?force=False");
        // then
        assertThat(inUse.json().get("error_code").asText()).isEqualTo("dependent_exists_error");
        assertThat(gone.status()).as(gone.body()).isEqualTo(204);
        assertThat(forgotten.status()).as(forgotten.body()).isEqualTo(204);
        assertThat(api.items("/api/v3.1/executions?deployment_id=shop&workflow_id=delete_deployment_environment")
                        .get(0)
                        .get("status")
                        .asText())
                .isEqualTo("terminated");
        assertThat(api.items("/api/v3.1/node-instances?deployment_id=shop")).isEmpty();
    }

    @Test
    void whatWasMadeIsThereAfterARestore() throws IOException {
        // given
        Api api = stack.api();
        ok(
                api.put(
                        "/api/v3.1/secrets/ck",
                        "{\"value\": \"cv\", \"update_if_exists\": false, \"is_hidden_value\": false, \"visibility\": \"tenant\"}"),
                200);
        ok(api.patch("/api/v3.1/secrets/ck", "{\"value\": \"cv2\", \"provider_options\": {}}"), 200);
        ok(api.put("/api/v3.1/sites/cs", "{\"visibility\": \"tenant\", \"location\": \"10.5,20.25\"}"), 200);
        ok(api.post("/api/v3.1/sites/cs", "{\"location\": \"1,2\", \"new_name\": \"cs2\"}"), 200);
        String rule = "{\"key\": \"a\", \"values\": [\"b\"], \"operator\": \"any_of\", \"type\": \"label\"}";
        ok(
                api.put(
                        "/api/v3.1/filters/deployments/cf",
                        "{\"filter_rules\": [" + rule + "], \"visibility\": \"tenant\"}"),
                200);
        Api.Answer uploaded = api.postBytes("/api/v3.1/plugins?visibility=tenant", plugin());
        ok(uploaded, 201);
        String plugin = uploaded.json().get("id").asText();
        ok(api.uploadForm("/api/v3.1/blueprints/bp", "{}", zip(Map.of("bp/blueprint.yaml", bytes("""
                tosca_definitions_version: cloudify_dsl_1_4
                imports: ['plugin:net-plugin?version=>=1.0']
                node_templates: {port: {type: net.Port, properties: {size: {get_secret: ck}}}}
                """)))), 201);
        ok(
                api.put(
                        "/api/v3.1/deployments/d",
                        "{\"blueprint_id\": \"bp\", \"site_name\": \"cs2\", \"labels\": [{\"a\": \"b\"}]}"),
                201);

        // when
        api.createSnapshot("full");
        api.awaitNoSnapshotRuns();
        ok(api.delete("/api/v3.1/secrets/ck"), 204);
        ok(api.delete("/api/v3.1/filters/deployments/cf"), 204);
        JsonNode restore = api.restore("full", "{\"force\": true}");

        // then
        assertThat(restore.get("status").asText()).as(restore.toPrettyString()).isEqualTo("completed");
        assertThat(api.getOk("/api/v3.1/secrets/ck").get("value").asText()).isEqualTo("cv2");
        assertThat(api.getOk("/api/v3.1/sites/cs2").get("location").asText()).isEqualTo("1.0, 2.0");
        assertThat(api.items("/api/v3.1/deployments?_filter_id=cf")).hasSize(1);
        assertThat(api.getOk("/api/v3.1/plugins/" + plugin).get("archive_name").asText())
                .isEqualTo(WAGON_NAME);
        // Sealed with the same key as before.
        ok(api.put("/api/v3.1/secrets/second", "{\"value\": \"v\"}"), 200);
        assertThat(api.getOk("/api/v3.1/secrets/second").get("value").asText()).isEqualTo("v");
    }

    @Test
    void refusalsHaveTheApisOwnBodies() {
        Api api = stack.api();
        Api.Answer rule = api.put("/api/v3.1/filters/blueprints/w", "{\"filter_rules\": [{\"key\": \"a\"}]}");
        ok(rule, 400);
        assertThat(rule.json().get("error_code").asText()).isEqualTo("invalid_filter_rule");
        assertThat(rule.json().get("message").asText())
                .startsWith("The filter rule {'key': 'a'} is not in the right format.");
        assertThat(rule.json().at("/err_filter_rule/key").asText()).isEqualTo("a");
        assertThat(rule.json().get("err_reason").asText())
                .isEqualTo("At least one of the entries in the filter rule is missing");
        assertThat(rule.json().get("server_traceback").isNull()).isTrue();
        Api.Answer notThere = api.delete("/api/v3.1/plugins/none", "{\"force\": false}");
        ok(notThere, 404);
        assertThat(notThere.json().get("message").asText())
                .isEqualTo("Requested `Plugin` with ID `none` was not found");
    }

    @Test
    void aCascadingWorkflowReachesTheDeploymentOfAComponent() {
        // given
        Api api = stack.api();
        byte[] blueprint = """
                tosca_definitions_version: cloudify_dsl_1_4
                plugins: {p: {executor: central_deployment_agent, install: false}}
                node_types: {cloudify.nodes.Component: {}}
                workflows: {check: {mapping: p.m.check, is_cascading: true}}
                node_templates: {part: {type: cloudify.nodes.Component}}
                """.getBytes(StandardCharsets.UTF_8);
        assertThat(api.uploadForm("/api/v3.1/blueprints/cascade", "{\"visibility\": \"tenant\"}", blueprint)
                        .status())
                .isEqualTo(201);
        for (String deployment : List.of("whole", "part")) {
            Api.Answer created = api.put("/api/v3.1/deployments/" + deployment, "{\"blueprint_id\": \"cascade\"}");
            assertThat(created.status()).as(created.body()).isEqualTo(201);
        }
        String instance = api.items("/api/v3.1/node-instances?deployment_id=whole")
                .get(0)
                .get("id")
                .asText();
        assertThat(api.patch(
                                "/api/v3.1/node-instances/" + instance,
                                "{\"version\": 1, \"runtime_properties\": {\"deployment\": {\"id\": \"part\"}}}")
                        .status())
                .isEqualTo(200);
        String later = "\"scheduled_time\": \"2035-01-01T00:00:00Z\"";
        // when
        Api.Answer started = api.post(
                "/api/v3.1/executions", "{\"deployment_id\": \"whole\", \"workflow_id\": \"check\", " + later + "}");
        // then
        assertThat(started.status()).as(started.body()).isEqualTo(201);
        String checks = "/api/v3.1/executions?workflow_id=check&_include=status,deployment_id,id&deployment_id=";
        JsonNode there = api.items(checks + "part").get(0);
        assertThat(there.get("status").asText()).isEqualTo("scheduled");
        // when
        api.post("/api/v3.1/executions/" + started.json().get("id").asText(), "{\"action\": \"cancel\"}");
        // then
        assertThat(api.items(checks + "part").get(0).get("status").asText()).isEqualTo("cancelled");
        // when: the execution that made a deployment elsewhere is carried over
        Api.Answer carried = api.post(
                "/api/v3.1/executions",
                "{\"id\": \"made-it\", \"deployment_id\": \"part\", \"workflow_id\": \"create_deployment_environment\","
                        + " \"force_status\": \"terminated\", \"started_at\": \"2099-01-01T00:00:00.000Z\"}");
        // then
        assertThat(carried.status()).as(carried.body()).isEqualTo(201);
        assertThat(api.getOk("/api/v3.1/deployments/part")
                        .get("create_execution")
                        .asText())
                .isEqualTo("made-it");
    }
}
