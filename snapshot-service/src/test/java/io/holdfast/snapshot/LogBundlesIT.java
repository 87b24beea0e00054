package io.holdfast.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(LogBundlesIT.Profile.class)
class LogBundlesIT {

    private static final Logger LOG = Logger.getLogger(LogBundlesIT.class);
    private static final String PLANTED = "Pl4nted-secret-of-a-setting";
    private static final int KEPT = 3;
    private static int ids;

    /** A few secrets in places where settings have them, and few bundles kept. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "holdfast.planted.ldap-password",
                    PLANTED,
                    "holdfast.planted.url",
                    "https://operator:Url-" + PLANTED + "@example.test/x",
                    "holdfast.planted.plain",
                    "seen by all",
                    "holdfast.snapshot.bundles.keep",
                    String.valueOf(KEPT),
                    "holdfast.snapshot.bundles.patience",
                    "20s");
        }
    }

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

    @ConfigProperty(name = "holdfast.database.password")
    String databasePassword;

    @ConfigProperty(name = "holdfast.secret-key")
    String secretKey;

    @ConfigProperty(name = "holdfast.data")
    Path data;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void nothingButATenant() throws SQLException {
        SchedulerStandIn.away = false;
        sql("INSERT INTO access.tenants (name) VALUES ('default_tenant') ON CONFLICT DO NOTHING");
        sql("DELETE FROM snapshot_control.log_bundles WHERE status <> 'creating'");
    }

    @Test
    void aLogBundleIsRequestedCreatedListedDownloadedAndDeleted() throws Exception {
        // given
        String id = id();
        // when
        HttpResponse<byte[]> requested = send("PUT", "/" + id, "{\"queue\": false}".getBytes(StandardCharsets.UTF_8));
        // then
        assertThat(requested.statusCode()).isEqualTo(201);
        JsonNode execution = json(requested);
        assertThat(execution.path("workflow_id").asText()).isEqualTo("create_log_bundle");
        assertThat(execution.path("status").asText()).isEqualTo("pending");
        assertThat(execution.path("is_system_workflow").asBoolean()).isTrue();
        assertThat(execution.at("/parameters/log_bundle_id").asText()).isEqualTo(id);
        awaitStatus(id, "created");
        JsonNode listed = json(send("GET", "?_search=" + id));
        assertThat(listed.at("/metadata/pagination/total").asInt()).isEqualTo(1);
        assertThat(listed.at("/items/0/visibility").asText()).isEqualTo("private");
        assertThat(listed.at("/items/0/error").asText()).isEmpty();
        HttpResponse<byte[]> download = send("GET", "/" + id + "/archive");
        assertThat(download.headers().firstValueAsLong("Content-Length")).hasValue(download.body().length);
        assertThat(download.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=" + id + ".zip");
        assertThat(entries(download.body())).containsKeys("index.json", "README.txt", "database.json");
        awaitTold(execution.path("id").asText(), "pending", "started", "terminated");
        HttpResponse<byte[]> deleted = send("DELETE", "/" + id);
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(json(deleted).path("status").asText()).isEqualTo("created");
        assertRefused(
                send("GET", "/" + id),
                404,
                "not_found_error",
                "Requested `LogBundle` with ID `" + id + "` was not found");
        assertThat(archives()).noneMatch(name -> name.startsWith(id));
    }

    @Test
    void aBundleSaysWhatIsInItAndWhatCouldNotBeGot() throws Exception {
        // given a service that is not there, and a line in the log
        LOG.info("a line that a supporter looks for");
        // when
        Map<String, String> bundle = create();
        // then
        JsonNode index = mapper.readTree(bundle.get("index.json"));
        List<String> paths = texts(index.path("parts"), "path");
        assertThat(paths)
                .containsExactlyElementsOf(bundle.keySet().stream()
                        .filter(path -> !path.equals("index.json") && !path.equals("README.txt"))
                        .toList());
        assertThat(paths).contains("services/snapshot.json");
        assertThat(paths)
                .anyMatch(path -> path.endsWith("/threads.txt"))
                .anyMatch(path -> path.endsWith("/runtime.json"));
        assertThat(texts(index.path("missing"), "what"))
                .contains("version (of the gateway-service)", "what the workflow-service tells")
                .doesNotContain("what the snapshot-service tells");
        assertThat(bundle.get("README.txt"))
                .contains("what the workflow-service tells: there is no service workflow here");
        assertThat(part(bundle, "/log.txt")).contains("a line that a supporter looks for");
        JsonNode own = mapper.readTree(bundle.get("services/snapshot.json"));
        assertThat(texts(own.path("migrations"), "version")).contains("1", "2", "3");
        assertThat(own.at("/outbox/0/waiting").isNumber()).isTrue();
        JsonNode database = mapper.readTree(bundle.get("database.json"));
        assertThat(texts(database.path("tables"), "table")).contains("executions", "log_bundles");
        assertThat(database.at("/server/0/database_bytes").asLong()).isPositive();
        assertThat(texts(database.path("state_migrations"), "version")).contains("1");
        JsonNode runtime = mapper.readTree(part(bundle, "/runtime.json"));
        assertThat(runtime.at("/heap/used_bytes").asLong()).isPositive();
        assertThat(runtime.at("/disks/0/usable_bytes").asLong()).isPositive();
        JsonNode settings = mapper.readTree(part(bundle, "/settings.json"));
        assertThat(settings.path("holdfast.planted.plain").asText()).isEqualTo("seen by all");
        assertThat(settings.path("holdfast.snapshot.bundles.keep").asText()).isEqualTo(String.valueOf(KEPT));
    }

    @Test
    void noSecretIsInABundleWhereverItWasPlanted() throws Exception {
        // given secrets in settings, in the log, alone and in what looks like them, and in a statement that runs
        String unknown = "Uz9-nobody-knows-this";
        LOG.infof("strange words %s and %s", PLANTED, secretKey);
        LOG.infof(
                "cannot connect to amqp://user:%s@host:5672/x: password=%s, {\"token\": \"%s\"}",
                unknown, unknown, unknown);
        LOG.info("Authorization: Bearer " + unknown);
        try (Connection connection = DriverManager.getConnection(databaseUrl, databaseUser, databasePassword);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT 'a literal " + unknown + "', 4711");
            Awaitility.await()
                    .pollDelay(Duration.ofMillis(2100))
                    .untilAsserted(() -> assertThat(connection.isClosed()).isFalse());
            // when
            Map<String, String> bundle = create();
            // then
            bundle.forEach((path, text) -> assertThat(text)
                    .as(path)
                    .doesNotContain(PLANTED)
                    .doesNotContain(unknown)
                    .doesNotContain(secretKey));
            assertThat(part(bundle, "/log.txt")).contains("strange words [redacted] and [redacted]");
            assertThat(part(bundle, "/log.txt")).contains("amqp://[redacted]@host:5672/x: password=[redacted]");
            JsonNode settings = mapper.readTree(part(bundle, "/settings.json"));
            assertThat(settings.path("holdfast.secret-key").asText()).isEqualTo("[redacted]");
            assertThat(settings.path("holdfast.planted.ldap-password").asText()).isEqualTo("[redacted]");
            assertThat(settings.path("holdfast.planted.url").asText()).isEqualTo("https://[redacted]@example.test/x");
            assertThat(texts(mapper.readTree(bundle.get("database.json")).path("long_transactions"), "statement"))
                    .contains("SELECT ?, ?");
            assertThat(mapper.readTree(bundle.get("index.json"))
                            .at("/redacted/places")
                            .asInt())
                    .isPositive();
        }
    }

    @Test
    void badRequestsAreRefusedWithTheApisTexts() throws Exception {
        // given
        String id = id();
        createAs(id);
        // then
        assertRefused(
                send("PUT", "/" + id),
                409,
                "conflict_error",
                "<LogBundle id=`" + id + "` tenant=`default_tenant`> already exists on <Tenant name=`default_tenant`>"
                        + " or with global visibility");
        assertRefused(
                send("PUT", "/1x"),
                400,
                "bad_parameters_error",
                "The `log_bundle_id` argument must begin with a letter");
        assertRefused(
                send("PUT", "/x", "{\"queue\": \"perhaps\"}".getBytes(StandardCharsets.UTF_8)),
                400,
                "bad_parameters_error",
                "queue must be <true/false>, got perhaps");
        assertRefused(
                send("DELETE", "/nosuch"),
                404,
                "not_found_error",
                "Requested `LogBundle` with ID `nosuch` was not found");
        assertRefused(
                send("GET", "/nosuch/archive"),
                404,
                "not_found_error",
                "Requested `LogBundle` with ID `nosuch` was not found");
        assertRefused(
                send("PATCH", "/" + id, "{}".getBytes(StandardCharsets.UTF_8)),
                400,
                "bad_parameters_error",
                "Missing status in json request body");
        assertRefused(
                send("PATCH", "/" + id, "{\"status\": \"odd\"}".getBytes(StandardCharsets.UTF_8)),
                409,
                "storage_error",
                "invalid log bundle status: \"odd\"");
    }

    @Test
    void aBundleThatIsBeingCreatedIsNeitherDeletedNorReplacedNorDownloaded() throws Exception {
        // given one that somebody gathers
        String id = id();
        claimed(id, "alive", "now()");
        // then
        assertRefused(
                send("DELETE", "/" + id),
                400,
                "log_bundle_action_error",
                "Cannot delete log bundle `" + id + "` which has an active `create_log_bundle` execution");
        assertRefused(
                send("PUT", "/" + id + "/archive", zip()),
                400,
                "log_bundle_action_error",
                "Cannot upload log bundle `" + id + "` which has an active `create_log_bundle` execution");
        assertRefused(send("GET", "/" + id + "/archive"), 404, "not_found_error", "being created");
        // when its status is set by hand, its execution is told to end with it
        assertThat(send(
                                "PATCH",
                                "/" + id,
                                "{\"status\": \"failed\", \"error\": \"no\"}".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(200);
        // then
        awaitTold("execution-" + id, "failed");
        assertThat(SchedulerStandIn.TOLD.get("execution-" + id).get(0)).containsEntry("error", "no");
        assertRefused(
                send("GET", "/" + id + "/archive"),
                400,
                "log_bundle_action_error",
                "Failed log bundle cannot be downloaded");
        assertThat(send("DELETE", "/" + id).statusCode()).isEqualTo(200);
    }

    @Test
    void aBundleWhoseMakerDiedFailsAndSaysSo() throws Exception {
        // given
        String id = id();
        claimed(id, "dead", "now() - interval '1 hour'");
        // then
        awaitStatus(id, "failed");
        assertThat(json(send("GET", "/" + id)).path("error").asText()).contains("whoever gathered it is gone");
        awaitTold("execution-" + id, "failed");
    }

    @Test
    void aSchedulerThatIsAwayIsToldLaterHowItEnded() throws Exception {
        // given
        SchedulerStandIn.away = true;
        String id = id();
        String execution = createAs(id);
        assertThat(SchedulerStandIn.TOLD).doesNotContainKey(execution);
        // when
        SchedulerStandIn.away = false;
        // then
        awaitTold(execution, "terminated");
        assertThat(SchedulerStandIn.TOLD.get(execution).get(0))
                .containsEntry("workflow_id", "create_log_bundle")
                .containsEntry("tenant_name", "default_tenant")
                .containsEntry("parameters", Map.of("log_bundle_id", id));
    }

    @Test
    void onlyTheLatestAreKept() throws Exception {
        // when
        List<String> made = new ArrayList<>();
        for (int i = 0; i <= KEPT; i++) {
            made.add(id());
            createAs(made.get(i));
        }
        // then
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(texts(json(send("GET", "")).path("items"), "id"))
                    .containsExactlyInAnyOrderElementsOf(made.subList(1, made.size()));
            assertThat(archives()).doesNotContain(made.get(0) + ".zip").contains(made.get(KEPT) + ".zip");
        });
    }

    @Test
    void aBundleOfAnotherManagerIsTakenInAndWhatIsNoneLeavesNoTrace() throws Exception {
        // given
        String id = id();
        byte[] bundle = zip();
        // when
        HttpResponse<byte[]> uploaded = send("PUT", "/" + id + "/archive", bundle);
        // then
        assertThat(uploaded.statusCode()).isEqualTo(201);
        assertThat(json(uploaded).path("status").asText()).isEqualTo("uploaded");
        assertThat(send("GET", "/" + id + "/archive").body()).isEqualTo(bundle);
        assertRefused(
                send("PUT", "/" + id + "x/archive", "no zip".getBytes(StandardCharsets.UTF_8)),
                400,
                "bad_parameters_error",
                "the upload is no log bundle");
        assertThat(send("GET", "/" + id + "x").statusCode()).isEqualTo(404);
        assertThat(archives()).doesNotContain(id + "x.zip");
    }

    private Map<String, String> create() throws Exception {
        String id = id();
        createAs(id);
        return entries(send("GET", "/" + id + "/archive").body());
    }

    /** @return its execution's id */
    private String createAs(String id) throws Exception {
        HttpResponse<byte[]> requested = send("PUT", "/" + id);
        assertThat(requested.statusCode()).isEqualTo(201);
        awaitStatus(id, "created");
        return json(requested).path("id").asText();
    }

    private void claimed(String id, String by, String at) throws SQLException {
        sql(
                "INSERT INTO snapshot_control.log_bundles (tenant_name, id, status, created_by, created_at, execution_id, claimed_by,"
                        + " claimed_at) VALUES ('default_tenant', '" + id + "', 'creating', 'admin', now(), 'execution-"
                        + id + "', '" + by
                        + "', " + at + ")");
    }

    private void awaitStatus(String id, String status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                json(send("GET", "/" + id)).path("status").asText())
                        .isEqualTo(status));
    }

    private static void awaitTold(String execution, String... statuses) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(SchedulerStandIn.TOLD.getOrDefault(execution, List.of()))
                        .extracting(report -> report.get("status"))
                        .containsExactly((Object[]) statuses));
    }

    private void assertRefused(HttpResponse<byte[]> response, int status, String code, String text) {
        JsonNode problem = json(response);
        assertThat(response.statusCode()).as(problem.toString()).isEqualTo(status);
        assertThat(problem.path("error_code").asText()).isEqualTo(code);
        assertThat(problem.path("detail").asText()).contains(text);
    }

    private static List<String> texts(JsonNode items, String field) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path(field).asText())
                .toList();
    }

    private static String part(Map<String, String> bundle, String end) {
        return bundle.entrySet().stream()
                .filter(part -> part.getKey().endsWith(end))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + end + " in " + bundle.keySet()))
                .getValue();
    }

    private static Map<String, String> entries(byte[] archive) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("index.json"));
            zip.write("{}".getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private List<String> archives() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("log-bundles"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static synchronized String id() {
        return "bundle-" + ++ids;
    }

    private HttpResponse<byte[]> send(String method, String path) throws Exception {
        return send(method, path, new byte[0]);
    }

    private HttpResponse<byte[]> send(String method, String path, byte[] body) throws Exception {
        URI uri = URI.create(base + "/log-bundles" + path);
        CallerIdentity admin =
                new CallerIdentity("admin", true, "default_tenant", null, List.of(), "http_basic", Instant.now());
        IdentitySigner.Headers signed = signer.signNow(admin, method, uri.getRawPath());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.ofByteArray(body))
                .header(IdentitySigner.IDENTITY_HEADER, signed.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, signed.signature());
        if (body.length > 0) {
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

    private void sql(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(databaseUrl, databaseUser, databasePassword);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
