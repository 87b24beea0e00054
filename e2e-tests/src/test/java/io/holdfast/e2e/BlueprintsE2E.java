package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A blueprint from its upload to the end of its deployment, as clients of the existing product do it. */
class BlueprintsE2E {

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

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
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
        byte[] archive = zip(Map.of("bp/blueprint.yaml", BLUEPRINT, "bp/scripts/start.sh", "echo"));

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
                .contains(
                        "Starting 'upload_blueprint' workflow execution",
                        "Blueprint archive extracted. Parsing...",
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
        assertThat(refused.json().get("error_code").asText()).isEqualTo("deployment_creation_error");
        assertThat(refused.json().get("message").asText()).contains("Required inputs ['name'] were not specified");
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
}
