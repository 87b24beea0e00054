package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker-compose.yml}: what an operator restarts, changes and stops loses nothing, and is told in lines, not in stack traces. */
class ComposeE2E {

    private static final int CONTAINERS = 9;
    private static final String PASSWORD = "e2e-password";

    private final int port = Stack.freePort();
    private final Compose compose = new Compose("holdfast-e2e", "docker-compose.yml", environment());

    @TempDir
    private Path folder;

    @Test
    void databaseBrokerAndAllOfItAreRestartedAndNothingIsLost() throws Exception {
        Compose.require("postgres:15", "rabbitmq:3-management", "eclipse-temurin:17-jre");
        MachineNetwork network = MachineNetwork.changing();
        try {
            // given
            compose.ok("up", "--build", "-d");
            compose.awaitHealthy(CONTAINERS);
            assertThat(api().post("/api/v3.1/tenants/kept", "{}").status()).isEqualTo(201);
            assertThat(compose.ok("exec", "-T", "gateway", "id", "-u").strip()).isEqualTo("10001");

            // when
            compose.ok("restart", "postgres");
            // then: it was not killed
            awaitTenant();
            assertThat(compose.ok("logs", "postgres"))
                    .contains("database system was shut down at")
                    .doesNotContain("not properly shut down", "unexpected postmaster exit");

            // when
            compose.ok("restart", "rabbitmq");
            compose.awaitHealthy(CONTAINERS);
            // then
            assertThat(compose.ok("logs", "scheduler"))
                    .contains("Lost the broker amqp://holdfast@rabbitmq:5672/holdfast")
                    .doesNotContain("Could not connect to rabbitmq", "\tat ");

            // when: a setting is added
            String database = compose.ok("ps", "-q", "postgres");
            String workflow = compose.ok("ps", "-q", "workflow");
            compose.add(Files.writeString(folder.resolve("override.yml"), """
                    services:
                      workflow:
                        environment:
                          HOLDFAST_WORKFLOW_BRIDGE_ENABLED: "true"
                    """));
            compose.ok("up", "-d");
            // then: its container alone is made anew
            assertThat(compose.ok("ps", "-q", "postgres")).isEqualTo(database);
            assertThat(compose.ok("ps", "-q", "workflow")).isNotEqualTo(workflow);

            // when
            compose.ok("down");
            compose.ok("up", "-d");
            // then
            awaitTenant();
        } finally {
            compose.run("down", "-v");
            network.close();
        }
    }

    private void awaitTenant() {
        Awaitility.await("the tenant")
                .atMost(Compose.PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(api().get("/api/v3.1/tenants/kept").status()).isEqualTo(200));
    }

    private Api api() {
        return Api.at("http://127.0.0.1:" + port, "admin", PASSWORD);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("POSTGRES_PASSWORD", "e2eowner");
        environment.put("HOLDFAST_DATABASE_PASSWORD", "e2edatabase");
        environment.put("HOLDFAST_BROKER_PASSWORD", "e2ebroker");
        environment.put("HOLDFAST_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        environment.put("HOLDFAST_ADMIN_PASSWORD", PASSWORD);
        environment.put("HOLDFAST_PORT", String.valueOf(port));
        return environment;
    }
}
