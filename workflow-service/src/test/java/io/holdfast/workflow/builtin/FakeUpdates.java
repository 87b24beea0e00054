package io.holdfast.workflow.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.http.IdentitySigner;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Stands for inventory and scheduler: an update adds an instance of the node {@code new}; in the deployment {@code hard} that has an
 * operation, in {@code bad} it is refused, in {@code slow} it is prepared once {@code /back} was asked. What was asked of it is read at {@code /asked}, a line each.
 */
public final class FakeUpdates implements QuarkusTestResourceLifecycleManager {

    /** Of the executions that others start, by their workflow; else they have started. */
    private static final Map<String, String> STATUSES = Map.of("good", "terminated", "bad", "failed");

    private final ObjectMapper json = new ObjectMapper();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Semaphore back = new Semaphore(0);
    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of("holdfast.inventory.url", url, "holdfast.scheduler.url", url);
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().replaceFirst("^/internal", "");
            JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            if (path.equals("/asked")) {
                send(exchange, 200, String.join("\n", asked));
            } else if (path.equals("/back")) {
                back.release();
                send(exchange, 200, "{}");
            } else if (path.equals("/forget")) {
                asked.clear();
                send(exchange, 200, "{}");
            } else if (path.startsWith("/inventory/deployment-updates/")) {
                asked.add(path.substring("/inventory/deployment-updates/".length())
                        + (body.path("preview").asBoolean() ? " as a preview" : "")
                        + (path.endsWith("/start")
                                ? " of " + body.path("blueprint_id").asText() + " for " + askedFor(exchange)
                                : ""));
                update(exchange, path, body);
            } else if (path.startsWith("/inventory/deployments/")) {
                send(exchange, 200, "{\"workflows\": [], \"scaling_groups\": {}}");
            } else if (path.equals("/inventory/nodes")) {
                send(exchange, 200, """
                        {"items": [{"id": "new", "type_hierarchy": [], "relationships": [], "number_of_instances": 1, "properties": {},
                          "operations": {"cloudify.interfaces.lifecycle.create": {"plugin": "p", "operation": "FUNCTION"}}}]}""".replace(
                                "FUNCTION", query.contains("deployment_id=hard") ? "tasks.create" : ""));
            } else if (path.equals("/inventory/node-instances")) {
                send(
                        exchange,
                        200,
                        "{\"items\": [{\"id\": \"new_1\", \"node_id\": \"new\", \"state\": \"uninitialized\", \"relationships\": []}]}");
            } else if (path.startsWith("/inventory/node-instances/")) {
                asked.add(path.replaceFirst(".*/", "") + " = "
                        + body.path("state").asText());
                send(exchange, 200, "{}");
            } else if (path.equals("/scheduler/executions")) {
                asked.add("start " + body.path("workflow_id").asText() + " of "
                        + body.path("blueprint_id").asText() + " for "
                        + body.path("parameters").path("added_instance_ids") + ", beside others: "
                        + body.path("force"));
                send(exchange, 201, "{\"id\": \"of-" + body.path("workflow_id").asText() + "\"}");
            } else if (body.has("action")) {
                asked.add(body.path("action").asText() + " " + path.replaceFirst(".*/", ""));
                send(exchange, 200, "{}");
            } else if (path.startsWith("/scheduler/executions/of-")) {
                send(
                        exchange,
                        200,
                        "{\"status\": \"" + STATUSES.getOrDefault(path.replaceFirst(".*/of-", ""), "started") + "\"}");
            } else if (path.startsWith("/scheduler/executions/")) {
                send(exchange, 200, "{\"status\": \"started\"}");
            } else {
                send(exchange, 201, "{}");
            }
        }
    }

    /** The execution on whose behalf. */
    private String askedFor(HttpExchange exchange) throws IOException {
        byte[] identity =
                Base64.getUrlDecoder().decode(exchange.getRequestHeaders().getFirst(IdentitySigner.IDENTITY_HEADER));
        return json.readTree(identity).path("executionId").asText();
    }

    private void update(HttpExchange exchange, String path, JsonNode body) throws IOException {
        if (path.endsWith("/prepare") && body.path("deployment_id").asText().equals("slow")) {
            back.acquireUninterruptibly();
        }
        if (path.endsWith("/prepare") && body.path("deployment_id").asText().equals("bad")) {
            send(
                    exchange,
                    400,
                    "{\"title\": \"no\", \"status\": 400, \"detail\": \"missing inputs: name\","
                            + " \"error_code\": \"missing_required_deployment_input_error\"}");
        } else if (path.endsWith("/finish")) {
            send(exchange, 200, "{\"refused\": []}");
        } else {
            send(exchange, 200, """
                    {"state": "STATE", "new_blueprint_id": "next", "steps": [{"entity_type": "node", "entity_id": ["nodes", "new"]}],
                     "deployment_update_node_instances":
                       {"added_and_related": [{"id": "new_1", "modification": "added", "relationships": []}]}}""".replace(
                            "STATE", body.path("preview").asBoolean() ? "preview" : "executing_workflow"));
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
