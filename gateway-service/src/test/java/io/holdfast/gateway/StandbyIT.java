package io.holdfast.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import io.holdfast.role.NodeRole;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway on a node that is not active, and the same one when its node becomes active. */
@QuarkusTest
@TestProfile(StandbyIT.InCluster.class)
@QuarkusTestResource(HoldfastResources.class)
@QuarkusTestResource(FakeServices.class)
@QuarkusTestResource(value = FakeCluster.class, restrictToAnnotatedClass = true)
class StandbyIT {

    public static final class InCluster implements QuarkusTestProfile {}

    private static final String API = "/api/v3.1";
    private static final long BIG = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    NodeRole role;

    @BeforeEach
    void standby() {
        become("STANDBY", true);
    }

    @Test
    void aRequestGoesToTheActiveNodeAsItCame() {
        given().urlEncodingEnabled(false)
                .header("Authorization", "Basic not-looked-at-here")
                .header("Tenant", "t1")
                .header("Accept", "application/problem+json")
                .body("12345")
                .put(API + "/secrets/k?x=%20y")
                .then()
                .statusCode(200)
                .header("X-From", "n1")
                .body("method", equalTo("PUT"))
                .body("uri", equalTo("/api/v3.1/secrets/k?x=%20y"))
                .body("received", equalTo(5))
                .body("authorization", equalTo("Basic not-looked-at-here"))
                .body("tenant", equalTo("t1"))
                .body("accept", equalTo("application/problem+json"))
                .body("by", equalTo("n2"))
                .body("for", equalTo("127.0.0.1"))
                .body("identity", equalTo("-"));
    }

    @Test
    void errorsOfTheActiveNodeAreLeftAsTheyAre() {
        given().get(API + "/teapot").then().statusCode(418).body("method", equalTo("GET"));
        given().head(API + "/version").then().statusCode(200);
    }

    @Test
    void anUploadStreamsThrough() throws IOException {
        HttpURLConnection connection = open(API + "/snapshots/s1/archive");
        connection.setRequestMethod("PUT");
        connection.setChunkedStreamingMode(1 << 16);
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            byte[] chunk = new byte[1 << 16];
            for (long sent = 0; sent < BIG; sent += chunk.length) {
                out.write(chunk);
            }
        }
        assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("\"received\":" + BIG);
    }

    @Test
    void anAnswerThatGoesOnArrivesPieceByPiece() throws IOException {
        HttpURLConnection connection = open(API + "/halves");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("data: first");
            FakeCluster.sendSecondHalf();
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("data: second");
        }
    }

    @Test
    void whatWasForwardedOnceIsNotForwardedAgain() {
        given().header("Holdfast-Forwarded-By", "n3")
                .get(API + "/version")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("message", containsString("Node n3 takes node n2 for the active one"))
                .body("error_code", equalTo("service_unavailable_error"));
        // it does stay so where too few nodes are left to elect another
        given().header("Holdfast-Forwarded-By", "n3")
                .get("/api/holdfast/v1/anything")
                .then()
                .statusCode(503)
                .body("hint", containsString("if it stays so, `holdfast cluster explain` says why"));
    }

    @Test
    void withoutAnActiveNodeClientsAreToldToComeBack() {
        become("STANDBY", false);
        given().get(API + "/version")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("message", startsWith("No manager of the cluster is active at the moment"));
        given().get("/api/holdfast/v1/anything")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .body("hint", containsString("cluster explain"));
        given().get("/q/health/live").then().statusCode(200);
    }

    @Test
    void aNodeThatBecomesActiveAnswersByItselfAndHasItsAdministrator() {
        become("ACTIVE", true);
        await().atMost(PATIENCE)
                .untilAsserted(() -> GatewayCase.admin()
                        .get(API + "/tenants")
                        .then()
                        .statusCode(200)
                        .body("items.name", hasItem("default_tenant")));
    }

    private void become(String name, boolean activeKnown) {
        FakeCluster.role = name;
        FakeCluster.activeKnown = activeKnown;
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(role.isActive()).isEqualTo(name.equals("ACTIVE"));
            assertThat(role.current().activeManager() != null).isEqualTo(activeKnown);
        });
    }

    private static HttpURLConnection open(String path) throws IOException {
        int port = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class))
                .getPort();
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setReadTimeout(60_000);
        return connection;
    }
}
