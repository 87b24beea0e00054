package io.holdfast.restore.cloudify;

import static io.holdfast.testsupport.cloudify.CloudifyItems.deployment;
import static io.holdfast.testsupport.cloudify.CloudifyItems.event;
import static io.holdfast.testsupport.cloudify.CloudifyItems.execution;
import static io.holdfast.testsupport.cloudify.CloudifyItems.nodeInstance;
import static io.holdfast.testsupport.cloudify.CloudifyItems.tenant;
import static io.holdfast.testsupport.cloudify.CloudifyItems.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.restore.cloudify.app.CloudifyStateLoader;
import io.holdfast.restore.cloudify.storage.PgKeptAccess;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.staging.StagedState;
import io.holdfast.restore.staging.storage.PgStateStaging;
import io.holdfast.state.StateMigrator;
import io.holdfast.testsupport.TestDatabase;
import io.holdfast.testsupport.cloudify.CloudifyArchiveBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of our own, loaded into staged schemas of a real database. */
class CloudifyImportIT {

    private static final String T = "default_tenant";
    private static final MasterKey MASTER_KEY = MasterKey.of(
            Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII)));

    @TempDir
    Path folder;

    private TestDatabase database;

    @BeforeEach
    void liveManager() {
        database = TestDatabase.copyOf(
                "the live state",
                empty -> new StateMigrator(empty.url(), empty.username(), empty.password()).migrateLive());
    }

    @AfterEach
    void dropDatabase() {
        database.drop();
    }

    @Test
    void valuesThatTheDatabaseCannotHoldDoNotEndTheRestore() throws SQLException {
        // given: NaN, NUL, half a surrogate pair and digits that a double would lose
        String instances = """
                {"type": "node_instances", "source_id": "dep1", "items": [{"id": "vm_1", "node_id": "vm",
                 "runtime_properties": {"nan": NaN, "nul": "a\\u0000b", "half": "\\ud83d", "whole": "\\ud83d\\ude00",
                 "exact": 0.1234567890123456789012345, "big": 123456789012345678901234567890}}]}""";
        var builder = CloudifyArchiveBuilder.numbered()
                .management("tenants", List.of(tenant(T)))
                .file("tenants/" + T + "/00000001.json", instances);
        // when
        StagedState staged = stage(builder);
        // then
        assertThat(strings("SELECT runtime_properties FROM inventory_restoring.node_instances"))
                .containsExactly(
                        "{\"big\": 123456789012345678901234567890, \"nan\": \"NaN\", \"nul\": \"a\u2400b\","
                                + " \"half\": \"\ufffd\", \"exact\": 0.1234567890123456789012345, \"whole\": \"\ud83d\ude00\"}");
        assertThat(staged.report().warnings()).anyMatch(warning -> warning.contains("vm_1"));
    }

    @Test
    void charactersOfTheCopyFormatAreOnlyCharacters() throws SQLException {
        // given
        String text = "tab\t newline\n return\r backslash \\N \\. quote \" '; DROP TABLE x; --";
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "executions", List.of(with(execution("exec1", null, "install", "failed"), "error", text)))
                .events(T, "executions", "exec1", List.of(event(text)))
                .dump(
                        T,
                        "node_instances",
                        "dep1",
                        List.of(with(nodeInstance("vm_1", "vm"), "runtime_properties", Map.of("a", text))));
        // when
        stage(builder);
        // then
        assertThat(strings("SELECT error FROM scheduler_restoring.executions")).containsExactly(text);
        assertThat(strings("SELECT message FROM scheduler_restoring.events")).containsExactly(text);
        assertThat(strings("SELECT runtime_properties ->> 'a' FROM inventory_restoring.node_instances"))
                .containsExactly(text);
    }

    @Test
    void manyDocumentsOfManyItemsKeepTheirOrder() throws SQLException {
        // given
        List<Map<String, Object>> executions = IntStream.range(0, 3210)
                .mapToObj(i -> execution("exec" + i, "dep1", "install", "terminated"))
                .toList();
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "deployments", List.of(deployment("dep1", "bp1")))
                .dump(T, "executions", executions);
        // when
        stage(builder);
        // then
        assertThat(strings("SELECT id FROM scheduler_restoring.executions ORDER BY storage_id"))
                .isEqualTo(executions.stream()
                        .map(execution -> String.valueOf(execution.get("id")))
                        .toList());
    }

    @Test
    void twoEntitiesInOnePlaceAreRefused() {
        // given: the same instance in two deployments, which no manager has
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "node_instances", "dep1", List.of(nodeInstance("vm_1", "vm")))
                .dump(T, "node_instances", "dep2", List.of(nodeInstance("vm_1", "vm")));
        // when, then
        assertThatThrownBy(() -> stage(builder)).isInstanceOfSatisfying(ManagerException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
            assertThat(e.detail()).contains("vm_1");
        });
    }

    @Test
    void aLegacyArchiveIsRefusedWhenItIsInspected() {
        // given
        Path archive = CloudifyArchiveBuilder.numbered()
                .metadata("snapshot_version", "6.4.0")
                .file("pg_data", "SELECT 1")
                .writeTo(folder.resolve("legacy.zip"));
        // when, then
        assertThatThrownBy(() -> staging().inspect(archive))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("6.4.0");
    }

    private StagedState stage(CloudifyArchiveBuilder builder) {
        return staging()
                .stage(
                        "restore-1",
                        builder.writeTo(folder.resolve("archive.zip")),
                        LoadOptions.DEFAULTS,
                        Progress.NONE,
                        phase -> {});
    }

    private PgStateStaging staging() {
        return new PgStateStaging(
                new OwnerDatabase(database.url(), database.username(), database.password()),
                MASTER_KEY,
                List.of(new CloudifyStateLoader(new PgKeptAccess())),
                () -> Instant.parse("2026-11-20T18:00:00Z"));
    }

    private List<String> strings(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (row.next()) {
                all.add(row.getString(1));
            }
            return all;
        }
    }
}
