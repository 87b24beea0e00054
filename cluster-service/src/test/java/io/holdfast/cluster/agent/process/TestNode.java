package io.holdfast.cluster.agent.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.cluster.agent.AgentMain;
import io.holdfast.cluster.agent.ClusterKey;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.RequestSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A real agent in a process of its own, with the PostgreSQL that it runs. */
final class TestNode {

    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final MemberAddress address;
    private final Path directory;
    private final int routerPort;
    private @Nullable Process agent;

    /** @param status HTTP status */
    record Answer(int status, JsonNode body) {}

    TestNode(Path parent, MemberAddress address, List<MemberAddress> members, int routerPort, boolean bootstrap)
            throws IOException {
        this.address = address;
        this.directory = Files.createDirectories(parent.resolve(address.id()));
        this.routerPort = routerPort;
        Path key = directory.resolve("cluster.key");
        Files.writeString(key, KEY + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(directory.resolve("agent.properties"), """
            node.id=%s
            cluster.name=test
            members=%s
            router.port=%d
            bootstrap=%s
            # behaviour is tested here, not speed, and also on a machine that does much else
            election.timeout.ms=3000
            heartbeat.ms=200
            lease.ms=2000
            probe.stale.ms=4000
            """.formatted(
                        address.id(),
                        members.stream().map(MemberAddress::toString).collect(Collectors.joining(",")),
                        routerPort,
                        bootstrap));
    }

    String id() {
        return address.id();
    }

    MemberAddress address() {
        return address;
    }

    Path directory() {
        return directory;
    }

    int routerPort() {
        return routerPort;
    }

    void start() throws IOException {
        Path console = directory.resolve("console.log");
        agent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AgentMain.class.getName(),
                        "--config",
                        directory.resolve("agent.properties").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()))
                .start();
    }

    /** With SIGKILL; PostgreSQL runs on. */
    void killAgent() throws InterruptedException {
        Process process = agent;
        if (process != null) {
            process.destroyForcibly();
            process.waitFor(30, TimeUnit.SECONDS);
        }
    }

    /** The exit code of an agent that ends by itself. */
    int awaitEnd() throws InterruptedException {
        Process process = agent;
        if (process == null || !process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the agent of " + id() + " does not end");
        }
        return process.exitValue();
    }

    /** With SIGKILL, its first process and all others. */
    void killPostgres() {
        List<ProcessHandle> all = postgres();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }

    boolean postgresRuns() {
        return !postgres().isEmpty();
    }

    private List<ProcessHandle> postgres() {
        try {
            Path file = directory.resolve("pgdata/postmaster.pid");
            if (!Files.exists(file)) {
                return List.of();
            }
            Optional<ProcessHandle> postmaster = ProcessHandle.of(
                    Long.parseLong(Files.readAllLines(file).get(0).strip()));
            if (postmaster.isEmpty()) {
                return List.of();
            }
            List<ProcessHandle> all = new ArrayList<>();
            all.add(postmaster.get());
            all.addAll(postmaster.get().descendants().toList());
            return all;
        } catch (IOException e) {
            return List.of(); // it ends just now
        }
    }

    /** Stops agent and PostgreSQL as a machine that hangs does. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Stops PostgreSQL alone; the agent goes on and answers. */
    void pausePostgres() throws IOException, InterruptedException {
        signal("STOP", postgres());
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(postgres());
        Process process = agent;
        if (process != null && process.isAlive()) {
            all.add(process.toHandle());
        }
        signal(signal, all);
    }

    private static void signal(String signal, List<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(one -> command.add(Long.toString(one.pid())));
        new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    /** Through this node's router, as the product. */
    Connection connect() throws SQLException {
        return connect(routerPort, 10);
    }

    /** Past the router, as whoever knows the address; a commit that nobody confirms fails after some seconds. */
    Connection connectPastRouter() throws SQLException {
        return connect(address.postgresPort(), 5);
    }

    private static Connection connect(int port, int answerSeconds) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", "holdfast");
        properties.put("password", new ClusterKey(KEY).password("holdfast"));
        properties.put("connectTimeout", "3");
        properties.put("socketTimeout", Integer.toString(answerSeconds));
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/holdfast", properties);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", false);
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body, true);
    }

    Answer send(String method, String path, String body, boolean signed) throws IOException, InterruptedException {
        byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        HttpResponse<byte[]> answer = sendRaw(method, path, bytes, signed);
        return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    }

    /** Signed, the answer as text. */
    String getText(String path) throws IOException, InterruptedException {
        return new String(sendRaw("GET", path, new byte[0], true).body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private HttpResponse<byte[]> sendRaw(String method, String path, byte[] bytes, boolean signed)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.httpUrl() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes));
        if (signed) {
            request.header(
                    RequestSignature.HEADER,
                    new RequestSignature(new ClusterKey(KEY), Clock.systemUTC()).sign(method, path, bytes));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** What it logged, for a failure's message. */
    String log() {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("log/agent.0.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    /** Ends agent and PostgreSQL with SIGKILL. */
    void kill() throws IOException, InterruptedException {
        signal("CONT");
        killAgent();
        killPostgres();
    }
}
