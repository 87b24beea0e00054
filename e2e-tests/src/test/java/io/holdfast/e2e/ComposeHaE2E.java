package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** {@code docker-compose.ha.yml}: three nodes in containers, of which one is killed; then all are made anew from their volumes. */
class ComposeHaE2E {

    private static final Duration PATIENCE = Compose.PATIENCE;
    private static final String PASSWORD = "e2e-password";
    private static final List<String> NODES = List.of("n1", "n2", "n3");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final Map<String, Integer> managers = new HashMap<>();
    private final Map<String, Integer> agents = new HashMap<>();

    @Test
    void aKilledContainerIsReplacedAndComesBack() throws Exception {
        Compose.require("postgres:15", "eclipse-temurin:17-jre");
        for (String node : NODES) {
            managers.put(node, Stack.freePort());
            agents.put(node, Stack.freePort());
        }
        Compose compose = new Compose("holdfast-e2e-ha", "docker-compose.ha.yml", environment());
        MachineNetwork network = MachineNetwork.changing();
        try {
            // given
            compose.ok("up", "--build", "-d");
            compose.awaitHealthy(NODES.size());
            assertThat(api("n1").post("/api/v3.1/tenants/kept", "{}").status()).isEqualTo(201);
            String former = status("n1").path("active").asText();
            List<String> others =
                    NODES.stream().filter(node -> !node.equals(former)).toList();
            // when
            compose.ok("kill", former);
            // then
            Awaitility.await("another active node")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(others)
                            .contains(status(others.get(0)).path("active").asText()));
            for (String node : others) {
                awaitTenant(node);
            }
            assertThat(status(others.get(0)).path("state").asText()).isEqualTo("degraded");
            // when
            compose.ok("start", former);
            // then
            Awaitility.await("three nodes that stream and vote")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(
                            () -> assertThat(status(others.get(0)).path("state").asText())
                                    .isEqualTo("healthy"));

            // when
            compose.ok("down", "--timeout", "20");
            compose.ok("up", "-d");
            // then: the volumes are kept, and the former one may be active again or not
            for (String node : NODES) {
                awaitTenant(node);
            }
        } finally {
            compose.run("down", "-v", "--timeout", "20");
            network.close();
        }
    }

    private void awaitTenant(String node) {
        Awaitility.await("the tenant at " + node)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(api(node).get("/api/v3.1/tenants/kept").status())
                                .isEqualTo(200));
    }

    private Api api(String node) {
        return Api.at("http://127.0.0.1:" + managers.get(node), "admin", PASSWORD);
    }

    private JsonNode status(String node) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + agents.get(node) + "/cluster/status"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return Api.JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new AssertionError("the agent of " + node + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOLDFAST_CLUSTER_KEY", "0123456789abcdef0123456789abcdef");
        environment.put("HOLDFAST_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        environment.put("HOLDFAST_ADMIN_PASSWORD", PASSWORD);
        // beside a cluster that somebody runs with the file's own addresses
        environment.put("HOLDFAST_SUBNET", "172.30.78");
        for (int i = 0; i < NODES.size(); i++) {
            environment.put("HOLDFAST_PORT_" + (i + 1), String.valueOf(managers.get(NODES.get(i))));
            environment.put("HOLDFAST_AGENT_PORT_" + (i + 1), String.valueOf(agents.get(NODES.get(i))));
        }
        return environment;
    }
}
