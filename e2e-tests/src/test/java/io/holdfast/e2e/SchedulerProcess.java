package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A scheduler-service as a process of its own, beside the one of a whole manager: same database, same broker, same key. */
final class SchedulerProcess implements AutoCloseable {

    private static final Path JAR = Repository.root().resolve("scheduler-service/target/quarkus-app/quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path log;
    private final int port = Stack.freePort();
    private final List<String> options;
    private final Map<String, String> environment;
    private Process process;

    private SchedulerProcess(Path log, List<String> options, Map<String, String> environment) {
        this.log = log;
        this.options = List.copyOf(options);
        this.environment = Map.copyOf(environment);
        this.process = launch();
    }

    /** Skips the test where the service is not packaged. */
    static void require() {
        Assumptions.assumeTrue(
                Files.exists(JAR), "skipped: the scheduler-service is not packaged (./mvnw package -DskipTests)");
    }

    /**
     * Starts one beside {@code stack}, and waits until it is ready.
     *
     * @param options of the JVM
     * @param environment where database and broker are
     */
    static SchedulerProcess beside(Stack stack, List<String> options, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        String manager = "http://127.0.0.1:" + stack.port();
        for (String service : List.of("GATEWAY", "INVENTORY", "SNAPSHOT", "RESTORE", "CLUSTER", "WORKFLOW")) {
            all.put("HOLDFAST_" + service + "_URL", manager);
        }
        try {
            all.put(
                    "HOLDFAST_SECRET_KEY",
                    Files.readString(stack.data().resolve("secret-key")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SchedulerProcess scheduler = new SchedulerProcess(stack.data().resolveSibling("scheduler.log"), options, all);
        scheduler.awaitReady();
        return scheduler;
    }

    private Process launch() {
        List<String> command = new java.util.ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx384m", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-jar", JAR.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("the scheduler-service does not start", e);
        }
    }

    private void awaitReady() {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        Awaitility.await("a scheduler-service; its log is " + log)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions()
                .until(() -> {
                    assertThat(process.isAlive()).as("it runs; see " + log).isTrue();
                    return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
                });
    }

    /** Ends it with SIGKILL and starts another one, which is not waited for. */
    void killAndStartAgain() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        process = launch();
    }

    /** For whoever asks why it does not go on. */
    String whereItStands() {
        return "a second scheduler-service that " + (process.isAlive() ? "runs\n" : "has ended\n") + Stack.endOf(log)
                + Stack.threadsOf(process.toHandle());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
