package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The verbs of the manager's command line one after another, as its Python client sends them: each request in that client's shape, each
 * answer with the fields without which the client stops. The checks are those of {@code src/test/python/client_checks}.
 */
class ClientVerbsE2E {

    /** Fewer would mean that the checks ended early. */
    private static final int AT_LEAST = 430;

    @TempDir
    static Path folder;

    @TestFactory
    Stream<DynamicTest> verbs() throws IOException, InterruptedException {
        Requirements.program("python3");
        List<JsonNode> checks;
        try (Stack stack = Stack.start(folder.resolve("stack"))) {
            checks = run(stack);
        }
        assertThat(checks).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        return checks.stream()
                .map(check -> DynamicTest.dynamicTest(
                        check.path("name").asText(),
                        () -> assertThat(check.path("problems"))
                                .as(check.path("detail").asText())
                                .isEmpty()));
    }

    private static List<JsonNode> run(Stack stack) throws IOException, InterruptedException {
        Path out = folder.resolve("checks.jsonl");
        Path err = folder.resolve("checks.err");
        Process process = new ProcessBuilder(
                        "python3", "-B", "-m", "client_checks", "http://127.0.0.1:" + stack.port(), stack.password())
                .directory(
                        Repository.root().resolve("e2e-tests/src/test/python").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.MINUTES))
                .as("the checks end in time; so far: %s", Files.readString(out))
                .isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        try (Stream<String> lines = Files.lines(out)) {
            return lines.map(ClientVerbsE2E::parse).toList();
        }
    }

    private static JsonNode parse(String line) {
        try {
            return Api.JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
