package io.holdfast.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.PluginTokens;
import io.holdfast.http.PluginTokens.Claim;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far the token of a plugin's installation reaches. Alice may upload plugins in {@code shared}, and only look in the other tenant. */
@QuarkusTest
class PluginTokensIT extends GatewayCase {

    private static final String API = "/api/v3.1";
    private static final PluginTokens TOKENS = new PluginTokens(MasterKey.of(HoldfastResources.SECRET_KEY));
    private static final String CONFINED =
            "Authorization failed: the token of a plugin's installation or of a hook is good for that only";

    @AfterEach
    void noGate() throws SQLException {
        sql("DROP SCHEMA IF EXISTS cluster_control CASCADE");
    }

    @ParameterizedTest
    @CsvSource({"GET, /plugins", "GET, /plugins/p1", "GET, /plugins/p1/archive", "PUT, /plugins/p1"})
    void itIsGoodForWhatAWorkerAsksOfItsPlugin(String method, String path) {
        // when
        int status = as("alice", "shared", "p1", 60).request(method, API + path).statusCode();
        // then
        assertThat(status).isBetween(200, 299);
    }

    @Test
    void servicesAreToldWhoCallsAndHow() {
        as("alice", "shared", "p1", 60)
                .get(API + "/plugins/p1")
                .then()
                .statusCode(200)
                .header("X-Cloudify-Audit-Auth-Method", "plugin_token")
                .body("username", equalTo("alice"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /plugins/p2",
        "GET, /plugins/p2/archive",
        "PUT, /plugins/p2",
        "POST, /plugins",
        "POST, /plugins/p1",
        "PATCH, /plugins/p1",
        "DELETE, /plugins/p1",
        "GET, /plugins/p1/yaml",
        "PATCH, /plugins/p1/set-global",
        "GET, /blueprints",
        "GET, /secrets/s1",
        "POST, /tokens",
        "GET, /executions/e1",
        "GET, /operations/None",
        "GET, /status"
    })
    void itIsGoodForNothingElse(String method, String path) {
        as("alice", "shared", "p1", 60)
                .contentType("application/json")
                .request(method, API + path)
                .then()
                .statusCode(403)
                .body("message", equalTo(CONFINED));
    }

    /** Nobody listens at the scheduler's address, so what is let through to it is answered 503. */
    @ParameterizedTest
    @CsvSource({
        "/plugins/p1, 200",
        "/plugins/p2, 200",
        "/executions/e1, 503",
        "/operations/None, 503",
        "/executions/e2, 403",
        "/executions, 403",
        "/operations/o1, 403",
        "/blueprints, 403"
    })
    void thatOfAHookIsGoodForPluginsAndItsExecution(String path, int status) {
        given().header(
                        "Authentication-Token",
                        TOKENS.issue(Claim.ofHook(
                                "shared", "alice", "e1", Instant.now().plusSeconds(60))))
                .header("Tenant", "shared")
                .get(API + path)
                .then()
                .statusCode(status);
    }

    @Test
    void itGivesNoRightThatItsUserLacks() {
        as("alice", "default_tenant", "p1", 60).get(API + "/plugins/p1").then().statusCode(200);
        as("alice", "default_tenant", "p1", 60)
                .put(API + "/plugins/p1")
                .then()
                .statusCode(403)
                .body("message", containsString("plugin_upload"));
    }

    @Test
    void itShowsItsTenantOnly() {
        given().header("Authentication-Token", token("admin", "shared", "p1", 60))
                .header("Tenant", "other")
                .get(API + "/plugins/p1")
                .then()
                .statusCode(401);
        as("admin", "shared", "p1", 60)
                .get(API + "/plugins/p1?_all_tenants=true")
                .then()
                .statusCode(200)
                .body("visible", equalTo(List.of("shared")));
    }

    @Test
    void itIsOverInTime() {
        as("alice", "shared", "p1", -1)
                .get(API + "/plugins/p1")
                .then()
                .statusCode(401)
                .body("message", equalTo("User unauthorized: Token is expired"));
    }

    @Test
    void itEndsWithItsUser() throws SQLException {
        // given
        sql("UPDATE access.users SET active = false WHERE username = 'alice'");
        // then
        as("alice", "shared", "p1", 60).get(API + "/plugins/p1").then().statusCode(401);
        as("nobody", "shared", "p1", 60).get(API + "/plugins/p1").then().statusCode(401);
    }

    @Test
    void itDoesNotOpenTheMaintenanceGate() throws SQLException {
        // given
        AdmissionIT.gate("activated");
        // then
        as("admin", "shared", "p1", 60)
                .header("X-BYPASS-MAINTENANCE", "True")
                .get(API + "/plugins/p1")
                .then()
                .statusCode(503);
    }

    private static RequestSpecification as(String user, String tenant, String plugin, int secondsLeft) {
        return given().header("Authentication-Token", token(user, tenant, plugin, secondsLeft))
                .header("Tenant", tenant);
    }

    private static String token(String user, String tenant, String plugin, int secondsLeft) {
        return TOKENS.issue(Claim.ofPlugin(tenant, user, plugin, Instant.now().plusSeconds(secondsLeft)));
    }
}
