package io.holdfast.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stands for this node's cluster agent, and for the gateway of the node that the agent says is active. */
public final class FakeCluster implements QuarkusTestResourceLifecycleManager {

    /** In the JVM of the tests there is one. */
    static volatile String role = "STANDBY";

    static volatile boolean activeKnown = true;
    static volatile long epoch = 7;

    private static final CountDownLatch SECOND_HALF = new CountDownLatch(1);

    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    @Override
    public Map<String, String> start() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService executor = Executors.newCachedThreadPool();
            started.setExecutor(executor);
            started.createContext("/cluster/role", this::tellRole);
            started.createContext("/api/", FakeCluster::answer);
            started.start();
            server = started;
            threads = executor;
            return Map.of(
                    "holdfast.cluster.agent-url",
                    "http://127.0.0.1:" + started.getAddress().getPort(),
                    "holdfast.cluster.node",
                    "n2");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    /** Lets the download {@code /api/v3.1/halves} go on after its first half. */
    static void sendSecondHalf() {
        SECOND_HALF.countDown();
    }

    private void tellRole(HttpExchange exchange) throws IOException {
        HttpServer own = server;
        String url = activeKnown && own != null
                ? "\"http://127.0.0.1:" + own.getAddress().getPort() + "\""
                : "null";
        String active = role.equals("ACTIVE") ? "\"n2\"" : activeKnown ? "\"n1\"" : "null";
        send(
                exchange,
                200,
                "{\"node\":\"n2\",\"role\":\"" + role + "\",\"epoch\":" + epoch + ",\"active\":" + active
                        + ",\"lease_valid\":true,\"manager_url\":" + url + "}");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.endsWith("/halves")) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("data: first\n\n".getBytes(UTF_8));
                out.flush();
                SECOND_HALF.await(60, TimeUnit.SECONDS);
                out.write("data: second\n\n".getBytes(UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        long received = 0;
        try (InputStream in = exchange.getRequestBody()) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                received += n;
            }
        }
        exchange.getResponseHeaders().set("X-From", "n1");
        send(
                exchange,
                path.endsWith("/teapot") ? 418 : 200,
                "{\"method\":\"" + exchange.getRequestMethod() + "\",\"uri\":\"" + exchange.getRequestURI()
                        + "\",\"received\":" + received + ",\"authorization\":\"" + header(exchange, "Authorization")
                        + "\",\"tenant\":\"" + header(exchange, "Tenant") + "\",\"accept\":\""
                        + header(exchange, "Accept") + "\",\"by\":\"" + header(exchange, "Holdfast-Forwarded-By")
                        + "\",\"for\":\"" + header(exchange, "X-Forwarded-For") + "\",\"identity\":\""
                        + header(exchange, "Holdfast-Identity") + "\"}");
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "-" : value;
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, exchange.getRequestMethod().equals("HEAD") ? -1 : bytes.length);
        try (exchange) {
            if (!exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }
}
