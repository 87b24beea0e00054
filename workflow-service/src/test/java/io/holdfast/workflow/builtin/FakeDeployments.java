package io.holdfast.workflow.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stands for inventory and scheduler: deployment {@code shop} of tenant {@code t1} with three instances of the node {@code web}, deployment
 * {@code mine} with one that has an operation. Of every execution, 4 of 6 operations were finished before. What was asked of it is read
 * at {@code /control/asked}, a line each, what was counted last at {@code /control/counted}; {@code
 * /control/finished} and {@code /control/started} give {@code shop} a modification of the execution {@code e1}; {@code /control/away} makes it answer 503, {@code /control/slow} makes changes of instances wait until {@code /control/back}.
 */
public final class FakeDeployments implements QuarkusTestResourceLifecycleManager {

    /** Instances of the deployment {@code crowd}. */
    static final int MANY = 250;

    private static final String CROWD = """
            {"items": [{"id": "web", "relationships": [{"target_id": "db", "type": "connects", "type_hierarchy": ["connects"],
              "source_operations": {"establish": {"plugin": "shop", "operation": "tasks.connect"}}}]}]}""";

    private final ObjectMapper json = new ObjectMapper();
    private final List<String> asked = new ArrayList<>();
    private String earlier = "";
    private String counted = "";
    private final Queue<String> looks = new ConcurrentLinkedQueue<>(List.of("queued", "started", "terminated"));
    private boolean away;
    private boolean slow;
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            started.setExecutor(Executors.newCachedThreadPool());
            started.createContext("/", this::answer);
            started.createContext("/control", this::control);
            started.start();
            server = started;
            String url = "http://127.0.0.1:" + started.getAddress().getPort();
            return Map.of(
                    "holdfast.inventory.url",
                    url,
                    "holdfast.scheduler.url",
                    url,
                    "holdfast.workflow.built-in.threads",
                    "4");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private synchronized void control(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/control/asked" -> send(exchange, 200, "text/plain", String.join("\n", asked));
                case "/control/away" -> away = true;
                case "/control/slow" -> slow = true;
                case "/control/back" -> {
                    away = false;
                    slow = false;
                    notifyAll();
                }
                case "/control/finished", "/control/started" ->
                    earlier = "{\"id\": \"m0\", \"status\": \""
                            + exchange.getRequestURI().getPath().replaceFirst(".*/", "")
                            + "\", \"context\": {\"execution_id\": \"e1\"}}";
                case "/control/counted" -> send(exchange, 200, "text/plain", counted);
                case "/control/forget" -> {
                    counted = "";
                    asked.clear();
                    earlier = "";
                }
                default ->
                    throw new IllegalArgumentException(exchange.getRequestURI().getPath());
            }
            if (exchange.getResponseCode() < 0) {
                send(exchange, 200, "text/plain", "");
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().replaceFirst("^/internal", "");
            String method = exchange.getRequestMethod();
            JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
            if (isAway(method)) {
                problem(exchange, 503, "service_unavailable_error");
            } else if (path.startsWith("/inventory/deployments/")) {
                deployment(exchange, path.substring("/inventory/deployments/".length()));
            } else if (path.equals("/inventory/searches/deployments")) {
                send(exchange, 200, "application/json", """
                        {"items": [
                          {"id": "service", "visibility": "tenant", "created_by": "bob"},
                          {"id": "mine", "visibility": "private", "created_by": "admin"},
                          {"id": "hidden", "visibility": "private", "created_by": "bob"},
                          {"id": "bare", "visibility": "tenant", "created_by": "bob"}]}""");
            } else if (path.equals("/scheduler/executions") && method.equals("POST")) {
                starts(exchange, body);
            } else if (path.equals("/scheduler/executions/of-service")) {
                send(exchange, 200, "application/json", "{\"status\": \"" + looks.poll() + "\"}");
            } else if (path.equals("/scheduler/executions/of-mine")) {
                send(exchange, 200, "application/json", "{\"status\": \"failed\"}");
            } else if (path.equals("/inventory/nodes")) {
                send(exchange, 200, "application/json", isCrowd(exchange) ? CROWD : nodes(isMine(exchange)));
            } else if (path.equals("/inventory/node-instances")) {
                send(
                        exchange,
                        200,
                        "application/json",
                        isCrowd(exchange) ? crowd(exchange) : instances(isMine(exchange)));
            } else if (method.equals("PATCH")) {
                note(path.replaceFirst(".*/", "") + " = " + body.path("state").asText());
                send(exchange, 200, "application/json", "{}");
            } else if (path.equals("/inventory/deployment-modifications") && method.equals("GET")) {
                send(exchange, 200, "application/json", "{\"items\": [" + earlier + "]}");
            } else if (path.equals("/inventory/deployment-modifications")) {
                note("modify " + body.path("nodes") + " by "
                        + body.path("context").path("execution_id").asText());
                send(exchange, 201, "application/json", """
                        {"id": "m1", "status": "started", "node_instances": {"added_and_related": [
                           {"id": "web_3", "modification": "added"}, {"id": "web_1", "modification": "related"}],
                         "removed_and_related": []}}""");
            } else if (path.startsWith("/inventory/deployment-modifications/")) {
                note(path.substring("/inventory/deployment-modifications/".length()));
                send(exchange, 200, "application/json", "{}");
            } else if (path.startsWith("/scheduler/executions/")) {
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"status\": \"started\", \"total_operations\": 6, \"finished_operations\": 4}");
            } else if (path.startsWith("/scheduler/operation-counts/")) {
                count(body.path("finished_operations").asInt() + " of "
                        + body.path("total_operations").asInt());
                send(exchange, 204, "application/json", "");
            } else if (path.equals("/scheduler/events")) {
                for (JsonNode log : body.path("logs")) {
                    note(log.path("level").asText() + ": "
                            + log.path("message").path("text").asText());
                }
                for (JsonNode event : body.path("events")) {
                    note(event.path("context").path("node_id").asText() + ": "
                            + event.path("message").path("text").asText());
                }
                send(exchange, 201, "application/json", "null");
            } else {
                problem(exchange, 404, "not_found_error");
            }
        }
    }

    private static boolean isMine(HttpExchange exchange) {
        return exchange.getRequestURI().getQuery().contains("deployment_id=mine");
    }

    private static boolean isCrowd(HttpExchange exchange) {
        return exchange.getRequestURI().getQuery().contains("deployment_id=crowd");
    }

    /** As many instances as a page is asked for, of {@value #MANY}. */
    private static String crowd(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        int offset = number(query, "_offset", 0);
        return IntStream.range(offset, Math.min(MANY, offset + number(query, "_size", MANY)))
                .mapToObj(i -> "{\"id\": \"web_" + i + "\", \"node_id\": \"web\", \"relationships\": ["
                        + "{\"target_id\": \"db_1\", \"target_name\": \"db\", \"type\": \"connects\"}]}")
                .collect(Collectors.joining(", ", "{\"items\": [", "]}"));
    }

    private static int number(String query, String name, int otherwise) {
        return Stream.of(query.split("&"))
                .filter(part -> part.startsWith(name + "="))
                .map(part -> Integer.parseInt(part.substring(name.length() + 1)))
                .findFirst()
                .orElse(otherwise);
    }

    private synchronized boolean isAway(String method) {
        if (slow && method.equals("PATCH")) {
            note("a change waits");
        }
        while (slow && method.equals("PATCH")) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }
        return away;
    }

    private void starts(HttpExchange exchange, JsonNode body) throws IOException {
        String deployment = body.path("deployment_id").asText();
        if (deployment.equals("bare")) {
            problem(exchange, 400, "unavailable_workflow_error");
        } else {
            note("start " + body.path("workflow_id").asText() + " of " + deployment + " "
                    + body.path("parameters").path("recursive"));
            send(exchange, 201, "application/json", "{\"id\": \"of-" + deployment + "\"}");
        }
    }

    private synchronized void note(String line) {
        asked.add(line);
    }

    private synchronized void count(String progress) {
        counted = progress;
    }

    private static void deployment(HttpExchange exchange, String id) throws IOException {
        if (!id.equals("shop") && !id.equals("mine")) {
            problem(exchange, 404, "not_found_error");
            return;
        }
        send(exchange, 200, "application/json", """
                {"scaling_groups": {}, "workflows": [
                  {"name": "install", "plugin": "default_workflows", "operation": "cloudify.plugins.workflows.install"},
                  {"name": "uninstall", "plugin": "default_workflows", "operation": "cloudify.plugins.workflows.uninstall"},
                  {"name": "scale", "plugin": "default_workflows", "operation": "cloudify.plugins.workflows.scale_entity"},
                  {"name": "backup", "plugin": "shop", "operation": "shop.workflows.backup"}]}""");
    }

    private static String nodes(boolean mine) {
        return mine ? """
                {"items": [{"id": "app", "type_hierarchy": ["cloudify.nodes.Root"], "number_of_instances": 1, "relationships": [],
                  "operations": {"cloudify.interfaces.lifecycle.create": {"plugin": "mine", "operation": "tasks.create"}},
                  "properties": {}}]}""" : """
                {"items": [{"id": "web", "type_hierarchy": ["cloudify.nodes.Root"], "number_of_instances": 2, "relationships": [],
                  "operations": {"cloudify.interfaces.lifecycle.create": {"plugin": "", "operation": ""}}, "properties": {}}]}""";
    }

    private static String instances(boolean mine) {
        return mine ? """
                {"items": [{"id": "app_1", "node_id": "app", "state": "uninitialized", "relationships": []}]}""" : """
                {"items": [{"id": "web_1", "node_id": "web", "state": "uninitialized", "relationships": []},
                           {"id": "web_2", "node_id": "web", "state": "uninitialized", "relationships": []},
                           {"id": "web_3", "node_id": "web", "state": "uninitialized", "relationships": []}]}""";
    }

    private static void problem(HttpExchange exchange, int status, String code) throws IOException {
        send(
                exchange,
                status,
                "application/problem+json",
                "{\"title\": \"no\", \"status\": " + status + ", \"detail\": \"no\", \"error_code\": \"" + code
                        + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }
}
