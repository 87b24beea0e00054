package io.holdfast.gateway.maintenance;

import static io.holdfast.contracts.errors.ErrorCode.ENTERING_MAINTENANCE_MODE;
import static io.holdfast.contracts.errors.ErrorCode.MAINTENANCE_MODE_ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.errors.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateRulesTest {

    private static Optional<ErrorCode> ask(GateStatus status, String method, String path) {
        return GateRules.refusal(status, method, List.of(path.split("/")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brokers",
                "managers",
                "db-nodes",
                "config/rest.default_page_size",
                "status",
                "version",
                "license",
                "maintenance/deactivate",
                "cluster-status",
                "ok",
                "snapshots",
                "snapshots/s1/restore",
                "snapshots/s1/archive",
                "snapshot-status"
            })
    void whileActivatedTheseStayOpen(String path) {
        assertThat(ask(GateStatus.ACTIVATED, "POST", path)).isEmpty();
        assertThat(ask(GateStatus.ACTIVATED, "GET", path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blueprints", "executions", "events", "tokens", "users/alice", "tenants", "license-check"})
    void whileActivatedEverythingElseIsRefused(String path) {
        assertThat(ask(GateStatus.ACTIVATED, "GET", path)).contains(MAINTENANCE_MODE_ACTIVE);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, snapshots/s1",
        "POST, snapshots/s1",
        "PATCH, snapshots/s1",
        "POST, snapshots/s1/restore",
        "GET, snapshots/s1/restore",
        "POST, executions",
        "PUT, deployments/d1",
        "POST, deployment-modifications"
    })
    void whileActivatingNothingNewBegins(String method, String path) {
        assertThat(ask(GateStatus.ACTIVATING, method, path)).contains(ENTERING_MAINTENANCE_MODE);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, snapshots/s1",
        "DELETE, snapshots/s1",
        "PUT, snapshots/s1/archive",
        "POST, executions/e1",
        "GET, executions",
        "DELETE, deployments/d1",
        "POST, deployments/d1/set-site",
        "PUT, blueprints/b1"
    })
    void whileActivatingTheRestWorks(String method, String path) {
        assertThat(ask(GateStatus.ACTIVATING, method, path)).isEmpty();
    }

    @Test
    void outsideOfMaintenanceEverythingPasses() {
        assertThat(ask(GateStatus.DEACTIVATED, "POST", "executions")).isEmpty();
    }
}
