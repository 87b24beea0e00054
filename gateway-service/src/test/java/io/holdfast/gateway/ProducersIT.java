package io.holdfast.gateway;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Setting producers up over REST, at a broker whose users are not ours to manage. */
@QuarkusTest
class ProducersIT extends GatewayCase {

    private static final String PRODUCERS = "/api/holdfast/v1/producers";

    @BeforeEach
    void none() throws SQLException {
        sql("DELETE FROM gateway_control.producer");
    }

    @Test
    void producerIsSetUpShownGivenANewPasswordAndRemoved() {
        admin().contentType("application/json")
                .body("{\"username\": \"alice\", \"tenants\": [\"shared\"], \"rate_per_second\": 7}")
                .put(PRODUCERS + "/acme")
                .then()
                .statusCode(201)
                .body("client_id", equalTo("acme"))
                .body("tenants", contains("shared"))
                .body("rate_per_second", equalTo(7))
                .body("reply_queue", equalTo("reply.acme"))
                .body("created_by", equalTo("admin"))
                .body("url", startsWith("amqp://acme:"))
                .body("broker_users", equalTo("manual"))
                .body("commands", hasItem(containsString("holdfast.requests '^request\\.(shared)\\.' '^$'")))
                .body("commands", hasItem(containsString("'^reply\\.acme(\\..*)?$' '^holdfast\\.requests$'")));
        admin().get(PRODUCERS)
                .then()
                .statusCode(200)
                .body("items.client_id", contains("acme"))
                .body(not(containsString("password")));
        admin().get(PRODUCERS + "/acme").then().statusCode(200).body("username", equalTo("alice"));
        admin().post(PRODUCERS + "/acme/password")
                .then()
                .statusCode(200)
                .body("commands", hasItem(startsWith("rabbitmqctl change_password acme ")));
        admin().delete(PRODUCERS + "/acme")
                .then()
                .statusCode(200)
                .body("commands", contains("rabbitmqctl delete_user acme"));
        admin().get(PRODUCERS + "/acme").then().statusCode(404).body("error_code", equalTo("not_found_error"));
    }

    @Test
    void withoutTenantsThoseOfTheUserAreTaken() {
        admin().contentType("application/json")
                .body("{\"username\": \"alice\"}")
                .put(PRODUCERS + "/acme")
                .then()
                .statusCode(201)
                .body("tenants", contains("default_tenant", "shared"));
        admin().contentType("application/json")
                .body("{\"username\": \"alice\"}")
                .put(PRODUCERS + "/acme")
                .then()
                .statusCode(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Acme | {\"username\": \"alice\"} | 400",
                "guest | {\"username\": \"alice\"} | 400",
                "holdfast | {\"username\": \"alice\"} | 400",
                "holdfast-scheduler | {\"username\": \"alice\"} | 400",
                "acme | {} | 400",
                "acme | {\"username\": \"nobody\"} | 404",
                "acme | {\"username\": \"alice\", \"tenants\": [\"nowhere\"]} | 404",
                "acme | {\"username\": \"alice\", \"tenants\": [\"other\"]} | 400",
                "acme | {\"username\": \"alice\", \"tenants\": \"shared\"} | 400",
                "acme | {\"username\": \"alice\", \"rate_per_second\": 0} | 400",
                "acme | {\"username\": \"alice\", \"rate_per_second\": \"many\"} | 400"
            })
    void whatMakesNoSenseIsRefused(String clientId, String body, int status) {
        admin().contentType("application/json")
                .body(body)
                .put(PRODUCERS + "/" + clientId)
                .then()
                .statusCode(status);
        admin().get(PRODUCERS).then().body("items.size()", equalTo(0));
    }

    @Test
    void onlyAdministratorsSetProducersUp() {
        alice().header("Tenant", "shared").get(PRODUCERS).then().statusCode(403);
        alice().header("Tenant", "shared")
                .contentType("application/json")
                .body("{\"username\": \"alice\"}")
                .put(PRODUCERS + "/acme")
                .then()
                .statusCode(403);
    }
}
