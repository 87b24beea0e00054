package io.holdfast.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.HoldfastResources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The scheduler-service as far as requests need it: remembers executions by their ids and refuses what the real one refuses. */
final class FakeScheduler implements AutoCloseable {

    /** Accepts, but the answer is lost: what a gateway sees that dies in between, or that waited too long. */
    static final String ANSWER_IS_LOST = "answer-is-lost";

    static final String BUSY = "busy";

    static final String MISSING = "missing";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One call that changes something. */
    record Submitted(CallerIdentity caller, Map<String, Object> body) {}

    private final IdentitySigner signer =
            new IdentitySigner(MasterKey.of(HoldfastResources.SECRET_KEY), Clock.systemUTC());
    private final List<Submitted> submitted = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, Object>> executions = new ConcurrentHashMap<>();
    private final HttpServer server;

    /** @param url where the gateway is told to find the scheduler, on loopback */
    FakeScheduler(String url) throws IOException {
        server = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), URI.create(url).getPort()),
                0);
        server.createContext("/internal/scheduler/executions", this::answer);
        server.start();
    }

    /** Every accepted or refused start that came in. */
    List<Submitted> submitted() {
        return submitted;
    }

    Map<String, Map<String, Object>> executions() {
        return executions;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            Optional<CallerIdentity> caller = signer.verify(
                    exchange.getRequestHeaders().getFirst(IdentitySigner.IDENTITY_HEADER),
                    exchange.getRequestHeaders().getFirst(IdentitySigner.SIGNATURE_HEADER),
                    exchange.getRequestMethod(),
                    path);
            if (caller.isEmpty()) {
                problem(exchange, 401, "unauthorized_error", "not signed");
                return;
            }
            String id = path.substring("/internal/scheduler/executions".length());
            if (id.isEmpty()) {
                submit(exchange, caller.get());
            } else if (id.equals("/lookup")) {
                lookup(exchange);
            } else {
                one(exchange, id.substring(1));
            }
        }
    }

    private void submit(HttpExchange exchange, CallerIdentity caller) throws IOException {
        Map<String, Object> body = read(exchange);
        submitted.add(new Submitted(caller, body));
        String deployment = String.valueOf(body.get("deployment_id"));
        String id = String.valueOf(body.get("id"));
        if (deployment.equals(MISSING)) {
            problem(exchange, 404, "not_found_error", "Requested `Deployment` with ID `missing` was not found");
            return;
        }
        boolean isNew = !executions.containsKey(id);
        if (deployment.equals(BUSY) && !Boolean.TRUE.equals(body.get("queue"))) {
            problem(exchange, 400, "existing_running_execution_error", "another one runs");
            return;
        }
        if (!isNew) {
            problem(exchange, 409, "conflict_error", "it exists");
            return;
        }
        Map<String, Object> execution = new LinkedHashMap<>();
        execution.put("id", id);
        execution.put("tenant_name", caller.tenant());
        execution.put("deployment_id", deployment);
        execution.put("workflow_id", body.get("workflow_id"));
        execution.put("status", body.get("scheduled_time") == null ? "pending" : "scheduled");
        execution.put("scheduled_for", body.get("scheduled_time"));
        executions.put(id, execution);
        if (deployment.equals(ANSWER_IS_LOST)) {
            throw new IOException("the answer is lost");
        }
        send(exchange, 201, execution);
    }

    private void one(HttpExchange exchange, String id) throws IOException {
        Map<String, Object> execution = executions.get(id);
        if (execution == null) {
            problem(exchange, 404, "not_found_error", "no such execution");
            return;
        }
        if (exchange.getRequestMethod().equals("POST")) {
            execution.put("status", read(exchange).get("action").equals("kill") ? "kill_cancelling" : "cancelling");
        }
        send(exchange, 200, execution);
    }

    private void lookup(HttpExchange exchange) throws IOException {
        Object wanted = read(exchange).get("ids");
        List<Map<String, Object>> found = executions.values().stream()
                .filter(execution ->
                        wanted.toString().contains(execution.get("id").toString()))
                .toList();
        send(exchange, 200, Map.of("items", found));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(HttpExchange exchange) throws IOException {
        return JSON.readValue(exchange.getRequestBody().readAllBytes(), Map.class);
    }

    private static void problem(HttpExchange exchange, int status, String code, String detail) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        send(exchange, status, Map.of("status", status, "error_code", code, "detail", detail));
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
