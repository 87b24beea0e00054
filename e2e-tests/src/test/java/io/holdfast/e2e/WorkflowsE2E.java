package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built-in workflows in a whole manager, as users start them. */
class WorkflowsE2E {

    private static final String SHOP = """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: [cloudify/types/types.yaml]
            node_templates:
              vm: {type: cloudify.nodes.Compute, properties: {agent_config: {install_method: none}}}
              net: {type: cloudify.nodes.Root}
              web:
                type: cloudify.nodes.WebServer
                relationships:
                  - {type: cloudify.relationships.contained_in, target: vm}
                  - {type: cloudify.relationships.connected_to, target: net}
            """;

    private static final String SCRIPTED = """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: [cloudify/types/types.yaml]
            plugins: {mine: {executor: central_deployment_agent, install: false}}
            node_templates:
              net: {type: cloudify.nodes.Root}
              app:
                type: cloudify.nodes.Root
                interfaces: {cloudify.interfaces.lifecycle: {create: mine.tasks.create}}
                relationships: [{type: cloudify.relationships.connected_to, target: net}]
            workflows:
              backup: mine.workflows.backup
            """;

    private static final String MANY = """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: [cloudify/types/types.yaml]
            node_templates:
              node: {type: cloudify.nodes.Root, instances: {deploy: 700}}
            """;

    @TempDir
    static Path folder;

    private static Stack stack;

    @BeforeAll
    static void start() {
        stack = Stack.start(
                folder.resolve("data"),
                List.of(),
                Map.of("HOLDFAST_SCHEDULER_LEASES_HEARTBEAT", "8s", "HOLDFAST_WORKFLOW_BUILT_IN_HEARTBEAT", "1s"));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void aDeploymentIsInstalledScaledHealedAndUninstalled() {
        deployment("shop", SHOP);
        run("shop", "install", "{}", "terminated");
        assertThat(states("shop")).containsOnlyKeys("vm", "net", "web").containsValue("started");
        assertThat(states("shop").values()).containsOnly("started");
        JsonNode installed = stack.api().getOk("/api/v3.1/deployments/shop");
        assertThat(installed.get("installation_status").asText()).isEqualTo("active");
        assertThat(installed.get("deployment_status").asText()).isEqualTo("good");

        String scale = run("shop", "scale", "{\"scalable_entity_name\": \"web\", \"delta\": 2}", "terminated");
        assertThat(instances("shop", "web")).hasSize(3).allSatisfy(web -> {
            assertThat(web.get("state").asText()).isEqualTo("started");
            assertThat(web.get("created_by").asText()).isEqualTo("admin");
        });
        assertThat(messages(scale))
                .anySatisfy(message -> assertThat(message).startsWith("Deployment modification started."));
        run("shop", "scale", "{\"scalable_entity_name\": \"web\", \"delta\": -2}", "terminated");
        assertThat(instances("shop", "web")).hasSize(1);

        String web = instances("shop", "web").get(0).get("id").asText();
        assertThat(instances("shop", "web").get(0).get("is_status_check_ok").asBoolean())
                .isTrue();
        String well = run("shop", "heal", "{\"node_instance_id\": \"" + web + "\"}", "terminated");
        assertThat(messages(well))
                .contains("Starting 'heal' workflow on " + web + ", Diagnosis: Not provided")
                .doesNotContain("Deleted node instance");
        String heal =
                run("shop", "heal", "{\"node_instance_id\": \"" + web + "\", \"force_reinstall\": true}", "terminated");
        assertThat(messages(heal)).contains("Deleted node instance");
        assertThat(states("shop").values()).containsOnly("started");

        String uninstall = run("shop", "uninstall", "{}", "terminated");
        assertThat(states("shop").values()).containsOnly("deleted");
        assertThat(messages(uninstall))
                .startsWith("Starting 'uninstall' workflow execution")
                .endsWith("'uninstall' workflow execution succeeded");
        assertThat(stack.api()
                        .getOk("/api/v3.1/deployments/shop")
                        .get("installation_status")
                        .asText())
                .isEqualTo("inactive");
    }

    @Test
    void whatNeedsAWorkerFailsAndChangesNothing() {
        deployment("scripted", SCRIPTED);
        String install = run("scripted", "install", "{}", "failed");
        assertThat(stack.api()
                        .getOk("/api/v3.1/executions/" + install)
                        .get("error")
                        .asText())
                .contains("cloudify.interfaces.lifecycle.create", "plugin `mine`", "Nothing was changed");
        assertThat(states("scripted").values()).containsOnly("uninitialized");

        String dry = start("scripted", "install", "{}", ", \"dry_run\": true");
        awaitEnd(dry, "terminated");
        assertThat(states("scripted").values()).containsOnly("uninitialized");
        assertThat(messages(dry))
                .startsWith("Starting 'install' workflow execution (dry run)")
                .contains("Task succeeded 'tasks.create' (dry run)")
                .endsWith("'install' workflow execution succeeded (dry run)");

        String backup = run("scripted", "backup", "{}", "failed");
        assertThat(stack.api()
                        .getOk("/api/v3.1/executions/" + backup)
                        .get("error")
                        .asText())
                .isEqualTo("this workflow needs a worker, and none is attached");
    }

    @Test
    void anInstallationGoesOnAfterAKillAndIsCancelled() throws Exception {
        deployment("many", MANY);
        String install = start("many", "install", "{}", "");
        await("some are started").until(() -> started("many") > 20);
        assertThat(started("many")).isLessThan(700);
        stack.kill9();
        stack.up();
        awaitEnd(install, "terminated");
        assertThat(started("many")).isEqualTo(700);
        assertThat(messages(install))
                .contains("Resuming 'install' workflow execution")
                .endsWith("'install' workflow execution succeeded");

        String uninstall = start("many", "uninstall", "{}", "");
        await("some are gone").until(() -> started("many") < 690);
        assertThat(stack.api()
                        .post("/api/v3.1/executions/" + uninstall, "{\"action\": \"cancel\"}")
                        .status())
                .isEqualTo(200);
        awaitEnd(uninstall, "cancelled");
        assertThat(started("many")).isPositive();
        run("many", "uninstall", "{}", "terminated");
        assertThat(started("many")).isZero();
    }

    private static void deployment(String id, String blueprint) {
        Api.Answer uploaded = stack.api().uploadForm("/api/v3.1/blueprints/" + id, "{}", zip(blueprint));
        assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
        Api.Answer made =
                stack.api().put("/api/v3.1/deployments/" + id, "{\"blueprint_id\": \"" + id + "\", \"inputs\": {}}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
    }

    /** An archive of this blueprint alone. */
    static byte[] zip(String blueprint) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bp/blueprint.yaml"));
            zip.write(blueprint.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String run(String deployment, String workflow, String parameters, String end) {
        String id = start(deployment, workflow, parameters, "");
        awaitEnd(id, end);
        return id;
    }

    private static String start(String deployment, String workflow, String parameters, String more) {
        Api.Answer started = stack.api()
                .post(
                        "/api/v3.1/executions",
                        "{\"deployment_id\": \"" + deployment + "\", \"workflow_id\": \"" + workflow
                                + "\", \"parameters\": " + parameters + more + "}");
        assertThat(started.status()).as(started.body()).isEqualTo(201);
        return started.json().get("id").asText();
    }

    private static void awaitEnd(String execution, String end) {
        await(execution).untilAsserted(() -> {
            JsonNode now = stack.api().getOk("/api/v3.1/executions/" + execution);
            assertThat(now.get("ended_at").isNull()).as(now.toString()).isFalse();
        });
        JsonNode ended = stack.api().getOk("/api/v3.1/executions/" + execution);
        assertThat(ended.get("status").asText()).as(ended.toString()).isEqualTo(end);
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofMinutes(4)).pollInterval(200, TimeUnit.MILLISECONDS);
    }

    private static List<JsonNode> instances(String deployment, String node) {
        return stack.api().items("/api/v3.1/node-instances?deployment_id=" + deployment + "&node_id=" + node);
    }

    /** By node; of several instances the last one's. */
    private static Map<String, String> states(String deployment) {
        Map<String, String> states = new TreeMap<>();
        stack.api()
                .items("/api/v3.1/node-instances?deployment_id=" + deployment)
                .forEach(instance -> states.put(
                        instance.get("node_id").asText(), instance.get("state").asText()));
        return states;
    }

    private static int started(String deployment) {
        return stack.api()
                .getOk("/api/v3.1/node-instances?_size=1&state=started&deployment_id=" + deployment)
                .at("/metadata/pagination/total")
                .asInt();
    }

    private static List<String> messages(String execution) {
        return stack.api().items("/api/v3.1/events?_sort=reported_timestamp&execution_id=" + execution).stream()
                .map(event -> event.get("message").asText())
                .toList();
    }
}
