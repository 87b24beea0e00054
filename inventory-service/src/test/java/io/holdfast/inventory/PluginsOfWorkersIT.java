package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the bridge on, over which workers are attached that install plugins. */
@QuarkusTest
@TestProfile(PluginsOfWorkersIT.Bridge.class)
class PluginsOfWorkersIT extends WritesCase {

    public static class Bridge implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdfast.workflow.bridge.enabled", "true");
        }
    }

    @Inject
    WorkflowStandIn workers;

    @BeforeEach
    void aPlugin() throws SQLException {
        workers.clear();
        rows.execute(
                "INSERT INTO inventory.plugins (tenant_name, id, package_name, package_version, created_by) VALUES ('t1', 'p', 'net', '1.0', 'bob')");
    }

    @Test
    void whatIsToBeInstalledWaitsForAWorker() {
        // when
        JsonNode asked =
                done(bob.sendJson("POST", "/plugins/p", "{\"action\": \"install\", \"managers\": [\"m1\"]}"), 200);
        // then
        assertThat(asked.at("/installation_state/0/state").asText()).isEqualTo("pending-install");
        assertThat(asked.at("/installation_state/0/error").isNull()).isTrue();
        done(admin.sendJson("PUT", "/plugins/p", "{\"manager\": \"m1\", \"state\": \"installed\"}"), 200);
        assertThat(admin.get("/plugins/p").at("/installation_state/0/state").asText())
                .isEqualTo("installed");
    }

    @Test
    void aWorkerMayGoByANameOfItsOwn() {
        // when
        JsonNode asked =
                done(bob.sendJson("POST", "/plugins/p", "{\"action\": \"install\", \"managers\": [\"own\"]}"), 200);
        // then
        assertThat(asked.at("/installation_state/0/state").asText()).isEqualTo("pending-install");
        assertThat(workers.told.get(0).get("managers").toString()).isEqualTo("[\"own\"]");
        refused(
                bob.sendJson("PUT", "/plugins/p", "{\"manager\": \"other\", \"state\": \"installed\"}"),
                404,
                "not_found_error",
                "Requested `Manager` with ID `None` was not found (filters: {'hostname': 'other'})");
    }

    @Test
    void workersOfTheManagersThatAreNamedAreTold() {
        // when
        done(
                bob.sendJson("POST", "/plugins/p", "{\"action\": \"install\", \"managers\": [\"m1\", \"m2\", \"m1\"]}"),
                200);
        // then
        assertThat(workers.told).hasSize(1);
        ObjectNode told = workers.told.get(0);
        assertThat(told.get("task").asText()).isEqualTo("install");
        assertThat(told.get("tenant").asText()).isEqualTo("t1");
        assertThat(told.get("caller").asText()).isEqualTo("internal");
        assertThat(told.get("username").asText()).isEqualTo("bob");
        assertThat(told.get("managers").toString()).isEqualTo("[\"m1\",\"m2\"]");
        assertThat(told.at("/plugin/id").asText()).isEqualTo("p");
        assertThat(told.at("/plugin/package_name").asText()).isEqualTo("net");
        assertThat(told.at("/plugin/package_version").asText()).isEqualTo("1.0");
    }

    @Test
    void whereTheBridgeTurnsOutToBeOffTheInstallationEnds() {
        // given
        workers.hasWorkers = false;
        // when
        JsonNode asked =
                done(bob.sendJson("POST", "/plugins/p", "{\"action\": \"install\", \"managers\": [\"m1\"]}"), 200);
        // then
        assertThat(asked.at("/installation_state/0/state").asText()).isEqualTo("error");
        assertThat(asked.at("/installation_state/0/error").asText()).startsWith("nothing here installs plugins: ");
    }

    @Test
    void whereTheBridgeTurnsOutToBeOffWhatIsInstalledStaysSo() {
        // given
        workers.hasWorkers = false;
        done(admin.sendJson("PUT", "/plugins/p", "{\"manager\": \"m1\", \"state\": \"installed\"}"), 200);
        // when
        JsonNode asked = done(
                bob.sendJson("POST", "/plugins/p", "{\"action\": \"install\", \"managers\": [\"m1\", \"m2\"]}"), 200);
        // then
        Map<String, String> states = new HashMap<>();
        asked.get("installation_state")
                .forEach(state -> states.put(
                        state.get("manager").asText(), state.get("state").asText()));
        assertThat(states).isEqualTo(Map.of("m1", "installed", "m2", "error"));
    }

    @Test
    void agentsAreNotTold() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.agents (tenant_name, id, name, node_instance_id) VALUES ('t1', 'a1', 'a1', 'ni')");
        // when
        JsonNode asked =
                done(bob.sendJson("POST", "/plugins/p", "{\"action\": \"install\", \"agents\": [\"a1\"]}"), 200);
        // then
        assertThat(asked.at("/installation_state/0/state").asText()).isEqualTo("pending-install");
        assertThat(workers.told).isEmpty();
    }

    @Test
    void thoseThatMayHaveItAreToldWhenItIsRemoved() throws SQLException {
        // given
        for (String said :
                List.of("m1 installed", "m2 error", "m3 pending-install", "m4 uninstalled", "m5 installing")) {
            String[] words = said.split(" ");
            done(
                    bob.sendJson(
                            "PUT",
                            "/plugins/p",
                            "{\"manager\": \"" + words[0] + "\", \"state\": \"" + words[1] + "\"}"),
                    200);
        }
        // when
        done(bob.sendJson("DELETE", "/plugins/p", "{\"force\": false}"), 204);
        // then
        assertThat(workers.told).hasSize(1);
        assertThat(workers.told.get(0).get("task").asText()).isEqualTo("uninstall");
        assertThat(workers.told.get(0).at("/plugin/id").asText()).isEqualTo("p");
        assertThat(workers.told.get(0).get("managers").toString()).isEqualTo("[\"m1\",\"m2\",\"m5\"]");
    }

    @Test
    void whatNobodyHasIsRemovedSilently() {
        // when
        done(bob.sendJson("DELETE", "/plugins/p", "{\"force\": false}"), 204);
        // then
        assertThat(workers.told).isEmpty();
    }
}
