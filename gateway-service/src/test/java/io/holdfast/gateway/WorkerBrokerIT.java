package io.holdfast.gateway;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What workers are told of the broker, on the running service. */
@QuarkusTest
@TestProfile(WorkerBrokerIT.WithWorkers.class)
class WorkerBrokerIT extends GatewayCase {

    private static final String API = "/api/v3.1";

    public static final class WithWorkers implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path certificate = Files.createTempFile("broker", ".pem");
                Files.writeString(certificate, "CERTIFICATE");
                return Map.of(
                        "holdfast.gateway.worker-broker.hosts", "10.0.0.1,10.0.0.2",
                        "holdfast.gateway.worker-broker.username", "worker",
                        "holdfast.gateway.worker-broker.password", "worker-password",
                        "holdfast.gateway.worker-broker.ca-file", certificate.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void administratorsLearnHowWorkersLogIn() {
        admin().get(API + "/brokers")
                .then()
                .statusCode(200)
                .body("items.host", contains("10.0.0.1", "10.0.0.2"))
                .body("items.networks.default", contains("10.0.0.1", "10.0.0.2"))
                .body("items.port", everyItem(equalTo(5671)))
                .body("items.username", everyItem(equalTo("worker")))
                .body("items.password", everyItem(equalTo("worker-password")))
                .body("items.ca_cert_content", everyItem(equalTo("CERTIFICATE")));
    }

    @Test
    void otherUsersLearnOnlyWhereItIs() {
        alice().header("Tenant", "shared")
                .get(API + "/brokers")
                .then()
                .statusCode(200)
                .body("items.host", contains("10.0.0.1", "10.0.0.2"))
                .body("items.username", everyItem(nullValue()))
                .body("items.password", everyItem(nullValue()));
    }
}
