package io.holdfast.scheduler.limits;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.scheduler.dispatch.app.ClaimDue;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits over REST, and what setting them does to what waits. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class LimitsIT {

    private static final String LIMITS = "/internal/scheduler/v1/limits";

    @Inject
    IdentitySigner signer;

    @Inject
    Clock clock;

    @Inject
    ClaimDue claim;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    void clear() {
        rows = new Rows(dataSource);
        rows.clear();
    }

    @Test
    void limitsAreSetShownAndRemoved() {
        // when
        send("admin", "PUT", "/tenants/t", Map.of("max_running", 3, "starts_per_minute", 60, "burst", 5))
                .statusCode(200)
                .body("max_running", equalTo(3));
        send("admin", "PUT", "/tenants/t", Map.of("max_running", 4))
                .statusCode(200)
                .body("burst", nullValue());
        send("admin", "PUT", "/keys/t/gpu%20x", Map.of("max_running", 2)).statusCode(200);
        // then
        send("admin", "GET", "", null)
                .statusCode(200)
                .body("items.tenant_name", equalTo(List.of("t", "t")))
                .body("items.key[1]", equalTo("gpu x"))
                .body("metadata.pagination.total", equalTo(2));
        send("admin", "GET", "/keys/t/gpu%20x", null).statusCode(200).body("max_running", equalTo(2));
        send("admin", "DELETE", "/tenants/t", null).statusCode(204);
        send("admin", "DELETE", "/tenants/t", null).statusCode(404).body("detail", equalTo("Tenant `t` has no limit"));
        send("admin", "DELETE", "/keys/t/gpu%20x", null).statusCode(204);
        send("admin", "GET", "", null).body("items.size()", equalTo(0));
    }

    @Test
    void whatIsNoLimitIsRefusedAndSoIsWhoIsNoAdministrator() {
        send("admin", "PUT", "/tenants/t", Map.of()).statusCode(400).body("detail", containsString("limits nothing"));
        send("admin", "PUT", "/tenants/t", Map.of("max_running", 0))
                .statusCode(400)
                .body("detail", equalTo("max_running is 0; expected 1 to 1000000"));
        send("admin", "PUT", "/tenants/t", Map.of("max_running", "3")).statusCode(400);
        send("admin", "PUT", "/tenants/t", Map.of("max", 3))
                .statusCode(400)
                .body("detail", equalTo("there is no limit `max`"));
        send("admin", "PUT", "/tenants/t", Map.of("burst", 3, "max_running", 1)).statusCode(400);
        send("admin", "PUT", "/keys/t/k", Map.of("starts_per_minute", 3)).statusCode(400);
        send("admin", "PUT", "/tenants/missing", Map.of("max_running", 1))
                .statusCode(404)
                .body("detail", equalTo("Requested `Tenant` with ID `missing` was not found"));
        send("admin", "PUT", "/keys/missing/k", Map.of("max_running", 1)).statusCode(404);
        send("user", "PUT", "/tenants/t", Map.of("max_running", 1)).statusCode(403);
        send("user", "GET", "", null).statusCode(403);
        assertThat(rows.texts("SELECT tenant_name FROM scheduler.tenant_limits"))
                .isEmpty();
    }

    @Test
    void raisedLimitLetsGoWhatItHeldBack() {
        // given
        send("admin", "PUT", "/tenants/t", Map.of("max_running", 1)).statusCode(200);
        rows.due("t", "a", 4, "", "");
        claim.claim(100, false);
        assertThat(rows.ids("queued")).hasSize(3);
        // when
        send("admin", "PUT", "/tenants/t", Map.of("max_running", 3)).statusCode(200);
        // then
        assertThat(rows.ids("pending")).containsExactly("a1", "a2", "a3");
        send("admin", "DELETE", "/tenants/t", null).statusCode(204);
        assertThat(rows.ids("queued")).isEmpty();
    }

    @Test
    void raisedRateGivesStartsAtOnce() {
        // given
        send("admin", "PUT", "/tenants/t", Map.of("starts_per_minute", 1)).statusCode(200);
        rows.due("t", "a", 4, "", "");
        claim.claim(100, false);
        assertThat(rows.ids("scheduled")).hasSize(3);
        // when
        send("admin", "PUT", "/tenants/t", Map.of("starts_per_minute", 2)).statusCode(200);
        claim.claim(100, true);
        // then
        assertThat(rows.ids("pending")).hasSize(3);
    }

    private ValidatableResponse send(String user, String method, String path, Map<String, Object> body) {
        String whole = LIMITS + path;
        CallerIdentity caller = new CallerIdentity(
                user, user.equals("admin"), "default_tenant", null, List.of(), "http_basic", clock.instant());
        IdentitySigner.Headers headers = signer.signNow(caller, method, whole);
        var request = given().urlEncodingEnabled(false)
                .contentType("application/json")
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
        if (body != null) {
            request.body(body);
        }
        return request.request(method, whole).then();
    }
}
