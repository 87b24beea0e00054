package io.holdfast.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.ExecutionTokens;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is below {@code /resources}; each role is asked in {@link AuthorisationMatrixIT}. */
@QuarkusTest
class FileServerIT extends GatewayCase {

    private static final String FILE = "/resources/deployments/shared/d/sub/file.txt";

    @AfterEach
    void openTheGate() throws SQLException {
        AdmissionIT.gate("deactivated");
    }

    /** A viewer of default_tenant. */
    private static RequestSpecification viewer() {
        return alice().header("Tenant", "default_tenant");
    }

    @Test
    void aPathGoesToTheInventoryAsItIsWithTheCallerOfItsTenant() {
        alice().header("Tenant", "shared")
                .get("/resources/deployments/shared/d/sub/?archive=True")
                .then()
                .statusCode(200)
                .body("uri", equalTo("/internal/inventory/resources/deployments/shared/d/sub/?archive=True"))
                .body("tenant", equalTo("shared"))
                .body("username", equalTo("alice"));
        alice().contentType("application/json")
                .body("not json")
                .put(FILE)
                .then()
                .statusCode(200)
                .body("body", equalTo("not json"))
                .body("tenant", equalTo("shared"));
    }

    @Test
    void whoMayReadMayNotWriteByThatAndNobodyEntersAForeignTenant() {
        viewer().get("/resources/deployments/default_tenant/d/x").then().statusCode(200);
        viewer().put("/resources/deployments/default_tenant/d/x")
                .then()
                .statusCode(403)
                .body("error_code", equalTo("forbidden_error"))
                .body(
                        "message",
                        equalTo("User `alice` is not permitted to perform the action deployment_update in the tenant"
                                + " `default_tenant`"));
        viewer().delete("/resources/deployments/default_tenant/d/x").then().statusCode(403);
        bob().get(FILE).then().statusCode(403);
        bob().header("Tenant", "shared").get(FILE).then().statusCode(403);
        // In his own tenant he may ask; that the path is of another, the inventory sees by the caller's.
        bob().header("Tenant", "other").get(FILE).then().statusCode(200).body("tenant", equalTo("other"));
        given().get(FILE).then().statusCode(401).body("error_code", equalTo("unauthorized_error"));
    }

    @Test
    void anExecutionTokenOpensThePathsOfItsTenantOnly() {
        String token = new ExecutionTokens(MasterKey.of(HoldfastResources.SECRET_KEY)).issue("shared", "e", "dispatch");
        given().header("Execution-Token", token)
                .get("/resources/deployments/other/d/x")
                .then()
                .statusCode(401)
                .body("error_code", equalTo("unauthorized_error"));
        // Whether its execution is still under way, the scheduler would say, which is not there.
        given().header("Execution-Token", token).get(FILE).then().statusCode(503);
    }

    @Test
    void whatIsNotServedIsToldAsJson() {
        admin().get("/resources/tenants/shared/x")
                .then()
                .statusCode(404)
                .body("error_code", equalTo("not_found_error"))
                .body("message", containsString("/resources/tenants/shared/x was not found"));
        admin().put("/resources/blueprints/shared/b/x")
                .then()
                .statusCode(405)
                .body("error_code", equalTo("method_not_allowed_error"));
        admin().get("/resources/deployments/shared/d/sub/missing")
                .then()
                .statusCode(404)
                .body("error_code", equalTo("not_found_error"));
        given().urlEncodingEnabled(false)
                .get("/x/../resources/deployments/shared/d/x")
                .then()
                .statusCode(400);
    }

    @Test
    void maintenanceModeClosesIt() throws SQLException {
        // when
        AdmissionIT.gate("activated");
        // then
        alice().header("Tenant", "shared")
                .get(FILE)
                .then()
                .statusCode(503)
                .body("error_code", equalTo("maintenance_mode_active"));
        alice().header("Tenant", "shared")
                .header("X-Original-Uri", FILE)
                .get("/api/v3.1/file-server-auth")
                .then()
                .statusCode(200);
    }

    @Test
    void anotherFileServerIsToldWhoMayRead() {
        alice().header("Tenant", "shared")
                .header("X-Original-Uri", FILE + "?archive=True")
                .get("/api/v3.1/file-server-auth")
                .then()
                .statusCode(200)
                .body("resource_id", nullValue());
        for (String path : new String[] {"/resources/deployments/other/d/x", "blueprints/other/b/x"}) {
            alice().header("Tenant", "shared")
                    .header("X-Original-Uri", path)
                    .get("/api/v3.1/file-server-auth")
                    .then()
                    .statusCode(403)
                    .body(
                            "message",
                            equalTo("User `alice` is not permitted to perform the action file_server_auth in the tenant"
                                    + " `other`"));
        }
        alice().header("Tenant", "shared")
                .get("/api/v3.1/file-server-auth")
                .then()
                .statusCode(400)
                .body("message", equalTo("the header X-Original-Uri is missing"));
    }
}
