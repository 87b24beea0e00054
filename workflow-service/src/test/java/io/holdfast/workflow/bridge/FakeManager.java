package io.holdfast.workflow.bridge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stands for inventory and scheduler: one deployment {@code shop} in tenant {@code t1}, executions {@code e…} of it. */
public final class FakeManager implements QuarkusTestResourceLifecycleManager {

    private final IdentitySigner signer =
            new IdentitySigner(MasterKey.of(HoldfastResources.SECRET_KEY), Clock.systemUTC());
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            started.createContext("/", this::answer);
            started.start();
            server = started;
            String url = "http://127.0.0.1:" + started.getAddress().getPort();
            return Map.of("holdfast.inventory.url", url, "holdfast.scheduler.url", url);
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

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            Optional<CallerIdentity> caller = signer.verify(
                    exchange.getRequestHeaders().getFirst(IdentitySigner.IDENTITY_HEADER),
                    exchange.getRequestHeaders().getFirst(IdentitySigner.SIGNATURE_HEADER),
                    exchange.getRequestMethod(),
                    path);
            boolean ours = caller.filter(found -> "t1".equals(found.tenant())).isPresent();
            if (ours && path.equals("/internal/inventory/deployments/shop")) {
                send(exchange, 200, "application/json", """
                        {"id": "shop", "display_name": "The shop", "blueprint_id": "web-shop", "created_by": "bob",
                         "resource_tags": {"team": "shop"}, "runtime_only_evaluation": true, "workflows": [
                           {"name": "install", "operation": "shop.workflows.install", "plugin": "shop", "parameters": {}},
                           {"name": "backup", "operation": "shop.workflows.backup", "plugin": "shop", "parameters": {}}]}
                        """);
            } else if (ours && path.equals("/internal/inventory/blueprints/web-shop")) {
                send(exchange, 200, "application/json", """
                        {"id": "web-shop", "plan": {"workflow_plugins_to_install": [
                          {"name": "other", "package_name": "other-plugin", "package_version": "9", "source": null},
                          {"name": "shop", "package_name": "shop-plugin", "package_version": "1.2", "source": null}]}}
                        """);
            } else if (ours && path.startsWith("/internal/scheduler/executions/e")) {
                send(exchange, 200, "application/json", """
                        {"id": "e1", "is_system_workflow": false, "blueprint_id": "web-shop", "deployment_id": "shop",
                         "parameters": {"target": "nightly"}, "created_by": "alice"}
                        """);
            } else {
                send(
                        exchange,
                        404,
                        "application/problem+json",
                        "{\"type\":\"urn:x\",\"title\":\"Not found\",\"status\":404,\"detail\":\"" + path
                                + " was not found\",\"error_code\":\"not_found_error\"}");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
