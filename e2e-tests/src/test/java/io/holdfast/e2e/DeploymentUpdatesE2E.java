package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments become what another blueprint and other inputs say, without a worker: whole, or they are as they were. */
class DeploymentUpdatesE2E {

    private static final String FIRST = """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: [cloudify/types/types.yaml]
            inputs: {name: {type: string, default: one}, size: {type: integer, default: 1, constraints: [{less_than: 5}]}}
            node_types: {app: {derived_from: cloudify.nodes.Root, properties: {port: {default: 80}}}}
            node_templates:
              web: {type: app, relationships: [{type: cloudify.relationships.connected_to, target: db}]}
              db: {type: app}
              old: {type: app}
            outputs: {who: {value: {get_input: name}}}
            """;

    private static final String SECOND = FIRST.replace("  old: {type: app}", "  cache: {type: app}")
            .replace("web: {type: app,", "web: {type: app, properties: {port: 81},")
            .replace(
                    "db: {type: app}",
                    "db: {type: app, capabilities: {scalable: {properties: {default_instances: {get_input: size}}}}}")
            .replace("outputs: {", "outputs: {size: {value: {get_input: size}}, ");

    private static final String HARD = FIRST.replace(
            "  old: {type: app}",
            "  old: {type: app}\n  hard: {type: app, interfaces: {cloudify.interfaces.lifecycle: {create: {implementation: run.sh, executor: central_deployment_agent}}}}");

    @TempDir
    static Path folder;

    private static Stack stack;
    private static Api api;

    @BeforeAll
    static void start() throws IOException {
        stack = Stack.start(folder.resolve("data"));
        api = stack.api();
        upload("first", FIRST);
        upload("second", SECOND);
        upload("hard", HARD);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    private static void upload(String id, String blueprint) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file :
                    Map.of("bp/blueprint.yaml", blueprint, "bp/run.sh", "true").entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        Api.Answer answer =
                api.uploadForm("/api/v3.1/blueprints/" + id, "{\"visibility\": \"tenant\"}", bytes.toByteArray());
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static JsonNode ok(Api.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        return answer.json();
    }

    private static void deployed(String id) {
        ok(api.put("/api/v3.1/deployments/" + id, "{\"blueprint_id\": \"first\"}"));
        JsonNode execution = ok(
                api.post("/api/v3.1/executions", "{\"deployment_id\": \"" + id + "\", \"workflow_id\": \"install\"}"));
        assertThat(ended(execution.get("id").asText()).get("status").asText()).isEqualTo("terminated");
    }

    private static JsonNode ended(String execution) {
        return Awaitility.await("the end of " + execution)
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> api.getOk("/api/v3.1/executions/" + execution),
                        found -> List.of("terminated", "failed", "cancelled")
                                .contains(found.get("status").asText()));
    }

    /** The update once its execution has ended. */
    private static JsonNode update(String deployment, String options) {
        JsonNode begun =
                ok(api.post("/api/v3.1/deployment-updates/" + deployment + "/update/initiate", "{" + options + "}"));
        ended(begun.get("execution_id").asText());
        return api.getOk("/api/v3.1/deployment-updates/" + begun.get("id").asText());
    }

    private static Map<String, List<String>> states(String deployment) {
        Map<String, List<String>> states = new TreeMap<>();
        api.items("/api/v3.1/node-instances?_sort=id&deployment_id=" + deployment)
                .forEach(one -> states.merge(
                        one.get("node_id").asText(),
                        List.of(one.get("state").asText()),
                        (some, more) ->
                                Stream.concat(some.stream(), more.stream()).toList()));
        return states;
    }

    /** All of a deployment that an update changes. */
    private static String everything(String deployment) {
        return api.getOk(
                                "/api/v3.1/deployments/" + deployment
                                        + "?_include=id,blueprint_id,inputs,outputs,workflows,scaling_groups,description,installation_status")
                        .toString()
                + api.items("/api/v3.1/nodes?_sort=id&deployment_id=" + deployment)
                + api.items("/api/v3.1/node-instances?_sort=id&deployment_id=" + deployment);
    }

    private static List<String> messages(String execution) {
        return api
                .items("/api/v3.1/events?type=cloudify_event&type=cloudify_log&_size=500&execution_id=" + execution)
                .stream()
                .map(event -> event.path("node_instance_id").asText("").replaceFirst("_.*", ": ")
                        + event.get("message").asText())
                .toList();
    }

    @Test
    void theDeploymentBecomesWhatTheNewBlueprintSays() {
        // given
        deployed("grows");
        // when
        JsonNode update = update("grows", "\"blueprint_id\": \"second\", \"inputs\": {\"name\": \"two\", \"size\": 2}");
        // then
        assertThat(update.get("state").asText()).isEqualTo("successful");
        assertThat(update.get("old_inputs").get("name").asText()).isEqualTo("one");
        assertThat(update.get("new_inputs").get("name").asText()).isEqualTo("two");
        assertThat(update.get("steps").findValuesAsText("entity_type")).contains("node", "property", "output");
        JsonNode deployment = api.getOk("/api/v3.1/deployments/grows");
        assertThat(deployment.get("blueprint_id").asText()).isEqualTo("second");
        assertThat(deployment.get("installation_status").asText()).isEqualTo("active");
        assertThat(deployment.get("latest_execution_status").asText()).isEqualTo("completed");
        JsonNode outputs = api.getOk("/api/v3.1/deployments/grows/outputs").get("outputs");
        assertThat(outputs.get("who").asText()).isEqualTo("two");
        assertThat(outputs.get("size").asInt()).isEqualTo(2);
        assertThat(states("grows"))
                .isEqualTo(Map.of(
                        "cache", List.of("started"),
                        "db", List.of("started", "started"),
                        "web", List.of("started")));
        assertThat(messages(update.get("execution_id").asText()))
                .startsWith("Starting 'update' workflow execution")
                .contains("old: Deleted node instance", "web: Deleted node instance")
                .contains("cache: Node instance started (nothing to do)", "web: Node instance started (nothing to do)")
                .endsWith("'update' workflow execution succeeded");
    }

    @Test
    void aPreviewTellsWhatWouldChangeAndChangesNothing() {
        // given
        deployed("looks");
        String before = everything("looks");
        // when
        JsonNode update = update("looks", "\"blueprint_id\": \"second\", \"preview\": true");
        // then
        assertThat(update.get("state").asText()).isEqualTo("preview");
        assertThat(update.get("steps").toString()).contains("[\"nodes\",\"cache\"]", "[\"nodes\",\"old\"]");
        assertThat(everything("looks")).isEqualTo(before);
    }

    @Test
    void whatFailsLeavesAllAsItWas() {
        // given
        deployed("stays");
        String before = everything("stays");
        // when
        JsonNode hard = update("stays", "\"blueprint_id\": \"hard\"");
        JsonNode bad = update("stays", "\"blueprint_id\": \"second\", \"inputs\": {\"size\": 7}");
        // then
        assertThat(hard.get("state").asText()).isEqualTo("failed");
        assertThat(api.getOk("/api/v3.1/executions/" + hard.get("execution_id").asText())
                        .get("error")
                        .asText())
                .contains("which needs a worker, and none is attached")
                .endsWith("Nothing was changed");
        assertThat(bad.get("state").asText()).isEqualTo("failed");
        assertThat(api.getOk("/api/v3.1/executions/" + bad.get("execution_id").asText())
                        .get("error")
                        .asText())
                .contains("ConstraintException");
        assertThat(everything("stays")).isEqualTo(before);
    }

    @Test
    void deploymentsOfAGroupAreUpdatedTogether() {
        // given
        deployed("g1");
        deployed("g2");
        ok(api.put("/api/v3.1/deployment-groups/g", "{\"deployment_ids\": [\"g1\", \"g2\"]}"));
        // when
        JsonNode group = ok(
                api.post(
                        "/api/v3.1/execution-groups",
                        "{\"deployment_group_id\": \"g\", \"workflow_id\": \"csys_update_deployment\","
                                + " \"concurrency\": 1, \"default_parameters\": {\"blueprint_id\": \"second\", \"inputs\": {\"name\": \"two\"}}}"));
        // then: for each deployment the execution that starts its update, and the update
        JsonNode after = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> api.getOk(
                                "/api/v3.1/execution-groups/" + group.get("id").asText()),
                        found -> List.of("terminated", "failed")
                                .contains(found.get("status").asText()));
        assertThat(after.get("status").asText()).isEqualTo("terminated");
        assertThat(after.get("execution_ids")).hasSize(4);
        assertThat(api.items("/api/v3.1/executions?_sort=workflow_id&execution_group_id="
                        + group.get("id").asText()))
                .extracting(execution -> execution.get("workflow_id").asText())
                .containsExactly("csys_update_deployment", "csys_update_deployment", "update", "update");
        for (String id : List.of("g1", "g2")) {
            assertThat(api.getOk("/api/v3.1/deployments/" + id)
                            .get("blueprint_id")
                            .asText())
                    .isEqualTo("second");
            assertThat(states(id)).containsOnlyKeys("cache", "db", "web");
        }
    }
}
