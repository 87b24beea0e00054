package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.holdfast.testsupport.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole manager with an attached worker that knows nothing of Holdfast: it reads AMQP and speaks the manager API. */
class BridgeE2E {

    private static final String STARTS = "cloudify.management_workflow";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void anAttachedWorkerRunsExecutionsOnItsExecutionToken() throws Exception {
        try (TestBroker broker = TestBroker.qpid();
                Stack stack = Stack.start(
                        folder.resolve("data"),
                        List.of("--broker", broker.url()),
                        Map.of("HOLDFAST_WORKFLOW_BRIDGE_ENABLED", "true"));
                Connection connection = connect(broker);
                Channel channel = connection.createChannel()) {
            // given
            SmallManager.into(stack, folder);
            String hooks = channel.queueDeclare().getQueue();
            channel.queueBind(hooks, "cloudify-events-topic", "events.hooks");
            String id = start(stack.api(), "backup");

            // when: the worker takes it
            JsonNode task = next(channel, STARTS);
            assertThat(task.get("id").asText()).isEqualTo(id);
            JsonNode context = task.at("/cloudify_task/kwargs/__cloudify_context");
            assertThat(context.get("task_name").asText()).isEqualTo("shop.workflows.backup");
            assertThat(context.at("/tenant/name").asText()).isEqualTo("default_tenant");
            Worker worker =
                    new Worker(stack.port(), context.get("execution_token").asText(), "Execution-Token");
            Worker older = new Worker(stack.port(), context.get("rest_token").asText(), "Authentication-Token");

            // then: it may see its execution, and nobody may with another's token
            HttpResponse<String> seen = worker.send("GET", "/executions/" + id, "");
            assertThat(seen.statusCode()).as(seen.body()).isEqualTo(200);
            assertThat(seen.headers().firstValue("X-Cloudify-Audit-Auth-Method"))
                    .contains("execution_token");
            assertThat(older.send("GET", "/executions/" + id, "").statusCode()).isEqualTo(200);
            assertThat(worker.send("GET", "/executions/" + id, "", "research").statusCode())
                    .isEqualTo(401);

            // when: it works and reports, over REST and over the broker
            assertThat(worker.send("PATCH", "/executions/" + id, "{\"status\": \"started\"}")
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> reported = worker.send(
                    "POST",
                    "/events",
                    "{\"events\": [{\"event_type\": \"task_started\", \"message\": {\"text\": \"over REST\"}}]}");
            assertThat(reported.statusCode()).as(reported.body()).isEqualTo(201);
            channel.basicPublish(
                    "cloudify-logs",
                    "",
                    null,
                    ("{\"type\": \"cloudify_log\", \"logger\": \"ctx\","
                                    + " \"level\": \"info\", \"timestamp\": \"2026-03-13T12:00:00.000Z\", \"context\":"
                                    + " {\"execution_id\": \"" + id + "\", \"tenant\": {\"name\": \"default_tenant\"}},"
                                    + " \"message\": {\"text\": \"over the broker\"}}")
                            .getBytes(StandardCharsets.UTF_8));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(stack.api().items("/api/v3.1/events?execution_id=" + id))
                            .extracting(event -> event.get("message").asText())
                            .contains("over REST", "over the broker"));
            assertThat(worker.send("PATCH", "/executions/" + id, "{\"status\": \"terminated\"}")
                            .statusCode())
                    .isEqualTo(200);

            // then: it has ended, listeners have heard of it, and its token is dead
            assertThat(stack.api()
                            .getOk("/api/v3.1/executions/" + id)
                            .get("status")
                            .asText())
                    .isEqualTo("terminated");
            assertThat(worker.send("GET", "/executions/" + id, "").statusCode()).isEqualTo(401);
            assertThat(next(channel, hooks, "workflow_succeeded", id)
                            .at("/context/rest_token")
                            .isNull())
                    .isTrue();
        }
    }

    @Test
    void aKillIsToldToTheWorkerAndACancelIsSeenByIt() throws Exception {
        try (TestBroker broker = TestBroker.qpid();
                Stack stack = Stack.start(
                        folder.resolve("data"),
                        List.of("--broker", broker.url()),
                        Map.of("HOLDFAST_WORKFLOW_BRIDGE_ENABLED", "true"));
                Connection connection = connect(broker);
                Channel channel = connection.createChannel()) {
            // given
            SmallManager.into(stack, folder);
            String service = channel.queueDeclare().getQueue();
            channel.queueBind(service, "cloudify-mgmtworker-service", "");
            String id = start(stack.api(), "backup");
            JsonNode context = next(channel, STARTS).at("/cloudify_task/kwargs/__cloudify_context");
            Worker worker =
                    new Worker(stack.port(), context.get("execution_token").asText(), "Execution-Token");
            assertThat(worker.send("PATCH", "/executions/" + id, "{\"status\": \"started\"}")
                            .statusCode())
                    .isEqualTo(200);

            // when
            act(stack.api(), id, "cancel");
            // then
            assertThat(Api.JSON
                            .readTree(
                                    worker.send("GET", "/executions/" + id, "").body())
                            .get("status")
                            .asText())
                    .isEqualTo("cancelling");

            // when
            act(stack.api(), id, "kill");
            // then
            JsonNode kwargs = next(channel, service).at("/service_task/kwargs");
            assertThat(kwargs.get("execution_id").asText()).isEqualTo(id);
            Worker killer =
                    new Worker(stack.port(), kwargs.get("execution_token").asText(), "Execution-Token");
            assertThat(killer.send("PATCH", "/executions/" + id, "{\"status\": \"cancelled\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(stack.api()
                            .getOk("/api/v3.1/executions/" + id)
                            .get("status")
                            .asText())
                    .isEqualTo("cancelled");
        }
    }

    @Test
    void anAttachedWorkerInstallsAPluginAndRemovesItOnATokenForItAlone() throws Exception {
        try (TestBroker broker = TestBroker.qpid();
                Stack stack = Stack.start(
                        folder.resolve("data"),
                        List.of("--broker", broker.url()),
                        Map.of("HOLDFAST_WORKFLOW_BRIDGE_ENABLED", "true"));
                Connection connection = connect(broker);
                Channel channel = connection.createChannel()) {
            // given
            Api api = stack.api();
            String plugin = plugin(api, "net");
            String other = plugin(api, "disk");

            // when: it is asked for before any worker is there
            Api.Answer asked =
                    api.post("/api/v3.1/plugins/" + plugin, "{\"action\": \"install\", \"managers\": [\"worker-1\"]}");
            assertThat(asked.json().at("/installation_state/0/state").asText()).isEqualTo("pending-install");
            String service = channel.queueDeclare().getQueue();
            channel.queueBind(service, "cloudify-mgmtworker-service", "");
            JsonNode task = next(channel, service).get("service_task");

            // then: the worker can do what it has to
            assertThat(task.get("task_name").asText()).isEqualTo("install-plugin");
            JsonNode kwargs = task.get("kwargs");
            assertThat(kwargs.get("target")).extracting(JsonNode::asText).containsExactly("worker-1");
            assertThat(kwargs.at("/plugin/id").asText()).isEqualTo(plugin);
            Worker worker = new Worker(stack.port(), kwargs.get("rest_token").asText(), "Authentication-Token");
            assertThat(Api.JSON
                            .readTree(worker.send("GET", "/plugins?package_name=net&package_version=1.0", "")
                                    .body())
                            .at("/items/0/id")
                            .asText())
                    .isEqualTo(plugin);
            assertThat(worker.send("GET", "/plugins/" + plugin + "/archive", "").statusCode())
                    .isEqualTo(200);
            for (String state : List.of("installing", "installed")) {
                assertThat(worker.send(
                                        "PUT",
                                        "/plugins/" + plugin,
                                        "{\"manager\": \"worker-1\", \"state\": \"" + state + "\"}")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(api.getOk("/api/v3.1/plugins/" + plugin)
                                .at("/installation_state/0/state")
                                .asText())
                        .isEqualTo(state);
            }
            // and nothing else
            for (String path :
                    List.of("/plugins/" + other, "/plugins/" + other + "/archive", "/blueprints", "/secrets")) {
                assertThat(worker.send("GET", path, "").statusCode()).as(path).isEqualTo(403);
            }
            assertThat(worker.send("DELETE", "/plugins/" + plugin, "{\"force\": true}")
                            .statusCode())
                    .isEqualTo(403);

            // when
            assertThat(api.delete("/api/v3.1/plugins/" + plugin, "{\"force\": false}")
                            .status())
                    .isEqualTo(204);
            // then: as the worker expects it of one that is gone
            JsonNode removal = next(channel, service).get("service_task");
            assertThat(removal.get("task_name").asText()).isEqualTo("uninstall-plugin");
            Worker remover =
                    new Worker(stack.port(), removal.at("/kwargs/rest_token").asText(), "Authentication-Token");
            assertThat(remover.send(
                                    "PUT",
                                    "/plugins/" + plugin,
                                    "{\"manager\": \"worker-1\", \"state\": \"uninstalled\"}")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private static String plugin(Api api, String packageName) throws IOException {
        Api.Answer uploaded = api.postBytes("/api/v3.1/plugins?visibility=tenant", Wagon.of(packageName));
        assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
        return uploaded.json().get("id").asText();
    }

    private static Connection connect(TestBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        return factory.newConnection();
    }

    private static String start(Api api, String workflow) {
        Api.Answer answer = api.post(
                "/api/v3.1/executions",
                "{\"deployment_id\": \"shop\", \"workflow_id\": \"" + workflow + "\", \"force\": true}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().get("id").asText();
    }

    private static void act(Api api, String id, String action) {
        Api.Answer answer = api.post("/api/v3.1/executions/" + id, "{\"action\": \"" + action + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static JsonNode next(Channel channel, String queue) {
        AtomicReference<GetResponse> got = new AtomicReference<>();
        await("a message in " + queue).atMost(PATIENCE).until(() -> {
            got.set(channel.basicGet(queue, true));
            return got.get() != null;
        });
        return json(got.get());
    }

    /** The hook of this kind of this execution; others are passed over. */
    private static JsonNode next(Channel channel, String queue, String eventType, String id) {
        AtomicReference<JsonNode> found = new AtomicReference<>();
        await(eventType).atMost(PATIENCE).until(() -> {
            GetResponse got = channel.basicGet(queue, true);
            if (got != null) {
                JsonNode hook = json(got);
                if (hook.get("event_type").asText().equals(eventType)
                        && hook.at("/context/execution_id").asText().equals(id)) {
                    found.set(hook);
                }
            }
            return found.get() != null;
        });
        return found.get();
    }

    private static JsonNode json(GetResponse got) {
        try {
            return Api.JSON.readTree(got.getBody());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Speaks the manager API with nothing but its token. */
    private final class Worker {

        private final int port;
        private final String token;
        private final String header;

        Worker(int port, String token, String header) {
            this.port = port;
            this.token = token;
            this.header = header;
        }

        HttpResponse<String> send(String method, String path, String body) throws Exception {
            return send(method, path, body, "default_tenant");
        }

        HttpResponse<String> send(String method, String path, String body, String tenant) throws Exception {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v3.1" + path))
                            .header(header, token)
                            .header("Tenant", tenant)
                            .header("Content-Type", "application/json")
                            .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
