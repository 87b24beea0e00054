package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class WorkflowsIT {

    @Inject
    IdentitySigner signer;

    @Inject
    Config config;

    private Rows rows;

    @BeforeEach
    void connect() throws SQLException {
        rows = new Rows(config);
        rows.clear();
    }

    @AfterEach
    void disconnect() throws SQLException {
        rows.close();
    }

    /** Each workflow says by its plugin which deployment it is of; ids rise with time. */
    @Test
    void aWorkflowIsAsTheNewestDeploymentHasItThatTheListOfDeploymentsShows() throws SQLException {
        // given
        CallerIdentity both = new CallerIdentity(
                "bob", false, "t1", List.of("t1", "t2"), List.of("user"), "http_basic", Instant.EPOCH);
        for (int seed = 0; seed < 6; seed++) {
            rows.clear();
            Random random = new Random(seed);
            for (int i = 0; i < 60; i++) {
                rows.execute(deployment(random, "d%02d".formatted(i)));
                if (random.nextInt(6) == 0) {
                    rows.execute("DELETE FROM inventory.deployments WHERE id = 'd%02d'".formatted(random.nextInt(60)));
                }
            }
            // when, then
            for (Api caller : List.of(
                    Api.admin(signer, "t1"),
                    Api.user(signer, "bob", "t1"),
                    Api.user(signer, "eve", "t2"),
                    new Api(signer, both),
                    Api.user(signer, "eve", "t3"))) {
                for (String query : List.of(
                        "",
                        "visibility=global",
                        "site_name=s1",
                        "site_name=s1&site_name=s2",
                        "_search=d1",
                        "_all_tenants=true",
                        "_all_tenants=true&site_name=s1")) {
                    assertThat(shown(caller, query)).as(seed + " " + query).isEqualTo(newest(caller, query));
                }
            }
        }
    }

    private static String deployment(Random random, String id) {
        TreeSet<String> names = new TreeSet<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            names.add("w" + random.nextInt(5));
        }
        String workflows = names.stream()
                .map(name -> "{\"name\": \"" + name + "\", \"plugin\": \"" + id + "\"}")
                .collect(Collectors.joining(", ", "'[", "]'"));
        return "INSERT INTO inventory.deployments (id, tenant_name, visibility, created_by, site_name, workflows) VALUES ('"
                + String.join(
                        "', '",
                        id,
                        "t" + (1 + random.nextInt(2)),
                        List.of("private", "tenant", "tenant", "global").get(random.nextInt(4)),
                        List.of("bob", "eve").get(random.nextInt(2)),
                        "s" + random.nextInt(3))
                + "', " + (random.nextInt(9) == 0 ? "NULL" : workflows) + ")";
    }

    private static Map<String, String> shown(Api caller, String query) {
        Map<String, String> plugins = new TreeMap<>();
        for (JsonNode workflow : caller.items("/workflows?_size=1000&" + query)) {
            assertThat(plugins.put(
                            workflow.get("name").asText(),
                            workflow.get("plugin").asText()))
                    .isNull();
        }
        return plugins;
    }

    private static Map<String, String> newest(Api caller, String query) {
        Map<String, JsonNode> deployments = new TreeMap<>();
        caller.items("/deployments?_get_data=true&" + query)
                .forEach(one -> deployments.put(one.get("id").asText(), one.get("workflows")));
        Map<String, String> plugins = new TreeMap<>();
        deployments
                .values()
                .forEach(list -> list.forEach(workflow -> plugins.put(
                        workflow.get("name").asText(), workflow.get("plugin").asText())));
        return plugins;
    }
}
