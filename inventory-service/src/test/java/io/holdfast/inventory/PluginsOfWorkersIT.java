package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.util.Map;
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

    @Test
    void whatIsToBeInstalledWaitsForAWorker() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.plugins (tenant_name, id, package_name, package_version) VALUES ('t1', 'p', 'net', '1.0')");
        // when
        JsonNode asked =
                done(admin.sendJson("POST", "/plugins/p", "{\"action\": \"install\", \"managers\": [\"m1\"]}"), 200);
        // then
        assertThat(asked.at("/installation_state/0/state").asText()).isEqualTo("pending-install");
        assertThat(asked.at("/installation_state/0/error").isNull()).isTrue();
        done(admin.sendJson("PUT", "/plugins/p", "{\"manager\": \"m1\", \"state\": \"installed\"}"), 200);
        assertThat(admin.get("/plugins/p").at("/installation_state/0/state").asText())
                .isEqualTo("installed");
    }
}
