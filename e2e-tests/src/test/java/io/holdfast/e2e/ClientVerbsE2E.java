package io.holdfast.e2e;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The verbs of the manager's command line one after another, as its Python client sends them: each request in that client's shape, each
 * answer with the fields without which the client stops. The checks are those of {@code src/test/python/client_checks}. What is sent in
 * them is held against what the manager says of its API: its OpenAPI documents.
 */
class ClientVerbsE2E {

    /** Fewer would mean that the checks ended early. */
    private static final int AT_LEAST = 980;

    /** What a manager on its own, without the product's workers, cannot be made to answer, and why. */
    private static final Map<String, String> NOT_ASKED = Map.ofEntries(
            entry("GET /api/v3.1/audit/stream", "it does not end"),
            entry("GET /api/holdfast/v1/events/stream", "it does not end"),
            entry("PATCH /api/v3.1/snapshots/{id}", "only while a worker of another product makes it"),
            entry("PUT /api/v3.1/deployment-updates/{id}", "only executions may"),
            entry("PATCH /api/v3.1/nodes/{deployment}/{node}", "only executions may"),
            entry("DELETE /api/v3.1/nodes/{deployment}/{node}", "only executions may"),
            entry("DELETE /api/v3.1/node-instances/{id}", "only executions may"));

    /** It is no cluster: {@link ClusterOperationsE2E} asks for these. */
    private static final String OF_CLUSTERS = " /api/holdfast/v1/cluster/";

    /** Parts of answers that are there for a moment, or with other blueprints only. */
    private static final List<String> NOT_SHOWN = List.of("ScalingGroup.", "MaintenanceStatus.remaining_executions[].");

    @TempDir
    static Path folder;

    @TestFactory
    Stream<DynamicTest> verbs() throws IOException, InterruptedException, SQLException {
        Requirements.program("python3");
        List<JsonNode> checks;
        List<ApiDocument> documents;
        try (Stack stack = Stack.start(folder.resolve("stack"))) {
            stack.parkADeadLetter();
            checks = run(stack);
            Api api = stack.api();
            documents = List.of(
                    new ApiDocument(api.getOk("/api/v3.1/openapi.json")),
                    new ApiDocument(api.getOk("/api/holdfast/v1/openapi.json")));
        }
        assertThat(checks).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        return Stream.concat(
                checks.stream()
                        .map(check -> DynamicTest.dynamicTest(
                                check.path("name").asText(),
                                () -> assertThat(check.path("problems"))
                                        .as(check.path("detail").asText())
                                        .isEmpty())),
                Stream.of(DynamicTest.dynamicTest(
                        "what was sent is what the OpenAPI documents say", () -> isAsDescribed(documents))));
    }

    /** Both ways: nothing was sent that the documents do not describe, and they describe nothing that is not sent. */
    private static void isAsDescribed(List<ApiDocument> documents) throws IOException {
        Set<String> differences = new LinkedHashSet<>();
        try (Stream<String> lines = Files.lines(folder.resolve("sent.jsonl"))) {
            lines.map(ClientVerbsE2E::parse)
                    .forEach(exchange ->
                            documents.forEach(document -> differences.addAll(document.differences(exchange))));
        }
        assertThat(differences.stream().limit(50)).isEmpty();
        assertThat(documents).allSatisfy(document -> {
            assertThat(document.refusals().keySet())
                    .as("kinds of refusals that were seen")
                    .contains(400, 401, 403, 404);
            assertThat(document.operationsNeverRefused())
                    .as("operations that were never refused for want of credentials or of a tenant")
                    .isEmpty();
        });
        assertThat(documents.stream()
                        .flatMap(document -> document.operationsNeverSeen().stream())
                        .filter(operation -> !operation.contains(OF_CLUSTERS))
                        .toList())
                .as("operations that were never answered with what was asked for")
                .containsExactlyInAnyOrderElementsOf(NOT_ASKED.keySet());
        assertThat(documents.stream()
                        .flatMap(document -> document.propertiesNeverSeen().stream())
                        .filter(property -> NOT_SHOWN.stream().noneMatch(property::startsWith))
                        .toList())
                .as("properties of answers that no answer had")
                .isEmpty();
    }

    private static List<JsonNode> run(Stack stack) throws IOException, InterruptedException {
        Path out = folder.resolve("checks.jsonl");
        Path err = folder.resolve("checks.err");
        Process process = new ProcessBuilder(
                        "python3",
                        "-B",
                        "-m",
                        "client_checks",
                        "http://127.0.0.1:" + stack.port(),
                        stack.password(),
                        folder.resolve("sent.jsonl").toString())
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
