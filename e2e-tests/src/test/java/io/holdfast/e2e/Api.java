package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;

/** The public API as a plain HTTP client sees it. */
final class Api {

    static final ObjectMapper JSON = new ObjectMapper();

    /** Generous: a slow, busy machine is no failure. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String baseUrl;
    private final String authorization;
    private final String tenant;

    static Api at(String baseUrl, String username, String password) {
        return new Api(baseUrl, basic(username, password), "default_tenant");
    }

    private Api(String baseUrl, String authorization, String tenant) {
        this.baseUrl = baseUrl;
        this.authorization = authorization;
        this.tenant = tenant;
    }

    Api as(String username, String password) {
        return new Api(baseUrl, basic(username, password), tenant);
    }

    Api inTenant(String name) {
        return new Api(baseUrl, authorization, name);
    }

    /** An answer; {@code json} is null where there is no JSON in it. */
    record Answer(int status, String body, HttpResponse<?> raw) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + body, e);
            }
        }
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    JsonNode getOk(String path) {
        Answer answer = get(path);
        assertThat(answer.status()).as("GET " + path + ": " + answer.body()).isEqualTo(200);
        return answer.json();
    }

    List<JsonNode> items(String path) {
        List<JsonNode> items = new ArrayList<>();
        getOk(path).get("items").forEach(items::add);
        return items;
    }

    Answer put(String path, String json) {
        return send("PUT", path, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    }

    Answer post(String path, String json) {
        return send("POST", path, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    }

    Answer patch(String path, String json) {
        return send("PATCH", path, BodyPublishers.ofString(json));
    }

    /** Some deletions have a body. */
    Answer delete(String path, String json) {
        return send("DELETE", path, BodyPublishers.ofString(json));
    }

    /** Bytes under the content type of JSON, as the client sends plugins. */
    Answer postBytes(String path, byte[] bytes) {
        return send("POST", path, BodyPublishers.ofByteArray(bytes));
    }

    Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    /** Uploads chunked, without a length, under the content type that the Python client sends: application/json. */
    Answer upload(String path, Path file) {
        return send("PUT", path, BodyPublishers.fromPublisher(filePublisher(file)));
    }

    /** As the Python client uploads a blueprint: JSON in the field {@code params}, and a file. */
    Answer uploadForm(String path, String params, byte[] file) {
        String boundary = "holdfast-boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"params\"\r\n\r\n" + params
                        + "\r\n--" + boundary
                        + "\r\nContent-Disposition: form-data; name=\"application_archive\"; filename=\"bp.zip\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return answer(request(path)
                .setHeader("Content-Type", "multipart/form-data; boundary=" + boundary)
                .PUT(BodyPublishers.ofByteArray(body.toByteArray()))
                .build());
    }

    Path download(String path, Path target) {
        try {
            HttpResponse<Path> response = client.send(request(path).GET().build(), BodyHandlers.ofFile(target));
            assertThat(response.statusCode()).as("GET " + path).isEqualTo(200);
            assertThat(response.headers().firstValueAsLong("content-length")).isPresent();
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks for a snapshot and waits until its archive is there. */
    void createSnapshot(String id) {
        Answer answer = put("/api/v3.1/snapshots/" + id, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        awaitSnapshot(id, "created");
    }

    void awaitSnapshot(String id, String status) {
        Awaitility.await("snapshot " + id + " " + status)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    JsonNode snapshot = getOk("/api/v3.1/snapshots/" + id);
                    assertThat(snapshot.get("status").asText())
                            .as(snapshot.toString())
                            .isEqualTo(status);
                });
    }

    /** Also for the scheduler, which hears of an archive's end by a message; until then no restore may begin. */
    void awaitNoSnapshotRuns() {
        Awaitility.await("executions of snapshots end")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(
                                items("/api/v3.1/executions?_include_system_workflows=true&_get_all_results=true"))
                        .filteredOn(execution ->
                                execution.get("workflow_id").asText().equals("create_snapshot"))
                        .allSatisfy(
                                execution -> assertThat(execution.get("status").asText())
                                        .isIn("terminated", "failed", "cancelled")));
    }

    /** Restores and waits for the end; answers the restore's record of our own API. */
    JsonNode restore(String snapshotId, String json) {
        Answer answer = post("/api/v3.1/snapshots/" + snapshotId + "/restore", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        String restoreId = answer.json().get("id").asText();
        Awaitility.await("restore " + restoreId)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(
                                getOk("/api/v3.1/snapshot-status").get("status").asText())
                        .isEqualTo("not-running"));
        return getOk("/api/holdfast/v1/restores/" + restoreId);
    }

    private Answer send(String method, String path, BodyPublisher body) {
        return answer(request(path).method(method, body).build());
    }

    private Answer answer(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(PATIENCE)
                .header("Authorization", authorization)
                .header("Tenant", tenant)
                .header("Content-Type", "application/json");
    }

    private static BodyPublisher filePublisher(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String basic(String username, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
