package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A {@code docker-compose} file of the repository as a project of its own, with variables in place of an {@code .env}. */
final class Compose {

    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String project;
    private final List<String> files = new ArrayList<>();
    private final Map<String, String> environment;

    record Ran(int exitCode, String output) {}

    Compose(String project, String file, Map<String, String> environment) {
        this.project = project;
        this.files.add(file);
        this.environment = Map.copyOf(environment);
    }

    /** Skips the test where there is no Docker, or an image is missing that nobody may be there to pull from. */
    static void require(String... images) throws IOException, InterruptedException {
        Requirements.program("docker");
        Requirements.program("docker-compose");
        Assumptions.assumeTrue(
                run(Map.of(), List.of("docker", "info")).exitCode() == 0,
                "skipped: no Docker engine answers, as is so on most machines that only build");
        for (String image : images) {
            Assumptions.assumeTrue(
                    run(Map.of(), List.of("docker", "image", "inspect", image)).exitCode() == 0,
                    "skipped: no image " + image + " here");
        }
    }

    /** From now on this file counts, too. */
    void add(Path override) {
        files.add(override.toString());
    }

    Ran run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "docker-compose",
                "--project-name",
                project,
                "--project-directory",
                Repository.root().toString()));
        files.forEach(file -> command.addAll(List.of("--file", file)));
        command.addAll(List.of(arguments));
        return run(environment, command);
    }

    /** @return what it printed */
    String ok(String... arguments) throws IOException, InterruptedException {
        Ran ran = run(arguments);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran.output();
    }

    /** By the containers' own health checks. */
    void awaitHealthy(int containers) {
        Awaitility.await(containers + " healthy containers")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(run(
                                        environment,
                                        List.of(
                                                "docker",
                                                "ps",
                                                "-q",
                                                "--filter",
                                                "health=healthy",
                                                "--filter",
                                                "label=com.docker.compose.project=" + project))
                                .output()
                                .lines())
                        .hasSize(containers));
    }

    private static Ran run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("holdfast-e2e", ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Repository.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end:\n" + Files.readString(output));
        }
        String text = Files.readString(output);
        Files.delete(output);
        return new Ran(process.exitValue(), text);
    }
}
