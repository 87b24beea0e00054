package io.holdfast.gateway;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The parked messages of all services through the gateway. */
@QuarkusTest
class DeadLettersIT extends GatewayCase {

    private static final String LETTERS = "/api/holdfast/v1/dead-letters";

    @Test
    void listsAreMergedNewestFirstAndSayWhichServiceDidNotAnswer() throws SQLException {
        sql("DELETE FROM gateway_control.parked_message");
        admin().get(LETTERS)
                .then()
                .statusCode(200)
                .body("items.service", contains("inventory", "snapshot", "restore", "cluster"))
                .body("items.username", contains("admin", "admin", "admin", "admin"))
                .body("metadata.pagination.total", equalTo(4))
                .body("metadata.unavailable", hasKey("scheduler"));
        admin().get(LETTERS + "?_offset=1&_size=2")
                .then()
                .statusCode(200)
                .body("items.service", contains("snapshot", "restore"));
        admin().get(LETTERS + "?service=cluster").then().statusCode(200).body("items", hasSize(1));
        admin().get(LETTERS + "?_size=99999").then().statusCode(400);
        admin().get(LETTERS + "?service=nosuch").then().statusCode(400).body("detail", containsString("nosuch"));
    }

    @Test
    void decisionsGoToTheServiceInTheNameOfWhoMadeThem() {
        admin().post(LETTERS + "/restore/7/discard").then().statusCode(200).body("username", equalTo("admin"));
        admin().contentType("application/json")
                .body("{\"service\": \"restore\", \"reason\": \"UNREADABLE\"}")
                .post(LETTERS + "/discard")
                .then()
                .statusCode(200)
                .body("count", equalTo(2))
                .body("services.restore", equalTo(2));
        admin().contentType("application/json")
                .body("{}")
                .post(LETTERS + "/discard")
                .then()
                .statusCode(400)
                .body("detail", containsString("which dead letters"));
        admin().post(LETTERS + "/restore/seven/discard").then().statusCode(404);
    }

    @Test
    void onlyAdministratorsSeeThem() {
        alice().header("Tenant", "shared").get(LETTERS).then().statusCode(403);
        alice().header("Tenant", "shared")
                .post(LETTERS + "/restore/7/discard")
                .then()
                .statusCode(403);
    }
}
