package io.holdfast.cluster.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.SyncSetting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresConfigurationTest {

    private static PostgresSettings settings(Map<String, String> extra) {
        return new PostgresSettings(
                new NodeId("n1"),
                Path.of("/node"),
                Path.of("/node/pgdata"),
                "10.0.0.1",
                5433,
                "holdfast",
                "holdfast",
                "secret",
                "pass:word\\",
                new SyncSetting(1, List.of(new NodeId("n2"), new NodeId("n3"))),
                extra);
    }

    @Test
    void commitsWaitForTheOthersFromTheFirstStartOn() {
        assertThat(PostgresConfiguration.sync(settings(Map.of()).sync()))
                .isEqualTo("synchronous_standby_names = 'ANY 1 (\"n2\", \"n3\")'\n");
    }

    @Test
    void extraSettingsAreTakenUnlessTheClusterDependsOnThem() {
        assertThat(PostgresConfiguration.main(settings(Map.of("work_mem", "1MB")), Path.of("/node/run")))
                .contains("work_mem = '1MB'", "listen_addresses = '10.0.0.1'", "restart_after_crash = 'off'");
        assertThatThrownBy(() -> settings(Map.of("synchronous_commit", "off")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("synchronous_commit");
        assertThatThrownBy(() -> settings(Map.of("wal_level", "replica"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAlterSystemSetAgainstTheClusterIsTakenOut() {
        assertThat(PostgresConfiguration.withoutOwned(
                        "# c\nwork_mem = '5MB'\nsynchronous_standby_names = ''\nprimary_conninfo='host=x'\n"))
                .isEqualTo("# c\nwork_mem = '5MB'\n");
    }

    @Test
    void valuesAreQuoted() {
        assertThat(PostgresConfiguration.passwordFile(settings(Map.of())))
                .isEqualTo("*:*:*:holdfast_replication:pass\\:word\\\\\n");
        assertThat(PostgresConfiguration.upstream(
                        new Upstream(new NodeId("n2"), "10.0.0.2", 5434), "n1", Path.of("/no de/it's")))
                .contains("host=''10.0.0.2''", "port=5434", "application_name=n1", "it\\\\''s");
        assertThatThrownBy(() -> PostgresConfiguration.main(
                        settings(Map.of("work_mem", "1MB\nfsync=off")), Path.of("/node/run")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(settings(Map.of()).toString()).doesNotContain("secret", "pass:word");
    }
}
