package io.holdfast.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StateMigratorIT {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static EmbeddedPostgres postgres;
    private static String url;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        url = postgres.getJdbcUrl("postgres", "postgres");
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void freshState() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String schema : StateSchemas.LIVE.all()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        }
        migrator().drop(StateSchemas.STAGING);
    }

    @Test
    void everyTableTravelsAsRowsOrIsNamedAsNotDoingSo() throws SQLException {
        // given
        migrator().migrateLive();
        // when
        List<String> tables = strings("SELECT schemaname || '.' || tablename FROM pg_tables"
                + " WHERE schemaname IN ('access', 'inventory', 'scheduler')");
        // then
        List<String> accounted = new ArrayList<>(StateSections.NOT_AS_ROWS);
        StateSections.ALL.forEach(section -> accounted.add(section.in(StateSchemas.LIVE)));
        assertThat(tables).containsExactlyInAnyOrderElementsOf(accounted);
    }

    @Test
    void sectionsKnowWhichTablesHaveAStorageId() throws SQLException {
        // given
        migrator().migrateLive();
        // when
        List<String> withStorageId = strings("SELECT table_schema || '.' || table_name FROM information_schema.columns"
                + " WHERE column_name = 'storage_id' AND table_schema IN ('access', 'inventory', 'scheduler')");
        withStorageId.removeAll(StateSections.NOT_AS_ROWS);
        // then
        assertThat(withStorageId)
                .containsExactlyInAnyOrderElementsOf(StateSections.ALL.stream()
                        .filter(StateSection::hasStorageId)
                        .map(section -> section.in(StateSchemas.LIVE))
                        .toList());
    }

    @Test
    void stagingHasTheSameColumnsAsLiveAndCanBeSwappedByRenaming() throws SQLException {
        // given
        migrator().migrateLive();
        migrator().migrate(StateSchemas.STAGING, StateMigrator.latestRevision());
        String columns = "SELECT table_name || '.' || column_name || ':' || data_type FROM information_schema.columns"
                + " WHERE table_schema = '%s' ORDER BY 1";
        List<String> live = strings(columns.formatted("inventory"));
        List<String> staged = strings(columns.formatted("inventory_restoring"));
        // when
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String schema : StateSchemas.LIVE.all()) {
                statement.execute("DROP SCHEMA " + schema + " CASCADE");
                statement.execute("ALTER SCHEMA " + schema + "_restoring RENAME TO " + schema);
            }
        }
        migrator().migrateLive();
        // then
        assertThat(staged).isNotEmpty().isEqualTo(live);
        assertThat(strings(columns.formatted("inventory"))).isEqualTo(live);
    }

    @Test
    void labelsOfPluginsOfOlderManagersBecomeListsOfValues() throws SQLException {
        // given
        migrator().migrate(StateSchemas.STAGING, "14");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO inventory_restoring.plugins (tenant_name, id, labels, blueprint_labels) VALUES
                        ('t', '1', '{"a": {"values": ["x", "y"]}, "b": ["z"]}', NULL),
                        ('t', '2', '{"values": ["x"]}', '{"c": {"values": []}}'),
                        ('t', '3', '{"d": {"values": "text"}}', '{}'),
                        ('t', '4', '["e"]', 'null')""");
        }
        // when
        migrator().migrate(StateSchemas.STAGING, null);
        // then
        assertThat(strings(
                        "SELECT concat_ws(' ', labels, blueprint_labels) FROM inventory_restoring.plugins ORDER BY id"))
                .containsExactly(
                        "{\"a\": [\"x\", \"y\"], \"b\": [\"z\"]}",
                        "{\"values\": [\"x\"]} {\"c\": []}",
                        "{\"d\": {\"values\": \"text\"}} {}",
                        "[\"e\"] null");
    }

    @Test
    void aSearchForAPartOfAnIdFindsItByAnIndexAlsoAfterASwap() throws SQLException {
        // given
        String search = "FROM inventory.deployments WHERE tenant_name = 't' AND id ILIKE '%AAB-7%'";
        migrator().migrateLive();
        migrator().migrate(StateSchemas.STAGING, StateMigrator.latestRevision());
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String schema : StateSchemas.LIVE.all()) {
                statement.execute("DROP SCHEMA " + schema + " CASCADE");
                statement.execute("ALTER SCHEMA " + schema + "_restoring RENAME TO " + schema);
            }
            // when
            statement.execute(
                    "INSERT INTO inventory.deployments (tenant_name, id, blueprint_id, display_name, visibility)"
                            + " SELECT 't', md5(n::text) || '-aab-' || n, 'b', 'd' || n, 'tenant' FROM generate_series(1, 20000) n");
            statement.execute("VACUUM ANALYZE inventory.deployments");
        }
        // then
        assertThat(strings("SELECT count(*) " + search)).containsExactly("1111");
        assertThat(strings("EXPLAIN SELECT id " + search.replace("AAB-7", "aab-4321")))
                .anyMatch(line -> line.contains("deployments_search"));
    }

    @Test
    void migratingTwiceIsTheSameAsOnce() throws SQLException {
        // given
        migrator().migrateLive();
        // when
        migrator().migrateLive();
        // then
        assertThat(strings("SELECT version FROM access.state_history WHERE version IS NOT NULL"))
                .doesNotHaveDuplicates()
                .contains(StateMigrator.latestRevision());
    }

    @Test
    void aServiceRoleCannotWriteInAnothersSchema() throws SQLException {
        // given
        migrator().migrateLive();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE holdfast_inventory");
            // when
            assertThatThrownBy(() -> statement.execute("DELETE FROM scheduler.executions"))
                    // then
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void aRevisionFromTheFutureIsRefused() {
        assertThatThrownBy(() -> migrator().migrate(StateSchemas.STAGING, "9999"))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("9999");
    }

    @Test
    void theLiveSchemasAreNeverDropped() {
        assertThatThrownBy(() -> migrator().drop(StateSchemas.LIVE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSecretSealedHereOpensElsewhereOnceItsDataKeyWasWrappedThere() throws SQLException {
        // given
        migrator().migrateLive();
        migrator().migrate(StateSchemas.STAGING, null);
        DataKeys source = new DataKeys(masterKey((byte) 1));
        DataKeys target = new DataKeys(masterKey((byte) 2));
        try (Connection connection = connect()) {
            String sealed = source.ensure(connection, StateSchemas.LIVE, NOW).seal("swordfish", "place");
            // when
            target.write(connection, StateSchemas.STAGING, source.read(connection, StateSchemas.LIVE));
            SecretBox box = target.box(connection, StateSchemas.STAGING).orElseThrow();
            // then
            assertThat(box.open(sealed, "place")).isEqualTo("swordfish");
            assertThatThrownBy(() -> target.read(connection, StateSchemas.LIVE))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static MasterKey masterKey(byte fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, fill);
        return MasterKey.of(Base64.getEncoder().encodeToString(bytes));
    }

    private static StateMigrator migrator() {
        return new StateMigrator(url, "postgres", "postgres");
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "postgres", "postgres");
    }

    private static List<String> strings(String sql) throws SQLException {
        try (Connection connection = connect();
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
