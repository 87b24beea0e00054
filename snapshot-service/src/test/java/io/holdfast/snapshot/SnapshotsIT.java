package io.holdfast.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.archive.ArchiveReader;
import io.holdfast.archive.Hashes;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SnapshotsIT {

    @TestHTTPResource("/internal/snapshot")
    URI base;

    @Inject
    IdentitySigner signer;

    @Inject
    ObjectMapper mapper;

    @ConfigProperty(name = "holdfast.database.url")
    String databaseUrl;

    @ConfigProperty(name = "holdfast.database.username")
    String databaseUser;

    @ConfigProperty(name = "holdfast.data")
    Path data;

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static int ids;

    @BeforeEach
    void someState() throws SQLException {
        sql("INSERT INTO access.tenants (name) VALUES ('default_tenant') ON CONFLICT DO NOTHING");
    }

    @Test
    void aSnapshotIsRequestedCreatedListedDownloadedAndDeleted() throws Exception {
        // given
        String id = id();
        // when requested like the documents' curl: no body, no content type
        HttpResponse<byte[]> requested = send("PUT", "/snapshots/" + id, BodyPublishers.noBody());
        // then
        assertThat(requested.statusCode()).isEqualTo(201);
        JsonNode execution = json(requested);
        assertThat(execution.path("workflow_id").asText()).isEqualTo("create_snapshot");
        assertThat(execution.path("status").asText()).isEqualTo("pending");
        assertThat(execution.path("total_operations")).isEqualTo(IntNode.valueOf(0));
        assertThat(execution.path("finished_operations")).isEqualTo(IntNode.valueOf(0));
        assertThat(execution.path("parameters").path("snapshot_id").asText()).isEqualTo(id);
        awaitStatus(id, "created");
        JsonNode listed = json(send("GET", "/snapshots?id=" + id, BodyPublishers.noBody()));
        assertThat(listed.at("/metadata/pagination/total").asInt()).isEqualTo(1);
        assertThat(listed.at("/items/0/visibility").asText()).isEqualTo("private");
        assertThat(listed.at("/items/0/error").asText()).isEmpty();
        JsonNode details = json(send("GET", "/v1/snapshots/" + id, BodyPublishers.noBody()));
        HttpResponse<byte[]> download = send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody());
        assertThat(download.statusCode()).isEqualTo(200);
        assertThat(download.headers().firstValueAsLong("Content-Length")).hasValue(download.body().length);
        assertThat(download.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=" + id + ".zip");
        assertThat(details.path("sha256").asText())
                .isEqualTo(Hashes.sha256Hex(download.body(), 0, download.body().length));
        assertThat(details.path("size_bytes").asLong()).isEqualTo(download.body().length);
        assertThat(details.path("layout").asText()).isEqualTo("NATIVE");
        assertThat(details.at("/contents/access.tenants").asInt()).isPositive();
        try (ArchiveReader reader = ArchiveReader.open(Files.write(folder.resolve("a.zip"), download.body()))) {
            assertThat(reader.metadata().snapshotId()).isEqualTo(id);
            assertThat(reader.metadata().executionId())
                    .isEqualTo(execution.path("id").asText());
        }
        assertThat(events(id)).containsExactly("snapshot.requested.v1", "snapshot.created.v1");
        HttpResponse<byte[]> deleted = send("DELETE", "/snapshots/" + id, BodyPublishers.noBody());
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(json(deleted).path("id").asText()).isEqualTo(id);
        assertRefused(
                send("GET", "/snapshots/" + id, BodyPublishers.noBody()),
                404,
                "Requested `Snapshot` with ID `" + id + "` was not found");
        assertThat(archives()).noneMatch(file -> file.getFileName().toString().startsWith(id));
    }

    @Test
    void ofThoseWhoDeleteASnapshotAtOnceOneDoes() throws Exception {
        for (int round = 0; round < 4; round++) {
            // given
            String id = create();
            List<Future<Integer>> deleting = new ArrayList<>();
            // when
            ExecutorService threads = Executors.newFixedThreadPool(6);
            for (int i = 0; i < 6; i++) {
                deleting.add(threads.submit(() -> send("DELETE", "/snapshots/" + id, BodyPublishers.noBody())
                        .statusCode()));
            }
            // then
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> one : deleting) {
                statuses.add(one.get());
            }
            threads.shutdown();
            assertThat(statuses).containsExactlyInAnyOrder(200, 404, 404, 404, 404, 404);
        }
    }

    @Test
    void partsOfAnArchiveAreDownloadedByRange() throws Exception {
        // given
        String id = create();
        byte[] whole = send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody())
                .body();
        // when
        HttpResponse<byte[]> part =
                send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody(), "Range", "bytes=100-299");
        HttpResponse<byte[]> tail =
                send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody(), "Range", "bytes=-50");
        HttpResponse<byte[]> beyond = send(
                "GET",
                "/snapshots/" + id + "/archive",
                BodyPublishers.noBody(),
                "Range",
                "bytes=" + whole.length + "-");
        HttpResponse<byte[]> other = send(
                "GET",
                "/snapshots/" + id + "/archive",
                BodyPublishers.noBody(),
                "Range",
                "bytes=100-299",
                "If-Range",
                "\"x\"");
        HttpResponse<byte[]> head = send("HEAD", "/snapshots/" + id + "/archive", BodyPublishers.noBody());
        // then
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 100-299/" + whole.length);
        assertThat(part.headers().firstValueAsLong("Content-Length")).hasValue(200);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 100, 300));
        assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(whole, whole.length - 50, whole.length));
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).isEqualTo(whole);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(whole.length);
    }

    @Test
    void anArchiveIsUploadedInChunksUnderAnyContentType() throws Exception {
        // given
        String source = create();
        byte[] archive = send("GET", "/snapshots/" + source + "/archive", BodyPublishers.noBody())
                .body();
        for (String type : List.of(
                "application/json", "application/octet-stream", "application/x-www-form-urlencoded", "text/plain")) {
            String id = id();
            // when: no length announced, so the body goes in chunks
            HttpResponse<byte[]> uploaded = send(
                    "PUT",
                    "/snapshots/" + id + "/archive",
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(archive)),
                    "Content-Type",
                    type);
            // then
            assertThat(uploaded.statusCode())
                    .as(type + ": " + new String(uploaded.body(), StandardCharsets.UTF_8))
                    .isEqualTo(201);
            assertThat(json(uploaded).path("status").asText()).isEqualTo("uploaded");
            assertThat(send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody())
                            .body())
                    .isEqualTo(archive);
        }
    }

    @Test
    void anUploadMayBeNamedByADate() throws Exception {
        // given
        byte[] archive = send("GET", "/snapshots/" + create() + "/archive", BodyPublishers.noBody())
                .body();
        // when
        for (String id : List.of("0", "2026-03-13")) {
            HttpResponse<byte[]> uploaded =
                    send("PUT", "/snapshots/" + id + "/archive", BodyPublishers.ofByteArray(archive));
            // then
            assertThat(uploaded.statusCode()).isEqualTo(201);
            assertThat(json(uploaded).path("id").asText()).isEqualTo(id);
            assertThat(send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody())
                            .body())
                    .isEqualTo(archive);
            assertThat(send("DELETE", "/snapshots/" + id, BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(200);
        }
        for (String id : List.of("..", "-1", "_a", ".zip")) {
            assertThat(send(
                                    "PUT",
                                    "/snapshots/" + id.replace(".", "%2E") + "/archive",
                                    BodyPublishers.ofByteArray(archive))
                            .statusCode())
                    .as(id)
                    .isBetween(400, 404);
        }
    }

    @Test
    void badUploadsAreRefusedAndLeaveNoTrace() throws Exception {
        // given
        byte[] archive = send("GET", "/snapshots/" + create() + "/archive", BodyPublishers.noBody())
                .body();
        byte[] altered = archive.clone();
        alterDataOf("metadata.json", altered);
        List<Path> before = archives();
        // when, then
        assertUploadRefused(new byte[0], "the file is empty (0 bytes)");
        assertUploadRefused("garbage, nothing else".getBytes(StandardCharsets.UTF_8), "not a Zip file");
        assertUploadRefused(Arrays.copyOf(archive, archive.length - 500), "truncated");
        assertUploadRefused(altered, "");
        assertUploadRefused(zip("readme.txt", "hello"), "has no metadata.json");
        assertUploadRefused(
                zip("metadata.json", "{\"snapshot_version\":\"7.1.0\"}", "../evil", "x"), "could leave its folder");
        assertUploadRefused(zip("metadata.json", "{\"product\":\"holdfast\",\"formatVersion\":2}"), "format version 2");
        byte[] foreign =
                zip("metadata.json", "{\"snapshot_version\":\"7.1.0\"}", "mgmt/00000001.json", "{} ".repeat(400));
        alterDataOf("mgmt/00000001.json", foreign);
        assertUploadRefused(foreign, "");
        assertThat(archives()).isEqualTo(before);
    }

    /** Three bytes behind the entry's name, where its data begin; nobody reads every byte of the headers in between. */
    private static void alterDataOf(String name, byte[] archive) {
        archive[new String(archive, StandardCharsets.ISO_8859_1).indexOf(name) + name.length() + 3] ^= 0x55;
    }

    @Test
    void aCloudifyArchiveIsTakenInWithItsLayout() throws Exception {
        // given
        String id = id();
        byte[] archive = zip("metadata.json", "{\"snapshot_version\":\"7.1.0\"}", "mgmt/00000001.json", "{}");
        // when
        HttpResponse<byte[]> uploaded =
                send("PUT", "/snapshots/" + id + "/archive", BodyPublishers.ofByteArray(archive));
        // then
        assertThat(uploaded.statusCode()).isEqualTo(201);
        assertThat(json(send("GET", "/v1/snapshots/" + id, BodyPublishers.noBody()))
                        .path("layout")
                        .asText())
                .isEqualTo("CLOUDIFY_N1");
    }

    @Test
    void anArchiveIsFetchedFromAUrlAlsoWithoutAnId() throws Exception {
        // given
        byte[] archive = send("GET", "/snapshots/" + create() + "/archive", BodyPublishers.noBody())
                .body();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/a.zip", exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        server.createContext("/missing", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        String id = id();
        // when
        HttpResponse<byte[]> named = send(
                "PUT", "/snapshots/" + id + "/archive?snapshot_archive_url=" + url + "/a.zip", BodyPublishers.noBody());
        HttpResponse<byte[]> generated =
                send("PUT", "/snapshots/archive?snapshot_archive_url=" + url + "/a.zip", BodyPublishers.noBody());
        HttpResponse<byte[]> missing = send(
                "PUT",
                "/snapshots/" + id() + "/archive?snapshot_archive_url=" + url + "/missing",
                BodyPublishers.noBody());
        HttpResponse<byte[]> both = send(
                "PUT",
                "/snapshots/" + id() + "/archive?snapshot_archive_url=" + url + "/a.zip",
                BodyPublishers.ofString("x"));
        HttpResponse<byte[]> bad =
                send("PUT", "/snapshots/" + id() + "/archive?snapshot_archive_url=nonsense", BodyPublishers.noBody());
        HttpResponse<byte[]> ftp =
                send("PUT", "/snapshots/" + id() + "/archive?snapshot_archive_url=ftp://x/y", BodyPublishers.noBody());
        server.stop(0);
        // then
        assertThat(named.statusCode()).isEqualTo(201);
        assertThat(generated.statusCode()).isEqualTo(201);
        assertThat(json(generated).path("id").asText()).startsWith("uploaded-");
        assertRefused(missing, 400, "Cannot fetch URL: ");
        assertRefused(both, 400, "Can pass snapshot as only one of: ");
        assertRefused(bad, 400, "Invalid URL nonsense");
        assertRefused(ftp, 400, "ftp is not supported");
        assertRefused(send("PUT", "/snapshots/archive", BodyPublishers.noBody()), 400, "`archive`");
    }

    @Test
    void badRequestsAreRefusedWithTheApisTexts() throws Exception {
        // given
        String id = create();
        // when, then
        assertRefused(
                send("PUT", "/snapshots/" + id, BodyPublishers.noBody()),
                409,
                "<Snapshot id=`" + id
                        + "` tenant=`default_tenant`> already exists on <Tenant name=`default_tenant`> or with global visibility");
        assertRefused(
                send("PUT", "/snapshots/1x", BodyPublishers.noBody()),
                400,
                "The `snapshot_id` argument must begin with a letter");
        assertRefused(send("PUT", "/snapshots/a%20b", BodyPublishers.noBody()), 400, "contains illegal characters");
        assertRefused(
                send("PUT", "/snapshots/" + "a".repeat(257), BodyPublishers.noBody()),
                400,
                "is too long. Maximum allowed length is 256");
        assertRefused(
                send("PUT", "/snapshots/" + id(), BodyPublishers.ofString("{\"include_logs\": 7}")),
                400,
                "include_logs must be <true/false>, got 7");
        assertRefused(
                send("PUT", "/snapshots/" + id(), BodyPublishers.ofString("{\"queue\": null}")),
                400,
                "queue must be <true/false>, got None");
        assertRefused(
                send("PUT", "/snapshots/" + id(), BodyPublishers.ofString("{\"listener_timeout\": \"x\"}")),
                400,
                "listener_timeout must a valid floating point number");
        assertRefused(
                send("PUT", "/snapshots/" + id(), BodyPublishers.ofString("{\"tempdir_path\": \"/not/there\"}")),
                403,
                "/not/there");
        assertRefused(
                send("PUT", "/snapshots/" + id(), BodyPublishers.ofString("{\"tempdir_path\": \"a\\udc00\"}")),
                403,
                "unwriteable location");
        assertRefused(send("PUT", "/snapshots/" + id(), BodyPublishers.ofString("nonsense")), 400, "no JSON");
        assertRefused(
                send("PUT", "/snapshots/" + id(), BodyPublishers.ofString("{}"), "Content-Type", "text/plain"),
                415,
                "Content type must be application/json");
        assertRefused(
                send("PATCH", "/snapshots/" + id, BodyPublishers.ofString("{}")),
                400,
                "Missing status in json request body");
        assertRefused(send("PATCH", "/snapshots/" + id, BodyPublishers.ofString("{\"status\":\"odd\"}")), 409, "odd");
        assertRefused(
                send("GET", "/snapshots/nosuch/archive", BodyPublishers.noBody()),
                404,
                "Requested `Snapshot` with ID `nosuch` was not found");
        assertThat(send("PATCH", "/snapshots/" + id, BodyPublishers.ofString("{\"status\":\"failed\",\"error\":\"e\"}"))
                        .statusCode())
                .isEqualTo(200);
        assertRefused(
                send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody()),
                400,
                "Failed snapshot cannot be downloaded");
    }

    @Test
    void aBuildWhoseProcessDiedIsBegunAgainAndThenFails() throws Exception {
        // given two snapshots that a dead instance was building: one for the first time, one for the second
        String once = id();
        String twice = id();
        for (String id : List.of(once, twice)) {
            sql(
                    "INSERT INTO snapshot_control.snapshots (tenant_name, id, status, created_by, created_at, include_credentials,"
                            + " include_logs, include_events, execution_id, claimed_by, heartbeat_at, attempts) VALUES ('default_tenant', '"
                            + id
                            + "', 'creating', 'admin', now(), true, true, true, 'x', 'dead', now() - interval '1 hour', "
                            + (id.equals(once) ? 1 : 2) + ")");
        }
        // when, then
        awaitStatus(once, "created");
        awaitStatus(twice, "failed");
        assertThat(json(send("GET", "/snapshots/" + twice, BodyPublishers.noBody()))
                        .path("error")
                        .asText())
                .contains("died");
        assertThat(json(send("GET", "/v1/snapshots/" + once, BodyPublishers.noBody()))
                        .at("/progress/attempt")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void howManySnapshotsAndLogBundlesThereAreIsKept() throws Exception {
        for (String table : List.of("snapshots", "log_bundles")) {
            String columns = table.equals("snapshots") ? ", include_credentials, include_logs, include_events" : "";
            // when: so often that what is kept is added up now and then
            sql("""
                    DO $$ BEGIN
                        FOR n IN 1..2000 LOOP
                            INSERT INTO snapshot_control.%1$s (tenant_name, id, status, visibility, created_by, created_at%2$s)
                            VALUES ('counted', 'c' || n, 'uploaded', CASE n %% 3 WHEN 0 THEN 'private' ELSE 'tenant' END, 'user' || n %% 2,
                                    now()%3$s);
                        END LOOP;
                    END $$""".formatted(table, columns, columns.replaceAll(" [a-z_]+", " true")));
            assertThat(texts(
                            "SELECT count(*) < 2000 FROM snapshot_control.row_counts WHERE of_table = '" + table + "'"))
                    .containsExactly("t");
            sql("UPDATE snapshot_control." + table
                    + " SET visibility = 'global' WHERE tenant_name = 'counted' AND id < 'c2'");
            sql("UPDATE snapshot_control." + table
                    + " SET created_by = 'user0', error = 'e' WHERE tenant_name = 'counted' AND id > 'c5'");
            sql("DELETE FROM snapshot_control." + table + " WHERE tenant_name = 'counted' AND id ~ '7$'");
            // then
            assertThat(texts("""
                            SELECT visibility || ' ' || coalesce(created_by, '-') || ' ' || sum(rows) FROM snapshot_control.row_counts
                             WHERE of_table = '%s' AND tenant_name = 'counted' GROUP BY visibility, created_by ORDER BY 1""".formatted(table))).hasSize(4).isEqualTo(texts("""
                            SELECT visibility || ' ' || coalesce(who, '-') || ' ' || count(*)
                              FROM (SELECT visibility, CASE visibility WHEN 'private' THEN created_by END AS who FROM snapshot_control.%s
                                     WHERE tenant_name = 'counted') r GROUP BY visibility, who ORDER BY 1""".formatted(table)));
            sql("DELETE FROM snapshot_control." + table + " WHERE tenant_name = 'counted'");
        }
    }

    @Test
    void aSnapshotThatIsBeingCreatedIsNeitherDeletedNorReplacedNorDownloaded() throws Exception {
        // given one that a living instance builds
        String id = id();
        sql(
                "INSERT INTO snapshot_control.snapshots (tenant_name, id, status, created_by, created_at, include_credentials,"
                        + " include_logs, include_events, execution_id, claimed_by, heartbeat_at, attempts) VALUES ('default_tenant', '"
                        + id
                        + "', 'creating', 'admin', now(), true, true, true, 'x', 'alive', now() + interval '1 hour', 1)");
        // when, then
        assertRefused(
                send("DELETE", "/snapshots/" + id, BodyPublishers.noBody()),
                400,
                "Cannot delete snapshot `" + id + "` which has an active `create_snapshot` execution");
        assertRefused(
                send("PUT", "/snapshots/" + id + "/archive", BodyPublishers.ofByteArray(zip("metadata.json", "{}"))),
                400,
                "which has an active `create_snapshot` execution");
        assertRefused(send("GET", "/snapshots/" + id + "/archive", BodyPublishers.noBody()), 404, "being created");
        // when its status is set by hand, its execution is told to end with it
        assertThat(send("PATCH", "/snapshots/" + id, BodyPublishers.ofString("{\"status\": \"failed\"}"))
                        .statusCode())
                .isEqualTo(200);
        // then
        assertThat(events(id)).containsExactly("snapshot.failed.v1");
        assertThat(send("DELETE", "/snapshots/" + id, BodyPublishers.noBody()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSnapshotThatIsBeingRestoredIsNotDeleted() throws Exception {
        // given a restore of it, and one of its namesake in another tenant
        String id = create();
        Map<String, String> restore = Map.of("snapshot_id", id, "tenant_name", "default_tenant");
        Map<String, String> other = Map.of("snapshot_id", id, "tenant_name", "other");
        RestoreStandIn.RUNNING.addAll(List.of(restore, other));
        // when, then
        assertRefused(
                send("DELETE", "/snapshots/" + id, BodyPublishers.noBody()),
                400,
                "Cannot delete snapshot `" + id + "` which has an active `restore_snapshot` execution");
        awaitStatus(id, "created");
        // when it has ended
        RestoreStandIn.RUNNING.remove(restore);
        // then
        assertThat(send("DELETE", "/snapshots/" + id, BodyPublishers.noBody()).statusCode())
                .isEqualTo(200);
        RestoreStandIn.RUNNING.clear();
    }

    private String create() throws Exception {
        String id = id();
        assertThat(send(
                                "PUT",
                                "/snapshots/" + id,
                                BodyPublishers.ofString(
                                        "{\"include_logs\": \"True\", \"listener_timeout\": 1.0, \"legacy\": false}"))
                        .statusCode())
                .isEqualTo(201);
        awaitStatus(id, "created");
        return id;
    }

    private void awaitStatus(String id, String status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(json(send("GET", "/snapshots/" + id, BodyPublishers.noBody()))
                                .path("status")
                                .asText())
                        .isEqualTo(status));
    }

    private void assertUploadRefused(byte[] body, String text) throws Exception {
        String id = id();
        HttpResponse<byte[]> refused = send(
                "PUT",
                "/snapshots/" + id + "/archive",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        assertRefused(refused, 400, text);
        assertThat(json(refused).path("error_code").asText()).isEqualTo("invalid_snapshot_archive_error");
        assertThat(send("GET", "/snapshots/" + id, BodyPublishers.noBody()).statusCode())
                .isEqualTo(404);
    }

    private void assertRefused(HttpResponse<byte[]> response, int status, String text) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(body).isEqualTo(status);
        assertThat(json(response).path("detail").asText()).contains(text);
    }

    private HttpResponse<byte[]> send(String method, String path, BodyPublisher body, String... headers)
            throws Exception {
        URI uri = URI.create(base.toString().replaceFirst("/$", "") + path);
        CallerIdentity admin =
                new CallerIdentity("admin", true, "default_tenant", null, List.of(), "http_basic", Instant.now());
        IdentitySigner.Headers signed = signer.signNow(admin, method, uri.getRawPath());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header(IdentitySigner.IDENTITY_HEADER, signed.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, signed.signature())
                .method(method, body);
        boolean typed = false;
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
            typed = typed || headers[i].equals("Content-Type");
        }
        if (!typed && !(method.equals("PUT") && body.contentLength() == 0)) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private JsonNode json(HttpResponse<byte[]> response) {
        try {
            return mapper.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + new String(response.body(), StandardCharsets.UTF_8), e);
        }
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("archives"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private List<String> events(String id) throws SQLException {
        return texts("SELECT type FROM snapshot_control.outbox WHERE aggregate_id = '" + id + "' ORDER BY seq");
    }

    private List<String> texts(String query) throws SQLException {
        List<String> texts = new java.util.ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(databaseUrl, databaseUser, databaseUser);
    }

    private static String id() {
        return "it-" + (++ids);
    }

    private static byte[] zip(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                out.putNextEntry(new ZipEntry(namesAndTexts[i]));
                out.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
