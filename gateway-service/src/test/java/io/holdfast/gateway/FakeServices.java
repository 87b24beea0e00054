package io.holdfast.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the services behind the gateway: one small HTTP server that answers by the last segment of the path, and refuses what is
 * not signed. Nobody listens at the scheduler's address.
 */
public final class FakeServices implements QuarkusTestResourceLifecycleManager {

    static final String ADMIN_PASSWORD = "the first password";

    private final IdentitySigner signer =
            new IdentitySigner(MasterKey.of(HoldfastResources.SECRET_KEY), Clock.systemUTC());
    private final AtomicLong brokenDownloads = new AtomicLong();
    private final AtomicLong brokenUploads = new AtomicLong();
    private final AtomicLong uploads = new AtomicLong();
    private final AtomicLong openUploads = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final CountDownLatch released = new CountDownLatch(1);
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    @Override
    public Map<String, String> start() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService executor = Executors.newCachedThreadPool();
            started.setExecutor(executor);
            started.createContext("/", this::answer);
            started.start();
            server = started;
            threads = executor;
            String url = "http://127.0.0.1:" + started.getAddress().getPort();
            return Map.of(
                    "holdfast.admin-password", ADMIN_PASSWORD,
                    "holdfast.inventory.url", url,
                    "holdfast.snapshot.url", url,
                    "holdfast.restore.url", url,
                    "holdfast.cluster.url", url,
                    "holdfast.scheduler.url", "http://127.0.0.1:" + unusedPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
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

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (path.equals("/counters")) {
                send(exchange, 200, "application/json", counters());
                return;
            }
            if (path.equals("/release")) {
                released.countDown();
                send(exchange, 204, "application/json", "");
                return;
            }
            Headers headers = exchange.getRequestHeaders();
            Optional<CallerIdentity> caller = signer.verify(
                    headers.getFirst(IdentitySigner.IDENTITY_HEADER),
                    headers.getFirst(IdentitySigner.SIGNATURE_HEADER),
                    exchange.getRequestMethod(),
                    path);
            if (caller.isEmpty()) {
                send(exchange, 401, "text/plain", "not signed");
                return;
            }
            respond(exchange, caller.get(), path.substring(path.lastIndexOf('/') + 1));
        }
    }

    private String counters() {
        return "{\"waiting\":" + waiting + ",\"brokenDownloads\":" + brokenDownloads + ",\"brokenUploads\":"
                + brokenUploads + ",\"uploads\":" + uploads + ",\"openUploads\":" + openUploads + "}";
    }

    private void respond(HttpExchange exchange, CallerIdentity caller, String what) throws IOException {
        switch (what) {
            case "missing" ->
                send(
                        exchange,
                        404,
                        "application/problem+json",
                        "{\"type\":\"urn:x\",\"title\":\"Not found\",\"status\":404,\"detail\":\"Requested `Blueprint` with ID"
                                + " `missing` was not found\",\"error_code\":\"not_found_error\",\"hint\":\"look elsewhere\"}");
            case "badrule" ->
                send(
                        exchange,
                        400,
                        "application/problem+json",
                        "{\"status\":400,\"detail\":\"bad\",\"error_code\":\"invalid_filter_rule\",\"err_reason\":\"why\"}");
            case "nowhere" ->
                send(
                        exchange,
                        404,
                        "application/problem+json",
                        "{\"status\":404,\"detail\":\"there is no resource at GET /internal/inventory/blueprints/nowhere\","
                                + "\"error_code\":\"not_found_error\"}");
            case "dead-letters" -> {
                String service = exchange.getRequestURI().getPath().split("/")[3];
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"items\":[{\"id\":1,\"service\":\"" + service + "\",\"parked_at\":\"2026-01-0"
                                + (service.length() - 6) + "T00:00:00.000Z\",\"username\":\"" + caller.username()
                                + "\"}],\"metadata\":{\"pagination\":{\"total\":1}}}");
            }
            case "discard" ->
                send(exchange, 200, "application/json", "{\"count\":2,\"username\":\"" + caller.username() + "\"}");
            case "count" -> send(exchange, 200, "application/json", "{\"count\":3}");
            case "replay" -> send(exchange, 200, "application/json", "{\"published\":3,\"refused\":1}");
            case "plugins" -> {
                exchange.getResponseHeaders().add("X-Holdfast-Made", "made-p1");
                send(exchange, 201, "application/json", "{\"id\":\"made-p1\"}");
            }
            case "html" -> send(exchange, 500, "text/html", "<h1>stack trace</h1>");
            case "unmodified" -> exchange.sendResponseHeaders(304, -1);
            case "nothing" -> exchange.sendResponseHeaders(204, -1);
            case "refusing" -> refuse(exchange);
            case "archive" -> archive(exchange);
            case "endless" -> endless(exchange);
            case "broken" -> broken(exchange);
            case "patient" -> patient(exchange, caller);
            default -> echo(exchange, caller);
        }
    }

    /** PUT counts what comes in; GET sends as many zero bytes as the query says, or the range that is asked for. */
    private void archive(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            long received = 0;
            openUploads.incrementAndGet();
            try (InputStream in = exchange.getRequestBody()) {
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    received += n;
                }
            } catch (IOException e) {
                brokenUploads.incrementAndGet();
                throw e;
            } finally {
                openUploads.decrementAndGet();
            }
            uploads.incrementAndGet();
            String encoding = exchange.getRequestHeaders().getFirst("Transfer-Encoding");
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            send(
                    exchange,
                    201,
                    "application/json",
                    "{\"received\":" + received + ",\"encoding\":\"" + encoding + "\",\"type\":\"" + type + "\"}");
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        long size = query == null ? 10 : Long.parseLong(query.substring(query.indexOf('=') + 1));
        Headers answer = exchange.getResponseHeaders();
        answer.set("Content-Type", "application/octet-stream");
        answer.set("Content-Disposition", "attachment; filename=\"s1.zip\"");
        answer.set("Accept-Ranges", "bytes");
        answer.set("ETag", "\"abc\"");
        if (exchange.getRequestMethod().equals("HEAD")) {
            answer.set("Content-Length", Long.toString(size));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if ("bytes=2-4".equals(range)) {
            answer.set("Content-Range", "bytes 2-4/" + size);
            exchange.sendResponseHeaders(206, 3);
            exchange.getResponseBody().write(new byte[3]);
            return;
        }
        exchange.sendResponseHeaders(200, size);
        write(exchange.getResponseBody(), size);
    }

    private void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try {
            write(exchange.getResponseBody(), Long.MAX_VALUE);
        } catch (IOException e) {
            brokenDownloads.incrementAndGet();
            throw e;
        }
    }

    /** Answers before it has read the body, as a service does that sees at once what is wrong. */
    private static void refuse(HttpExchange exchange) throws IOException {
        send(
                exchange,
                409,
                "application/problem+json",
                "{\"status\":409,\"detail\":\"it exists\",\"error_code\":\"conflict_error\"}");
        exchange.getResponseBody().flush();
        exchange.getRequestBody().readAllBytes();
    }

    /** Promises more than it sends. */
    private static void broken(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write(new byte[10]);
        exchange.getResponseBody().flush();
        throw new IOException("dies in the middle");
    }

    /** Answers when {@code /release} is asked for. */
    private void patient(HttpExchange exchange, CallerIdentity caller) throws IOException {
        waiting.incrementAndGet();
        try {
            if (!released.await(2, TimeUnit.MINUTES)) {
                throw new IOException("nobody released it");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        echo(exchange, caller);
    }

    private static void write(OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = size; left > 0; left -= buffer.length) {
            out.write(buffer, 0, (int) Math.min(buffer.length, left));
        }
    }

    private static void echo(HttpExchange exchange, CallerIdentity caller) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String headers = exchange.getRequestHeaders().keySet().stream()
                .map(name -> "\"" + name.toLowerCase(Locale.ROOT) + "\"")
                .sorted()
                .collect(Collectors.joining(","));
        String visible = caller.visibleTenants() == null
                ? "null"
                : caller.visibleTenants().stream()
                        .map(tenant -> "\"" + tenant + "\"")
                        .collect(Collectors.joining(",", "[", "]"));
        String roles = caller.tenantRoles().stream()
                .map(role -> "\"" + role + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        send(
                exchange,
                200,
                "application/json",
                "{\"method\":\"" + exchange.getRequestMethod() + "\",\"uri\":\"" + exchange.getRequestURI()
                        + "\",\"body\":\"" + body.replace("\"", "'") + "\",\"headers\":[" + headers
                        + "],\"username\":\""
                        + caller.username() + "\",\"admin\":" + caller.admin() + ",\"tenant\":\"" + caller.tenant()
                        + "\",\"visible\":" + visible + ",\"roles\":" + roles + ",\"auth\":\"" + caller.authMethod()
                        + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
