package io.holdfast.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.ExecutionTokens;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, as whom, and what the others read. */
@QuarkusTest
class AdmissionIT extends GatewayCase {

    private static final String API = "/api/v3.1";

    @AfterEach
    void noGate() throws SQLException {
        sql("DROP SCHEMA IF EXISTS cluster_control CASCADE");
    }

    private static void refused(Response response, int status, String code, String message) {
        response.then()
                .statusCode(status)
                .contentType("application/json")
                .body("error_code", equalTo(code))
                .body("message", equalTo(message))
                .body("$", hasKey("server_traceback"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshots/%00", "snapshots/a%2Fb", "nosuch"})
    void pathsThatAreNoneAreProblemsBelowOurOwnApi(String path) {
        given().urlEncodingEnabled(false)
                .get("/api/holdfast/v1/" + path)
                .then()
                .statusCode(not(equalTo(200)))
                .contentType("application/problem+json")
                .body("error_code", equalTo(path.contains("%") ? "bad_parameters_error" : "not_found_error"))
                .body("detail", notNullValue());
    }

    @Test
    void withoutCredentialsNothingIsTold() {
        Response response = given().get(API + "/blueprints");
        refused(response, 401, "unauthorized_error", "User unauthorized: No authentication info provided");
        assertThat(response.getHeader("WWW-Authenticate")).isNull();
        refused(
                given().header("Authorization", "Bearer x").get(API + "/status"),
                401,
                "unauthorized_error",
                "User unauthorized: No authentication info provided");
        refused(
                as("nosuchuser", "x").get(API + "/status"),
                401,
                "unauthorized_error",
                "User unauthorized: No authentication info provided");
    }

    @Test
    void namesCompareWithoutRegardToCase() {
        as("ALICE", "alice-password")
                .header("Tenant", "shared")
                .get(API + "/blueprints")
                .then()
                .statusCode(200)
                .body("username", equalTo("alice"));
    }

    @Test
    void theServiceLearnsWhoCallsAndNotHowItWasProved() {
        alice().header("Tenant", "shared")
                .header("Holdfast-Identity", "forged")
                .header("X-Something", "kept")
                .cookie("session", "secret")
                .queryParam("_all_tenants", "True")
                .get(API + "/blueprints")
                .then()
                .statusCode(200)
                .body("uri", equalTo("/internal/inventory/blueprints?_all_tenants=True"))
                .body("username", equalTo("alice"))
                .body("admin", equalTo(false))
                .body("tenant", equalTo("shared"))
                .body("roles", contains("user"))
                .body("visible", contains("default_tenant", "shared"))
                .body("auth", equalTo("http_basic"))
                .body("headers", hasItem("x-something"))
                .body("headers", not(hasItem("authorization")))
                .body("headers", not(hasItem("cookie")))
                .header("X-Cloudify-Audit-Auth-Method", "http_basic")
                .header("X-Cloudify-Audit-Username", "alice")
                .header("X-Cloudify-Audit-Tenant", "shared")
                .header("X-Request-ID", notNullValue());
    }

    @Test
    void administratorsSeeAllTenants() {
        admin().get(API + "/blueprints")
                .then()
                .statusCode(200)
                .body("admin", equalTo(true))
                .body("visible", nullValue());
    }

    @Test
    void tenantsAreChecked() {
        refused(alice().get(API + "/blueprints"), 403, "forbidden_error", "Authorization failed: tenant not provided");
        refused(
                alice().header("Tenant", "nosuch").get(API + "/blueprints"),
                403,
                "forbidden_error",
                "Authorization failed: Tried to authenticate with invalid tenant name: nosuch");
        refused(
                admin().get(API + "/tenants/nosuch"),
                403,
                "forbidden_error",
                "Authorization failed: Tried to authenticate with invalid tenant name: nosuch");
    }

    @Test
    void permissionsAreChecked() {
        refused(
                alice().header("Tenant", "shared").get(API + "/snapshots"),
                403,
                "forbidden_error",
                "User `alice` is not permitted to perform the action snapshot_list in the tenant `shared`");
        refused(
                alice().header("Tenant", "other").get(API + "/blueprints"),
                403,
                "forbidden_error",
                "User `alice` is not permitted to perform the action blueprint_list in the tenant `other`");
        refused(
                alice().get(API + "/users"),
                403,
                "forbidden_error",
                "User `alice` is not permitted to perform the action user_list");
        bob().header("Tenant", "other")
                .delete(API + "/blueprints/b1")
                .then()
                .statusCode(200)
                .body("roles", contains("manager"));
        as("root2", "root2-password")
                .header("Tenant", "other")
                .get(API + "/snapshots")
                .then()
                .statusCode(200)
                .body("admin", equalTo(true));
    }

    @Test
    void aListOverAllTenantsNeedsThePermissionInOneOfThem() {
        bob().header("Tenant", "shared")
                .get(API + "/blueprints?_all_tenants=true")
                .then()
                .statusCode(200)
                .body("visible", contains("other"));
    }

    @Test
    void theFifthWrongPasswordInARowLocksTheAccount() throws SQLException {
        String message =
                "User unauthorized: Authentication failed for <User username=`alice`>. Wrong credentials or locked account";
        for (int i = 0; i < 4; i++) {
            refused(as("alice", "wrong").get(API + "/version"), 401, "unauthorized_error", message);
        }
        alice().get(API + "/version").then().statusCode(200);
        for (int i = 0; i < 5; i++) {
            refused(as("alice", "wrong").get(API + "/version"), 401, "unauthorized_error", message);
        }
        refused(alice().get(API + "/version"), 401, "unauthorized_error", message);
        admin().get(API + "/users/alice").then().body("is_locked", equalTo(true));
        sql("UPDATE access.users SET last_failed_login_at = now() - interval '11 minutes' WHERE username = 'alice'");
        alice().get(API + "/version").then().statusCode(200);
        admin().get(API + "/users/alice")
                .then()
                .body("is_locked", equalTo(false))
                .body("last_login_at", notNullValue());
    }

    @Test
    void anInactiveUserIsRefusedAndAChangedPasswordCountsAtOnce() throws SQLException {
        alice().get(API + "/version").then().statusCode(200);
        sql("UPDATE access.users SET active = false WHERE username = 'alice'");
        alice().get(API + "/version").then().statusCode(401);
        sql("UPDATE access.users SET active = true, password_hash = (SELECT password_hash FROM access.users"
                + " WHERE username = 'bob') WHERE username = 'alice'");
        alice().get(API + "/version").then().statusCode(401);
        as("alice", "bob-password").get(API + "/version").then().statusCode(200);
    }

    @Test
    void whoMakesATokenLosesTheirExpiredOnes() throws SQLException {
        // given
        for (String user : List.of("alice", "bob")) {
            sql("INSERT INTO access.tokens (id, username, secret_hash, expiration_date, created_at) VALUES ('expired"
                    + user + "', '" + user + "', 'x', now() - interval '1 hour', now() - interval '2 hours')");
        }
        // when
        alice().contentType("application/json")
                .body("{}")
                .post(API + "/tokens")
                .then()
                .statusCode(200);
        // then
        admin().get(API + "/tokens")
                .then()
                .body("items.id", hasItem("expiredbob"))
                .body("items.id", not(hasItem("expiredalice")));
    }

    @Test
    void tokensAreMadeShownOnceUsedAndRemoved() {
        String value = alice().contentType("application/json")
                .body("{\"description\": \"for scripts\", \"expiration_date\": \"+10h\"}")
                .post(API + "/tokens")
                .then()
                .statusCode(200)
                .body("username", equalTo("alice"))
                .body("role", equalTo("default"))
                .body("description", equalTo("for scripts"))
                .body("expiration_date", endsWith("Z"))
                .body("last_used", nullValue())
                .extract()
                .path("value");
        assertThat(value).matches("ctok-[A-Za-z0-9]{10}-[A-Za-z0-9]{40}");
        String id = value.substring(5, 15);
        given().header("Authentication-Token", value)
                .header("Tenant", "shared")
                .get(API + "/blueprints")
                .then()
                .statusCode(200)
                .body("username", equalTo("alice"))
                .body("auth", equalTo("token"));
        alice().get(API + "/tokens/" + id)
                .then()
                .statusCode(200)
                .body("value", equalTo("ctok-" + id + "-********"))
                .body("last_used", notNullValue());
        bob().get(API + "/tokens").then().statusCode(200).body("metadata.pagination.total", equalTo(0));
        admin().get(API + "/tokens").then().body("items.id", hasItem(id));
        refused(bob().delete(API + "/tokens/" + id), 404, "not_found_error", "Could not find token " + id);
        alice().contentType("application/json")
                .delete(API + "/tokens/" + id)
                .then()
                .statusCode(204);
        refused(
                given().header("Authentication-Token", value).get(API + "/status"),
                401,
                "unauthorized_error",
                "User unauthorized: Unauthorized");
    }

    @Test
    void aForgedExecutionTokenIsRefusedWithoutAskingAnybody() {
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        String forged = new ExecutionTokens(MasterKey.of(Base64.getEncoder().encodeToString(otherKey)))
                .issue("default_tenant", "e1", "dispatch");
        refused(
                given().header("Execution-Token", forged)
                        .header("Tenant", "default_tenant")
                        .get(API + "/blueprints"),
                401,
                "unauthorized_error",
                "User unauthorized: Authentication failed, invalid Execution Token");
    }

    @Test
    void anExecutionTokenIsOfNoUseInAnotherTenant() {
        String genuine =
                new ExecutionTokens(MasterKey.of(HoldfastResources.SECRET_KEY)).issue("shared", "e1", "dispatch");
        refused(
                given().header("Execution-Token", genuine)
                        .header("Tenant", "default_tenant")
                        .get(API + "/blueprints"),
                401,
                "unauthorized_error",
                "User unauthorized: Authentication failed, invalid Execution Token");
    }

    @Test
    void anExecutionTokenIsNotBelievedWhileNobodyKnowsItsExecution() {
        // given: nobody listens at the scheduler's address
        String genuine = new ExecutionTokens(MasterKey.of(HoldfastResources.SECRET_KEY))
                .issue("default_tenant", "e1", "dispatch");
        for (String header : new String[] {"Execution-Token", "Authentication-Token"}) {
            given().header(header, genuine)
                    .header("Tenant", "default_tenant")
                    .get(API + "/blueprints")
                    .then()
                    .statusCode(503);
        }
    }

    @Test
    void badTokensAreToldApart() throws SQLException {
        refused(
                given().header("Authentication-Token", "abc").get(API + "/status"),
                401,
                "unauthorized_error",
                "User unauthorized: Invalid token structure");
        refused(
                given().header("Execution-Token", "abc").get(API + "/status"),
                401,
                "unauthorized_error",
                "User unauthorized: Authentication failed, invalid Execution Token");
        String value = alice().post(API + "/tokens").then().extract().path("value");
        sql("UPDATE access.tokens SET expiration_date = now() - interval '1 second'");
        refused(
                given().header("Authentication-Token", value).get(API + "/status"),
                401,
                "unauthorized_error",
                "User unauthorized: Token is expired");
    }

    @Test
    void unknownUrlsAndMethodsAnswerInTheShapeOfTheApi() {
        given().get(API + "/nosuch")
                .then()
                .statusCode(404)
                .contentType("application/json")
                .body("error_code", equalTo("not_found_error"));
        admin().patch(API + "/maintenance")
                .then()
                .statusCode(405)
                .body("error_code", equalTo("method_not_allowed_error"));
        given().accept("application/problem+json")
                .get(API + "/nosuch")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("status", equalTo(404))
                .body("correlation_id", notNullValue());
        given().get("/api/holdfast/v1/restores").then().statusCode(401).contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v3.1/../../internal/inventory/secrets",
                "/api/v3.1/%2e%2e/%2e%2e/internal/inventory/secrets",
                "/api/v3.1/..%2f..%2finternal/inventory/secrets",
                "/api/v3.1/blueprints/..%2f..%2fsecrets",
                "/api/v3.1/blueprints/%2e%2e%2f%2e%2e%2fsecrets",
                "/x/../api/v3.1/blueprints",
                "/api/v3.1/blueprints/a%5c..%5cb",
                "/api/v3.1/./status",
                "/api/v3.1//status",
                "//api/v3.1/status",
                "/api/v3.1/status/..",
                "/internal/gateway/users",
                "//internal/gateway/users",
                "/%69nternal/gateway/users",
                "/api/../internal/gateway/users",
                "/internal/gateway/../gateway/users"
            })
    void noPathLeadsRoundTheGate(String path) throws IOException {
        assertThat(statusOf(path)).isIn(400, 401, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v3.1/users?_search=100%",
                "/api/v3.1/users?_search={a|b}",
                "/api/v3.1/users?_search=%zz",
                "/api/v3.1/blueprints?_search=%&x={y}"
            })
    void carelessQueriesAreNoErrorOfOurs(String path) throws IOException {
        // The HTTP server itself turns most of them away.
        assertThat(statusOf(path)).isIn(200, 400);
    }

    /** Over a plain socket, since every client cleans paths up. The administrator asks, so that nothing but the path can be wrong. */
    private static int statusOf(String path) throws IOException {
        URI url = URI.create(ConfigProvider.getConfig()
                .getOptionalValue("test.url", String.class)
                .orElseThrow());
        String basic = Base64.getEncoder()
                .encodeToString(("admin:" + FakeServices.ADMIN_PASSWORD).getBytes(StandardCharsets.UTF_8));
        try (Socket socket = new Socket("127.0.0.1", url.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nTenant: default_tenant\r\nAuthorization: Basic "
                                    + basic + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.setSoTimeout(20_000);
            InputStream in = socket.getInputStream();
            String head = new String(in.readNBytes(12), StandardCharsets.UTF_8);
            assertThat(head).startsWith("HTTP/1.1 ");
            return Integer.parseInt(head.substring(9));
        }
    }

    @Test
    void theGateOfTheClusterServiceIsObeyed() throws SQLException, InterruptedException {
        gate("activated");
        given().get(API + "/blueprints")
                .then()
                .statusCode(503)
                .body(
                        equalTo(
                                "{\"message\":\"Your request was rejected since Cloudify manager is currently in maintenance mode\","
                                        + "\"error_code\":\"maintenance_mode_active\",\"server_traceback\":\"NoneType: None\\n\"}"));
        admin().get(API + "/snapshots").then().statusCode(200);
        admin().header("X-BYPASS-MAINTENANCE", "1")
                .get(API + "/blueprints")
                .then()
                .statusCode(200);
        alice().header("Tenant", "shared")
                .header("X-BYPASS-MAINTENANCE", "1")
                .get(API + "/blueprints")
                .then()
                .statusCode(503);
        given().get(API + "/nosuch").then().statusCode(404);
        gate("activating");
        admin().put(API + "/snapshots/s1")
                .then()
                .statusCode(503)
                .body("error_code", equalTo("entering_maintenance_mode"));
        admin().get(API + "/blueprints").then().statusCode(200);
        gate("deactivated");
        admin().put(API + "/snapshots/s1").then().statusCode(200);
    }

    /** As the cluster-service does it; asked of the gateway, so that it looks anew. */
    static void gate(String status) throws SQLException {
        sql("CREATE SCHEMA IF NOT EXISTS cluster_control;"
                + "CREATE TABLE IF NOT EXISTS cluster_control.gate (status text NOT NULL);"
                + "GRANT USAGE ON SCHEMA cluster_control TO holdfast_gateway;"
                + "GRANT SELECT ON cluster_control.gate TO holdfast_gateway;"
                + "DELETE FROM cluster_control.gate; INSERT INTO cluster_control.gate VALUES ('" + status + "')");
        admin().post(API + "/maintenance/activate")
                .then()
                .statusCode(200)
                .body("uri", startsWith("/internal/cluster/"));
    }

    @Test
    void theseNeedNoAuthentication() {
        given().get(API + "/ok").then().statusCode(200).body(equalTo("\"OK\""));
        given().get(API + "/snapshot-status")
                .then()
                .statusCode(200)
                .body("username", equalTo("anonymous"))
                .body("admin", equalTo(false));
    }

    @Test
    void requestsAreCountedByTemplate() {
        admin().get(API + "/blueprints/some-id").then().statusCode(200);
        given().request("FROBNICATE", API + "/blueprints").then().statusCode(405);
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("route=\"blueprints/{id}\""))
                .body(not(containsString("some-id")))
                .body(containsString("method=\"OTHER\""))
                .body(not(containsString("FROBNICATE")));
    }

    @Test
    void aTokenMadeWhileItsUserIsDeletedIsNotGoodForTheNextUserOfThatName() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 6; round++) {
            // given
            String name = "leaver" + round;
            String user = "{\"username\": \"" + name + "\", \"password\": \"leaver-password\", \"role\": \"default\"}";
            admin().contentType("application/json")
                    .body(user)
                    .put(API + "/users")
                    .then()
                    .statusCode(201);
            as(name, "leaver-password").get(API + "/version").then().statusCode(200);
            // when
            Future<Response> token = threads.submit(() -> as(name, "leaver-password")
                    .contentType("application/json")
                    .body("{}")
                    .post(API + "/tokens"));
            Future<Response> deletion = threads.submit(() -> admin().delete(API + "/users/" + name));
            assertThat(deletion.get().statusCode()).isEqualTo(204);
            admin().contentType("application/json")
                    .body(user)
                    .put(API + "/users")
                    .then()
                    .statusCode(201);
            // then
            if (token.get().statusCode() == 200) {
                given().header("Authentication-Token", token.get().<String>path("value"))
                        .get(API + "/user")
                        .then()
                        .statusCode(401);
            } else {
                assertThat(token.get().statusCode()).isEqualTo(401);
            }
        }
        threads.shutdown();
    }

    @Test
    void aTokenThatExpiresBeyondTheCalendarIsRefused() {
        for (String time : List.of("+999999999-12-31T23:59:59Z", "+999999 years", "12000-01-01T00:00:00Z")) {
            alice().contentType("application/json")
                    .body(Map.of("expiration_date", time))
                    .post(API + "/tokens")
                    .then()
                    .statusCode(400)
                    .body("error_code", equalTo("bad_parameters_error"));
        }
    }
}
