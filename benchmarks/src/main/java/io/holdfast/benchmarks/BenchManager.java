package io.holdfast.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A whole manager, as {@code ./holdfast up} starts it, in a process of its own on the bench's servers. On the bench's broker, its
 * workflow-service listens on an empty queue, so that start commands stay where the bench can count or take them.
 */
final class BenchManager implements AutoCloseable {

    /** What the workflow-service consumes instead of its queue. */
    static final String IDLE_QUEUE = "bench.idle";

    private static final String PASSWORD = "bench-password";
    private static final Pattern READY = Pattern.compile("Holdfast is ready at (http://\\S+)");
    private static final Pattern TOKEN = Pattern.compile("\"value\"\\s*:\\s*\"([^\"]+)\"");

    private final Process process;
    private final Path data;
    private final boolean kept;
    private final String url;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String token;

    private BenchManager(Process process, Path data, boolean kept, String url)
            throws IOException, InterruptedException {
        this.process = process;
        this.data = data;
        this.kept = kept;
        this.url = url;
        this.token = token();
    }

    /** @param brokerUrl null: the manager's own, embedded broker */
    static BenchManager start(String databaseUrl, String user, @Nullable String brokerUrl, String managerOptions)
            throws IOException, InterruptedException {
        return start(databaseUrl, user, brokerUrl, managerOptions, null);
    }

    /**
     * @param brokerUrl null: the manager's own, embedded broker
     * @param keep the manager's folder, which is kept at the end; null: a new one, deleted at the end
     */
    static BenchManager start(
            String databaseUrl, String user, @Nullable String brokerUrl, String managerOptions, @Nullable Path keep)
            throws IOException, InterruptedException {
        String jar = System.getProperty("holdfast.standalone.jar", "");
        if (jar.isEmpty() || !Files.isReadable(Path.of(jar))) {
            throw new IOException("the manager's jar is not at '" + jar
                    + "' (system property holdfast.standalone.jar); start the bench by ./holdfast bench");
        }
        Path data = keep == null ? Files.createTempDirectory("holdfast-bench-manager") : Files.createDirectories(keep);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dfile.encoding=UTF-8"));
        if (brokerUrl != null) {
            command.add("-Dmp.messaging.incoming.workflow-commands.queue.name=" + IDLE_QUEUE);
        }
        if (!managerOptions.isBlank()) {
            command.addAll(List.of(managerOptions.strip().split("\\s+")));
        }
        command.addAll(List.of(
                "-jar",
                jar,
                "--data",
                data.toString(),
                "--port",
                "0",
                "--database",
                databaseUrl + "?user=" + user + "&password=" + user));
        if (brokerUrl != null) {
            command.addAll(List.of("--broker", brokerUrl));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOLDFAST_ADMIN_PASSWORD", PASSWORD);
        Process process = builder.start();
        String url = ReadyProcess.await(
                process, READY, "bench-manager", "the manager did not start; its logs are in " + data + "\n");
        return new BenchManager(process, data, keep != null, url);
    }

    long pid() {
        return process.pid();
    }

    Path log() {
        return data.resolve("logs/holdfast.log");
    }

    /** @param path below {@code /api/v3.1/}, with its query */
    HttpRequest get(String path) {
        return get(url, path);
    }

    /** The same request to somebody else, with this manager's token. */
    HttpRequest get(String otherUrl, String path) {
        return HttpRequest.newBuilder(URI.create(otherUrl + "/api/v3.1/" + path))
                .timeout(Duration.ofMinutes(5))
                .header("Authentication-Token", token)
                .header("Tenant", "default_tenant")
                .build();
    }

    /** Posts an execution. @return the answer's status, when it comes */
    CompletableFuture<Integer> submit(String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v3.1/executions"))
                .timeout(Duration.ofSeconds(60))
                .header("Authentication-Token", token)
                .header("Tenant", "default_tenant")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::statusCode);
    }

    private String token() throws IOException, InterruptedException {
        String credentials = Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + "/api/v3.1/tokens"))
                        .header("Authorization", "Basic " + credentials)
                        .header("Tenant", "default_tenant")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"description\": \"bench\"}"))
                        .build(),
                BodyHandlers.ofString());
        Matcher value = TOKEN.matcher(answer.body());
        if (answer.statusCode() != 200 || !value.find()) {
            throw new IOException("no token: " + answer.statusCode() + " " + answer.body());
        }
        return value.group(1);
    }

    @Override
    public void close() throws IOException {
        ReadyProcess.end(process, Duration.ofSeconds(30));
        if (!kept) {
            BenchServer.delete(data);
        }
    }
}
