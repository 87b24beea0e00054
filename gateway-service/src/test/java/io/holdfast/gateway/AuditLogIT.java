package io.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.audit.AuditEntry;
import io.holdfast.gateway.audit.AuditLog;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.testsupport.Logged;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who changed what: written down for every write, read, followed and truncated as the client does it. */
@QuarkusTest
class AuditLogIT extends GatewayCase {

    private static final String API = "/api/v3.1";
    private static final String AUDIT = API + "/audit";

    @Inject
    AuditLog audit;

    @BeforeEach
    void nothingYet() throws SQLException {
        sql("DELETE FROM gateway_control.audit_log");
    }

    private static void createUser(String name) {
        admin().contentType("application/json")
                .header("X-Request-ID", "request-of-" + name)
                .body("{\"username\": \"" + name + "\", \"password\": \"very-secret\", \"role\": \"default\"}")
                .put(API + "/users?note=also-secret")
                .then()
                .statusCode(201);
    }

    @Test
    void everyWriteIsWrittenDownWithItsAnswer() {
        // when
        createUser("au1");
        admin().delete(API + "/users/au1").then().statusCode(204);
        alice().header("Tenant", "shared").put(API + "/blueprints/b1").then().statusCode(200);
        alice().header("Tenant", "shared").put(API + "/snapshots/s1").then().statusCode(403);
        admin().get(API + "/users").then().statusCode(200);
        alice().header("Tenant", "shared")
                .post(API + "/searches/deployments")
                .then()
                .statusCode(200);
        // then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> admin().get(AUDIT)
                        .then()
                        .statusCode(200)
                        .body("items.status", contains(201, 204, 200, 403))
                        .body("items.creator_name", contains("admin", "admin", "alice", "alice"))
                        .body("items.operation", contains("create", "delete", "create", "create"))
                        .body("items.ref_table", contains("users", "users", "blueprints", "snapshots"))
                        .body("items.ref_id", contains("au1", "au1", "b1", "s1"))
                        .body("items[0].ref_identifier", equalTo(Map.of("username", "au1")))
                        .body("items[1].ref_identifier", equalTo(Map.of("username", "au1")))
                        .body("items[2].ref_identifier.tenant_name", equalTo("shared"))
                        .body("items[2].ref_identifier.id", equalTo("b1"))
                        .body("items[0].request_id", equalTo("request-of-au1"))
                        .body("items[0].path", equalTo("users"))
                        .body("items[0].method", equalTo("PUT"))
                        .body("items[0].auth_method", equalTo("http_basic"))
                        .body("items[0].address", notNullValue())
                        .body("items.execution_id", everyItem(nullValue()))
                        .body("items[0].created_at", notNullValue())
                        .body("metadata.pagination.total", equalTo(4))
                        .body("metadata.pagination.size", equalTo(100)));
        assertThat(admin().get(AUDIT).asString()).doesNotContain("secret");
    }

    @Test
    void whatABodyNamesIsKnownOnceItIsMade() throws SQLException {
        // given
        createUser("au2");
        // when
        admin().contentType("application/json")
                .body("{\"username\": \"au2\", \"password\": \"very-secret\", \"role\": \"default\"}")
                .put(API + "/users")
                .then()
                .statusCode(409);
        admin().contentType("application/json")
                .body("{\"group_name\": \"ag1\", \"role\": \"default\"}")
                .post(API + "/user-groups")
                .then()
                .statusCode(201);
        admin().contentType("application/json")
                .post(API + "/tenants/at1")
                .then()
                .statusCode(201);
        // then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> admin().get(AUDIT)
                        .then()
                        .statusCode(200)
                        .body("items.status", contains(201, 409, 201, 201))
                        .body("items.operation", everyItem(equalTo("create")))
                        .body("items.ref_id", contains("au2", null, "ag1", "at1"))
                        .body("items[1].ref_identifier", equalTo(Map.of()))
                        .body("items[2].ref_identifier", equalTo(Map.of("name", "ag1")))
                        .body("items[3].ref_identifier", equalTo(Map.of("name", "at1"))));
        admin().delete(API + "/users/au2").then().statusCode(204);
        admin().delete(API + "/user-groups/ag1").then().statusCode(204);
        sql("DELETE FROM access.tenants WHERE name = 'at1'");
    }

    @Test
    void whatAServiceHasMadeIsKnownByItsIdAndNotToldToTheClient() {
        // when
        alice().header("Tenant", "shared")
                .post(API + "/plugins")
                .then()
                .statusCode(201)
                .header("X-Holdfast-Made", nullValue());
        String token = admin().contentType("application/json")
                .body("{}")
                .post(API + "/tokens")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        // then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> admin().get(AUDIT)
                        .then()
                        .body("items.status", contains(201, 200))
                        .body("items.ref_table", contains("plugins", "tokens"))
                        .body("items.ref_id", contains("made-p1", token))
                        .body("items[0].ref_identifier", equalTo(Map.of("tenant_name", "shared", "id", "made-p1")))
                        .body("items[1].ref_identifier", equalTo(Map.of("id", token))));
    }

    @Test
    void membersOfTenantsAndGroupsAreNamed() {
        // given
        createUser("au3");
        admin().contentType("application/json")
                .body("{\"group_name\": \"ag3\", \"role\": \"default\"}")
                .post(API + "/user-groups")
                .then()
                .statusCode(201);
        String user = "{\"username\": \"au3\", \"tenant_name\": \"shared\", \"role\": \"viewer\"}";
        String group = "{\"group_name\": \"ag3\", \"tenant_name\": \"shared\", \"role\": \"viewer\"}";
        String member = "{\"group_name\": \"ag3\", \"username\": \"au3\"}";
        // when
        json(admin(), user).put(API + "/tenants/users").then().statusCode(200);
        json(admin(), user).delete(API + "/tenants/users").then().statusCode(204);
        json(admin(), group).put(API + "/tenants/user-groups").then().statusCode(200);
        json(admin(), group).delete(API + "/tenants/user-groups").then().statusCode(204);
        json(admin(), member).put(API + "/user-groups/users").then().statusCode(200);
        json(alice(), user).put(API + "/tenants/users").then().statusCode(403);
        // then
        Map<String, String> ofUser = Map.of("tenant_name", "shared", "username", "au3");
        Map<String, String> ofGroup = Map.of("tenant_name", "shared", "name", "ag3");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> admin().get(AUDIT + "?offset=2")
                        .then()
                        .body("items.status", contains(200, 204, 200, 204, 200, 403))
                        .body("items.ref_id", contains("shared", "shared", "shared", "shared", "ag3", "shared"))
                        .body(
                                "items.tenant_name",
                                contains("shared", "shared", "shared", "shared", "default_tenant", "shared"))
                        .body(
                                "items.ref_identifier",
                                contains(
                                        ofUser,
                                        ofUser,
                                        ofGroup,
                                        ofGroup,
                                        Map.of("name", "ag3", "username", "au3"),
                                        ofUser)));
        json(admin(), member).delete(API + "/user-groups/users").then().statusCode(204);
        admin().delete(API + "/users/au3").then().statusCode(204);
        admin().delete(API + "/user-groups/ag3").then().statusCode(204);
    }

    @Test
    void uploadsAreWrittenDownWithTheirAnswerHoweverTheyEnd() throws IOException {
        // given
        byte[] archive = new byte[4 << 20];
        // when
        send("PUT " + API + "/blueprints/archive", "Content-Length: " + archive.length, archive, "HTTP/1.1 201");
        send("PUT " + API + "/blueprints/archive", "Transfer-Encoding: chunked", chunked(archive), "HTTP/1.1 201");
        send("PUT " + API + "/secrets/refusing", "Content-Length: " + archive.length, archive, "HTTP/1.1 409");
        send("POST " + API + "/executions", "Content-Length: " + archive.length, archive, "HTTP/1.1 503");
        send("PUT " + API + "/blueprints/archive", "Content-Length: " + (archive.length + 1), archive, null);
        send("PUT " + API + "/blueprints/archive", "Transfer-Encoding: chunked", chunk(archive), null);
        // then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> admin().get(AUDIT).then().body("items.status", contains(201, 201, 409, 503, 499, 499)));
    }

    @Test
    void whoReadsTheLogAfterAnAnswerFindsItsStatus() throws SQLException {
        // given
        sql("""
                CREATE FUNCTION gateway_control.slowly() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM pg_sleep(0.5); RETURN new; END $$;
                CREATE TRIGGER slowly BEFORE UPDATE ON gateway_control.audit_log
                    FOR EACH ROW EXECUTE FUNCTION gateway_control.slowly()""");
        try {
            // when
            alice().header("Tenant", "shared")
                    .put(API + "/blueprints/b1")
                    .then()
                    .statusCode(200);
            // then
            admin().get(AUDIT).then().body("items.status", contains(200));
        } finally {
            sql("DROP FUNCTION gateway_control.slowly() CASCADE");
        }
    }

    /** @param answer how it begins; null: the client goes away without it */
    private static void send(String what, String header, byte[] body, @Nullable String answer) throws IOException {
        URI url = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
        try (Socket socket = new Socket("127.0.0.1", url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((what + " HTTP/1.1\r\nHost: x\r\nTenant: default_tenant\r\nAuthorization: " + basic()
                                    + "\r\n" + header + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            if (answer != null) {
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                        .isEqualTo(answer);
            }
        }
    }

    private static byte[] chunk(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static byte[] chunked(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(chunk(bytes));
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static RequestSpecification json(RequestSpecification who, String body) {
        return who.contentType("application/json").body(body);
    }

    @Test
    void theLogIsReadAsTheClientReadsIt() throws SQLException {
        // given
        sql(
                "INSERT INTO gateway_control.audit_log (created_at, operation, ref_table, creator_name, execution_id, auth_method,"
                        + " method, path) SELECT '2026-03-13T00:00:00Z'::timestamptz + n * interval '1 hour', 'update', 'deployments',"
                        + " CASE WHEN n % 2 = 0 THEN 'alice' ELSE 'bob' END, CASE WHEN n = 3 THEN 'e3' END, 'token', 'PATCH',"
                        + " 'deployments/d' || n FROM generate_series(1, 10) n");
        // then
        admin().get(AUDIT + "?size=3&offset=2&desc=False")
                .then()
                .body("items.path", contains("deployments/d3", "deployments/d4", "deployments/d5"))
                .body("metadata.pagination.total", equalTo(10));
        admin().get(AUDIT + "?order_by=created_at&desc=True&size=1")
                .then()
                .body("items.path", contains("deployments/d10"));
        admin().get(AUDIT + "?size=0&offset=0").then().body("items", hasSize(10));
        admin().get(AUDIT + "?creator_name=alice").then().body("items.creator_name", everyItem(equalTo("alice")));
        admin().get(AUDIT + "?execution_id=e3").then().body("items.path", contains("deployments/d3"));
        admin().get(AUDIT + "?since=2026-03-13T09:00:00.000000").then().body("items", hasSize(2));
        admin().get(AUDIT + "?since=2026-03-13 09:00:00").then().body("items", hasSize(2));
        admin().get(AUDIT + "?order_by=nosuch")
                .then()
                .statusCode(400)
                .body("message", startsWith("Sort keys '['nosuch']'"));
        admin().get(AUDIT + "?size=-1").then().statusCode(400).body("error_code", equalTo("bad_parameters_error"));
        admin().get(AUDIT + "?since=yesterday")
                .then()
                .statusCode(400)
                .body("message", startsWith("`since` is `yesterday`"));
        alice().get(AUDIT)
                .then()
                .statusCode(403)
                .body("message", equalTo("User `alice` is not permitted to perform the action audit_log_view"));
    }

    @Test
    void truncationTakesTheEntryOfThatVeryTimeToo() throws SQLException {
        // given
        sql(
                "INSERT INTO gateway_control.audit_log (created_at, operation, ref_table, creator_name, auth_method, method, path)"
                        + " SELECT '2026-03-13T04:00:00Z'::timestamptz + n * interval '1 hour', 'update', 'deployments', 'alice', 'token',"
                        + " 'PATCH', 'deployments/d' || n FROM generate_series(1, 3) n");
        // when
        admin().delete(AUDIT + "?before=2026-03-13T06:00:00").then().body("deleted", equalTo(2));
        // then
        admin().get(AUDIT + "?creator_name=alice").then().body("items.path", contains("deployments/d3"));
    }

    @Test
    void truncationNeedsATimeAndIsItselfRemembered() throws SQLException {
        // given
        sql(
                "INSERT INTO gateway_control.audit_log (created_at, operation, ref_table, creator_name, auth_method, method, path)"
                        + " SELECT now() - n * interval '1 day', 'update', 'deployments', 'alice', 'token', 'PATCH', 'deployments/d' || n"
                        + " FROM generate_series(1, 10) n");
        // then
        admin().delete(AUDIT).then().statusCode(400).body("message", startsWith("Missing before"));
        admin().delete(AUDIT + "?before=2999-01-01&creator_name=bob")
                .then()
                .statusCode(200)
                .body("deleted", equalTo(0));
        admin().delete(AUDIT + "?before=2999-01-01").then().statusCode(200).body("deleted", equalTo(10));
        admin().get(AUDIT + "?size=1").then().body("metadata.pagination.total", equalTo(3));
        admin().get(AUDIT)
                .then()
                .body("items.ref_table", everyItem(equalTo("audit_log")))
                .body("items.operation", everyItem(equalTo("delete")))
                .body("items", not(hasSize(0)));
    }

    @Test
    void entriesOfAnotherLogAreCarriedOver() {
        // given
        String carried = """
                [{"ref_table": "deployments", "ref_id": 17, "ref_identifier": {"tenant_name": "shared", "id": "d1"}, "operation": "update",
                  "creator_name": "eve", "execution_id": "e1", "created_at": "2024-03-13T04:00:00.123"},
                 {"ref_table": "users", "ref_id": 3, "ref_identifier": null, "operation": "delete", "creator_name": null,
                  "execution_id": null, "created_at": "2024-03-13T05:00:00+01:00"}]""";
        // when
        admin().contentType("application/json")
                .body(carried)
                .post(AUDIT)
                .then()
                .statusCode(200)
                .body(equalTo("null"));
        // then
        admin().get(AUDIT)
                .then()
                .body("items.ref_table", contains("users", "deployments", "audit_log"))
                .body("items.operation", contains("delete", "update", "create"))
                .body("items.creator_name", contains(null, "eve", "admin"))
                .body("items[1].ref_id", equalTo("17"))
                .body("items[1].ref_identifier", equalTo(Map.of("tenant_name", "shared", "id", "d1")))
                .body("items[1].tenant_name", equalTo("shared"))
                .body("items[1].execution_id", equalTo("e1"))
                .body("items[1].created_at", equalTo("2024-03-13T04:00:00.123Z"))
                .body("items[1].method", nullValue())
                .body("metadata.pagination.total", equalTo(3));
        admin().get(AUDIT + "?creator_name=eve").then().body("items", hasSize(1));
        admin().contentType("application/json").body("[]").post(AUDIT).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                            | must be a JSON list of objects
                    [1]                                                           | entry 0 of the request body must be a JSON object
                    [{}]                                                          | entry 0: Missing operation in json request body
                    [%s, {"operation": "grow"}]                                   | entry 1: operation is `grow`, expected create, update or delete
                    [{"operation": "create", "ref_table": "a", "ref_id": null}]   | entry 0: ref_id is null, expected a number or a text
                    [{"operation": "create", "ref_table": "a", "ref_id": 1, "created_at": "late"}] | entry 0: `created_at` is `late`
                    [{"operation": "create", "ref_table": "a", "ref_id": 1, "created_at": "+10000-01-01T00:00:00Z"}] | a year from 1 to 9999
                    [{"operation": "create", "ref_table": "a", "ref_id": 1, "created_at": "2024-01-01", "ref_identifier": {"colour": 1}}] | has no `colour`
                    [{"operation": "create", "ref_table": "a", "ref_id": 1, "created_at": "2024-01-01", "ref_identifier": 1}] | ref_identifier parameter is expected to be of type dict
                    """)
    void aWrongEntryIsRefusedWithAllOthers(String body, String text) {
        // given
        String right =
                "{\"operation\": \"create\", \"ref_table\": \"a\", \"ref_id\": 1, \"created_at\": \"2024-01-01\"}";
        // when, then
        admin().contentType("application/json")
                .body(body.replace("%s", right))
                .post(AUDIT)
                .then()
                .statusCode(400)
                .body("error_code", equalTo("bad_parameters_error"))
                .body("message", containsString(text));
        admin().get(AUDIT).then().body("items.ref_table", everyItem(equalTo("audit_log")));
    }

    @Test
    void onlyWhoMayCarriesEntriesOver() {
        alice().contentType("application/json")
                .body("[]")
                .post(AUDIT)
                .then()
                .statusCode(403)
                .body("message", equalTo("User `alice` is not permitted to perform the action audit_log_inject"));
    }

    @Test
    @Timeout(120)
    void theStreamShowsEntriesAsTheyAreWritten() throws IOException, InterruptedException {
        // given
        createUser("before-the-stream");
        try (BufferedReader lines = follow("since=2020-01-01T00:00:00&creator_name=admin")) {
            assertThat(next(lines).path("request_id").asText()).isEqualTo("request-of-before-the-stream");
            // when
            createUser("in-the-stream");
            alice().header("Tenant", "shared")
                    .put(API + "/blueprints/b1")
                    .then()
                    .statusCode(200);
            admin().delete(API + "/users/in-the-stream").then().statusCode(204);
            // then
            assertThat(next(lines).path("request_id").asText()).isEqualTo("request-of-in-the-stream");
            assertThat(next(lines).path("ref_id").asText()).isEqualTo("in-the-stream");
        }
        admin().get(AUDIT + "/stream?since=never")
                .then()
                .statusCode(400)
                .body("error_code", equalTo("bad_parameters_error"));
    }

    @Test
    @Timeout(120)
    void theStreamShowsAnEntryWhenItsRequestHasSaidWhatItHasMade() throws IOException, InterruptedException {
        // given: a request that makes something and still runs
        long running = audit.begin(entry("admin", null));
        try (BufferedReader all = follow("since=2020-01-01T00:00:00");
                BufferedReader alices = follow("since=2020-01-01T00:00:00&creator_name=alice")) {
            // when: others are begun and shown; between two of them each stream has looked
            for (String name : List.of("a1", "a2")) {
                audit.begin(entry("alice", name));
                assertThat(next(alices).path("ref_id").asText()).isEqualTo(name);
            }
            audit.end(running, 201, Changed.of("made"));
            // then
            for (String name : List.of("made", "a1", "a2")) {
                assertThat(next(all).path("ref_id").asText()).isEqualTo(name);
            }
            // and: one that never says it is shown in the end
            audit.begin(entry("admin", null));
            assertThat(next(all).path("ref_id").isNull()).isTrue();
        }
    }

    @Test
    @Timeout(120)
    void theStreamGoesOnAfterTheDatabaseWasAway() throws IOException, InterruptedException, SQLException {
        try (Logged logged = Logged.by("io.holdfast.gateway.audit.rest");
                BufferedReader lines = follow("since=2020-01-01T00:00:00")) {
            // given
            createUser("before-it-was-away");
            assertThat(next(lines).path("ref_id").asText()).isEqualTo("before-it-was-away");
            // when: each row that is read says what a database says that starts
            sql("""
                    CREATE FUNCTION gateway_control.away() RETURNS boolean LANGUAGE plpgsql AS
                        $$ BEGIN RAISE 'the database system is starting up' USING ERRCODE = '57P03'; END $$;
                    CREATE POLICY away ON gateway_control.audit_log USING (gateway_control.away());
                    ALTER TABLE gateway_control.audit_log ENABLE ROW LEVEL SECURITY""");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(logged.lines())
                            .anyMatch(line -> line.contains("an audit stream waits for the database")));
            isBack();
            // then
            createUser("after-it-was-away");
            assertThat(next(lines).path("ref_id").asText()).isEqualTo("after-it-was-away");
        } finally {
            isBack();
        }
    }

    private static void isBack() throws SQLException {
        sql("""
                ALTER TABLE gateway_control.audit_log DISABLE ROW LEVEL SECURITY;
                DROP POLICY IF EXISTS away ON gateway_control.audit_log;
                DROP FUNCTION IF EXISTS gateway_control.away()""");
    }

    private static AuditEntry entry(String creator, @Nullable String refId) {
        return new AuditEntry(
                "create",
                "executions",
                refId,
                "default_tenant",
                new AuditEntry.Who(creator, "http_basic", null),
                "POST",
                "executions",
                null,
                null);
    }

    private static BufferedReader follow(String query) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        ConfigProvider.getConfig().getValue("test.url", String.class) + AUDIT + "/stream?" + query))
                .header("Authorization", basic())
                .build();
        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String basic() {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString(("admin:" + FakeServices.ADMIN_PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && line.isBlank()) {
            line = lines.readLine();
        }
        assertThat(line).as("the stream goes on").isNotNull();
        return new ObjectMapper().readTree(line);
    }
}
