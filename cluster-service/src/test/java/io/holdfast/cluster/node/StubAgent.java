package io.holdfast.cluster.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.cluster.agent.ClusterKey;
import io.holdfast.cluster.agent.RequestSignature;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stands for this node's cluster agent: tells what a test says, and takes signed operations. */
public final class StubAgent implements QuarkusTestResourceLifecycleManager {

    private static final String KEY = "0123456789abcdef0123456789abcdef";

    static volatile long epoch = 7;
    static volatile String stateOfN3 = "streaming";
    /** JSON: null is one that does not answer. */
    static volatile String roleOfN3 = "\"FOLLOWER\"";

    static volatile boolean n3IsHeard = true;
    static final List<String> OPERATIONS = new CopyOnWriteArrayList<>();

    private final RequestSignature signature = new RequestSignature(new ClusterKey(KEY), Clock.systemUTC());
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;
    private @Nullable Path key;

    @Override
    public Map<String, String> start() {
        try {
            Path file = Files.createTempFile(
                    "cluster",
                    ".key",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, KEY);
            key = file;
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService executor = Executors.newCachedThreadPool();
            started.setExecutor(executor);
            started.createContext("/cluster/role", exchange -> send(exchange, 200, """
                    {"node":"n1","role":"ACTIVE","epoch":%d,"active":"n1","lease_valid":true,"version":%d,\
                    "manager_url":"http://10.0.0.1:8080"}""".formatted(epoch, epoch)));
            started.createContext(
                    "/cluster/status",
                    exchange -> send(exchange, 200, """
                    {"cluster":"c","state":"healthy","active":"n1","epoch":%d,"paused":false,"members":[
                     {"id":"n1","host":"10.0.0.1","kind":"DATA","role":"ACTIVE","state":"running","in_sync":true,"lag_bytes":null},
                     {"id":"n3","host":"10.0.0.3","kind":"DATA","role":%s,"state":"%s","heard":%s,"in_sync":true,"lag_bytes":42}]}""".formatted(epoch, roleOfN3, stateOfN3, n3IsHeard)));
            started.createContext("/cluster/switchover", this::operate);
            started.start();
            server = started;
            threads = executor;
            return Map.of(
                    "holdfast.cluster.agent-url",
                    "http://127.0.0.1:" + started.getAddress().getPort(),
                    "holdfast.cluster.node",
                    "n1",
                    "holdfast.cluster.key-file",
                    file.toString());
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
        if (key != null) {
            try {
                Files.deleteIfExists(key);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void operate(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String header = exchange.getRequestHeaders().getFirst(RequestSignature.HEADER);
        Optional<String> refusal = header == null
                ? Optional.of("not signed")
                : signature.refusal(
                        exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, header);
        if (refusal.isPresent()) {
            send(exchange, 401, "{\"detail\":\"" + refusal.get() + "\"}");
            return;
        }
        OPERATIONS.add(new String(body, UTF_8));
        send(exchange, 409, "{\"detail\":\"n3 is not in sync\",\"error_code\":\"conflict_error\"}");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
