package io.holdfast.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowCountsIT {

    private static final String SITE = "INSERT INTO inventory.sites (tenant_name, name, visibility, created_by) ";

    private static EmbeddedPostgres postgres;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        url = postgres.getJdbcUrl("postgres", "postgres");
        new StateMigrator(url, "postgres", "postgres").migrateLive();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        run(
                "TRUNCATE inventory.sites",
                "TRUNCATE inventory.blueprints",
                "TRUNCATE inventory.node_instances",
                "TRUNCATE inventory.deployments",
                "TRUNCATE scheduler.executions");
    }

    @Test
    void whatIsInsertedAndDeletedIsCountedByWhoSeesIt() throws SQLException {
        // when
        run(
                SITE + "SELECT 't1', 'a' || n, 'tenant', 'user' || n FROM generate_series(1, 10) n",
                SITE
                        + "VALUES ('t1', 'b', 'private', 'bob'), ('t1', 'c', 'private', 'eve'), ('t2', 'd', 'global', 'bob')",
                "DELETE FROM inventory.sites WHERE name IN ('a3', 'a4', 'c')",
                "DELETE FROM inventory.sites WHERE name = 'nobody'",
                SITE + "VALUES ('t1', 'a1', 'tenant', 'bob') ON CONFLICT DO NOTHING");
        // then
        assertThat(counts("sites")).containsExactly("t1 private bob - 1", "t1 tenant - - 8", "t2 global - - 1");
    }

    @Test
    void deploymentModificationsAreCountedAndPlaced() throws SQLException {
        // when
        run(
                "INSERT INTO inventory.deployment_modifications (tenant_name, id, deployment_id, status, visibility, created_by, created_at)"
                        + " SELECT 't1', 'm' || n, 'd' || n, 'finished', CASE WHEN n < 4 THEN 'private' ELSE 'tenant' END, 'bob',"
                        + " timestamptz '2026-01-01 00:00Z' FROM generate_series(1, 9) n",
                "UPDATE inventory.deployment_modifications SET visibility = 'global' WHERE id = 'm1'",
                "UPDATE inventory.deployment_modifications SET status = 'rolledback', created_at = '2026-02-01 00:00Z' WHERE id = 'm8'",
                "DELETE FROM inventory.deployment_modifications WHERE id IN ('m2', 'm9')");
        // then
        assertThat(counts("deployment_modifications"))
                .containsExactly("t1 global - - 1", "t1 private bob - 1", "t1 tenant - - 5");
        assertThat(strings(
                        "SELECT place || ' ' || sum(rows) FROM inventory.row_counts WHERE of_table = 'deployment_modifications'"
                                + " GROUP BY place HAVING sum(rows) <> 0 ORDER BY 1"))
                .containsExactly(
                        (Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() >> 14) + " 6",
                        (Instant.parse("2026-02-01T00:00:00Z").getEpochSecond() >> 14) + " 1");
        run("TRUNCATE inventory.deployment_modifications");
        assertThat(counts("deployment_modifications")).isEmpty();
    }

    @Test
    void whatBecomesVisibleToOthersIsCountedAnew() throws SQLException {
        // given
        run(SITE
                + "VALUES ('t1', 'a', 'private', 'bob'), ('t1', 'b', 'private', 'bob'), ('t1', 'c', 'private', 'bob')");
        // when
        run(
                "UPDATE inventory.sites SET visibility = 'tenant' WHERE name = 'a'",
                "UPDATE inventory.sites SET created_by = 'eve' WHERE name = 'b'",
                "UPDATE inventory.sites SET visibility = visibility, latitude = 1");
        // then
        assertThat(counts("sites")).containsExactly("t1 private bob - 1", "t1 private eve - 1", "t1 tenant - - 1");
    }

    @Test
    void whatIsGroupedAnewIsCountedAnewButNotTwice() throws SQLException {
        // given
        run(
                "INSERT INTO inventory.deployments (tenant_name, id, blueprint_id, visibility, created_by)"
                        + " VALUES ('t', 'a', 'x', 'tenant', 'bob'), ('t', 'b', 'x', 'private', 'bob')",
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, blueprint_id, created_at)"
                        + " VALUES ('t', 'a', 'w', 'pending', 'x', now())");
        List<String> before = countIds();
        // when
        run(
                "UPDATE inventory.deployments SET blueprint_id = 'x', description = 'd'",
                "UPDATE scheduler.executions SET status = 'started'");
        List<String> unchanged = countIds();
        run(
                "UPDATE inventory.deployments SET blueprint_id = 'y'",
                "UPDATE scheduler.executions SET blueprint_id = 'y'");
        List<String> changed = countIds();
        run("UPDATE inventory.deployments SET blueprint_id = 'z', visibility = 'global' WHERE id = 'b'");
        // then
        assertThat(unchanged).isEqualTo(before);
        assertThat(changed).contains(before.toArray(String[]::new)).hasSizeGreaterThan(before.size());
        assertThat(counts("deployments")).containsExactly("t global - - 1", "t tenant - - 1");
        assertThat(counts("executions")).containsExactly("t tenant - f 1");
    }

    @Test
    void rowsAreCountedInEachPlaceOfTheirListsOrder() throws SQLException {
        // when
        run(
                "INSERT INTO inventory.deployments (tenant_name, id, visibility, created_by, created_at) SELECT 't' || n % 2, 'd' || n,"
                        + " CASE n % 7 WHEN 0 THEN 'private' ELSE 'tenant' END, 'user' || n % 3, timestamptz '2026-01-01Z'"
                        + " + n * interval '1 hour' FROM generate_series(1, 50) n",
                "INSERT INTO inventory.deployments (tenant_name, id, created_at) VALUES ('t', 'a', NULL), ('t', 'b', 'infinity'),"
                        + " ('t', 'c', '-infinity'), ('t', 'd', '1969-12-31 23:59:59.999999Z'), ('t', 'e', '2026-01-01 04:58:55.999999Z')",
                "INSERT INTO inventory.node_instances (storage_id, tenant_name, id, deployment_id, node_id) SELECT 16000 + n, 't', 'i' || n,"
                        + " 'd', 'n' FROM generate_series(1, 500) n",
                "INSERT INTO inventory.blueprints (tenant_name, id, is_hidden, created_at) VALUES ('t', 'a', true, '2026-01-01Z')",
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at) SELECT 't', 'e' || n, 'w', 'pending',"
                        + " timestamptz '2026-01-01Z' + n * interval '1 hour' FROM generate_series(1, 50) n");
        // then
        assertThat(wrongPlaces()).isEmpty();
        run(
                "UPDATE inventory.deployments SET created_at = created_at + interval '1 year', visibility = 'global' WHERE id IN ('d1', 'd2', 'a')",
                "UPDATE inventory.deployments SET created_at = '2026-03-01Z', blueprint_id = 'x' WHERE id IN ('d3', 'b')",
                "DELETE FROM inventory.node_instances WHERE storage_id < 16100",
                "UPDATE inventory.blueprints SET is_hidden = false",
                "DELETE FROM scheduler.executions WHERE id LIKE 'e1%'");
        assertThat(wrongPlaces()).isEmpty();
        try (Connection connection = connect()) {
            RowCounts.stop(connection, StateSchemas.LIVE);
            run(
                    "INSERT INTO inventory.deployments (tenant_name, id, created_at) VALUES ('t', 'loaded', '2026-01-02Z')");
            assertThat(wrongPlaces()).isNotEmpty();
            RowCounts.start(connection, StateSchemas.LIVE);
        }
        run("DELETE FROM inventory.deployments WHERE id = 'd9'");
        assertThat(wrongPlaces()).isEmpty();
        run("TRUNCATE inventory.deployments");
        assertThat(wrongPlaces()).isEmpty();
    }

    @Test
    void placesStayRightAndFewWhereverNumbersAreAddedUp() throws SQLException {
        // when
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE holdfast_scheduler");
            for (int i = 0; i < 1200; i++) {
                statement.execute(
                        "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at) VALUES ('t', 'e"
                                + i + "', 'w', 'pending', timestamptz '2026-01-01Z' + " + i % 40
                                + " * interval '1 hour')");
            }
        }
        // then
        assertThat(wrongPlaces()).isEmpty();
        assertThat(counts("executions")).containsExactly("t tenant - f 1200");
        assertThat(strings("SELECT count(*) < 600 FROM scheduler.row_counts WHERE of_table LIKE 'executions%'"))
                .containsExactly("t");
        assertThat(strings("SELECT count(*) > 0 FROM scheduler.row_counts WHERE of_table = 'executions/places'"))
                .containsExactly("t");
    }

    @Test
    void numbersSayOfWhichGroupTheirRowsAreUnlessAStatementIsAboutMany() throws SQLException {
        // given
        String ids = "pg_get_serial_sequence('inventory.row_counts', 'id')";
        strings("SELECT setval(" + ids + ", (nextval(" + ids + ") / 256 + 1) * 256)");
        // when
        run(
                "INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id) VALUES ('t', 'a', 'd1', 'n'),"
                        + " ('t', 'b', 'd1', 'n'), ('t', 'c', 'd2', 'n')",
                "DELETE FROM inventory.node_instances WHERE id = 'a'",
                "UPDATE inventory.node_instances SET deployment_id = 'd3' WHERE id = 'c'",
                "INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id) SELECT 't', 'i' || n, 'd' || n, 'n'"
                        + " FROM generate_series(1, 65) n");
        // then
        assertThat(strings(
                        "SELECT coalesce(grouped, '-') || ' ' || rows FROM inventory.row_counts WHERE of_table = 'node_instances'"
                                + " ORDER BY id"))
                .containsExactlyInAnyOrder("d1 2", "d2 1", "d1 -1", "d2 -1", "d3 1", "- 65");
    }

    /** Numbers of rows in places, kept and real, where they are not the same. */
    private static List<String> wrongPlaces() throws SQLException {
        String time =
                "CASE WHEN created_at = '-infinity' THEN -2147483648 WHEN created_at IS NULL OR created_at = 'infinity' THEN"
                        + " 2147483647 ELSE floor(extract(epoch FROM created_at) / 16384)::integer END";
        String rows = " tenant_name, visibility, CASE visibility WHEN 'private' THEN created_by END AS creator";
        return strings("""
                WITH kept AS (
                    SELECT replace(of_table, '/places', '') AS of_table, place, tenant_name, visibility, created_by, apart, sum(rows)::bigint
                      FROM (TABLE inventory.row_counts UNION ALL TABLE scheduler.row_counts) c
                     WHERE place IS NOT NULL AND of_table ~ '^(deployments|node_instances|blueprints|executions)(/places)?$'
                     GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(rows) <> 0),
                real AS (
                    SELECT 'deployments' AS of_table, %2$s AS place, %1$s, NULL::boolean AS apart, count(*) FROM inventory.deployments
                     GROUP BY 2, 3, 4, 5
                    UNION ALL
                    SELECT 'node_instances', (storage_id / 16384)::integer, %1$s, NULL::boolean, count(*) FROM inventory.node_instances
                     GROUP BY 2, 3, 4, 5
                    UNION ALL
                    SELECT 'blueprints', %2$s, %1$s, is_hidden, count(*) FROM inventory.blueprints GROUP BY 2, 3, 4, 5, 6
                    UNION ALL
                    SELECT 'executions', %2$s, %1$s, is_system_workflow, count(*) FROM scheduler.executions GROUP BY 2, 3, 4, 5, 6)
                (SELECT 'kept ' || kept::text FROM kept EXCEPT ALL SELECT 'kept ' || real::text FROM real)
                UNION ALL (SELECT 'real ' || real::text FROM real EXCEPT ALL SELECT 'real ' || kept::text FROM kept)""".formatted(rows, time));
    }

    private static List<String> countIds() throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT 'inventory ' || id FROM inventory.row_counts WHERE of_table = 'deployments'"
                                + " UNION ALL SELECT 'scheduler ' || id FROM scheduler.row_counts WHERE of_table = 'executions' ORDER BY 1")) {
            while (row.next()) {
                ids.add(row.getString(1));
            }
        }
        return ids;
    }

    @Test
    void whatListsLeaveOutIsCountedApart() throws SQLException {
        // when
        run(
                "INSERT INTO inventory.blueprints (tenant_name, id, is_hidden) VALUES ('t', 'a', false), ('t', 'b', true), ('t', 'c', true)",
                "UPDATE inventory.blueprints SET is_hidden = false WHERE id = 'c'",
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, is_system_workflow, created_at)"
                        + " VALUES ('t', 'a', 'w', 'pending', true, now()), ('t', 'b', 'w', 'pending', false, now())",
                "UPDATE scheduler.executions SET status = 'started'");
        // then
        assertThat(counts("blueprints")).containsExactly("t tenant - f 2", "t tenant - t 1");
        assertThat(counts("executions")).containsExactly("t tenant - f 1", "t tenant - t 1");
    }

    @Test
    void whatIsRolledBackOrTruncatedDoesNotCount() throws SQLException {
        // given
        run(SITE + "VALUES ('t1', 'a', 'tenant', 'bob')");
        // when
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(SITE + "VALUES ('t1', 'b', 'tenant', 'bob')");
            connection.rollback();
        }
        // then
        assertThat(counts("sites")).containsExactly("t1 tenant - - 1");
        run("TRUNCATE inventory.sites");
        assertThat(counts("sites")).isEmpty();
    }

    @Test
    void manyStatementsAreAddedUpWhileOthersHoldTheirs() throws SQLException {
        // given
        try (Connection other = connect();
                Statement open = other.createStatement();
                Connection connection = connect();
                Statement statement = connection.createStatement()) {
            other.setAutoCommit(false);
            open.execute(SITE + "SELECT 't1', 'open' || n, 'tenant', 'bob' FROM generate_series(1, 7) n");
            // when
            for (int i = 0; i < 600; i++) {
                statement.execute(SITE + "VALUES ('t1', 'a" + i + "', 'tenant', 'bob')");
            }
            // then
            assertThat(counts("sites")).containsExactly("t1 tenant - - 600");
            assertThat(strings("SELECT count(*) < 300 FROM inventory.row_counts"))
                    .containsExactly("t");
            other.commit();
            assertThat(counts("sites")).containsExactly("t1 tenant - - 607");
        }
    }

    @Test
    void aServiceThatMayWriteTheRowsKeepsTheCounts() throws SQLException {
        // when
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE holdfast_inventory");
            for (int i = 0; i < 300; i++) {
                statement.execute(SITE + "VALUES ('t1', 'a" + i + "', 'tenant', 'bob')");
            }
            statement.execute("DELETE FROM inventory.sites WHERE name = 'a7'");
        }
        // then
        assertThat(counts("sites")).containsExactly("t1 tenant - - 299");
    }

    @Test
    void whatIsInNoTenantIsCountedToo() throws SQLException {
        // given
        run("TRUNCATE access.users");
        // when
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE holdfast_gateway");
            statement.execute("INSERT INTO access.users (username) SELECT 'bulk' || n FROM generate_series(1, 10) n");
            for (int i = 0; i < 300; i++) {
                statement.execute("INSERT INTO access.users (username) VALUES ('user" + i + "')");
            }
            statement.execute("DELETE FROM access.users WHERE username IN ('user7', 'bulk1', 'nobody')");
            statement.execute("DELETE FROM access.users WHERE username = 'nobody'");
        }
        // then
        assertThat(users()).containsExactly("308");
        assertThat(strings("SELECT count(*) < 300 FROM access.row_counts")).containsExactly("t");
        try (Connection connection = connect()) {
            RowCounts.stop(connection, StateSchemas.LIVE);
            run("INSERT INTO access.users (username) VALUES ('loaded')");
            RowCounts.start(connection, StateSchemas.LIVE);
        }
        run("INSERT INTO access.users (username) VALUES ('afterwards')");
        assertThat(users()).containsExactly("310");
        run("TRUNCATE access.users");
        assertThat(users()).containsExactly("0");
    }

    private static List<String> users() throws SQLException {
        return strings("SELECT coalesce(sum(rows), 0) FROM access.row_counts WHERE of_table = 'users'");
    }

    @Test
    void rowsLoadedWhileNothingCountsAreCountedAfterwards() throws SQLException {
        // given
        run(SITE + "VALUES ('t1', 'a', 'tenant', 'bob')");
        try (Connection connection = connect()) {
            RowCounts.stop(connection, StateSchemas.LIVE);
            // when
            run(SITE + "VALUES ('t1', 'b', 'tenant', 'bob'), ('t2', 'c', 'private', 'eve')");
            assertThat(counts("sites")).containsExactly("t1 tenant - - 1");
            RowCounts.start(connection, StateSchemas.LIVE);
        }
        run(SITE + "VALUES ('t2', 'd', 'private', 'eve')");
        // then
        assertThat(counts("sites")).containsExactly("t1 tenant - - 2", "t2 private eve - 2");
    }

    @Test
    void whatIsAboveOthersIsNotedAfterALoad() throws SQLException {
        // given
        run("TRUNCATE inventory.deployment_labels", "DELETE FROM inventory.status_changes");
        String noted = "SELECT DISTINCT tenant_name || ' ' || deployment_id FROM inventory.status_changes ORDER BY 1";
        try (Connection connection = connect()) {
            RowCounts.stop(connection, StateSchemas.LIVE);
            // when
            run(
                    "INSERT INTO inventory.deployments (tenant_name, id, sub_services_count)"
                            + " VALUES ('t', 'a', 0), ('t', 'b', 0), ('t', 'c', 2)",
                    "INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES"
                            + " ('t', 'b', 'csys-obj-parent', 'a'), ('t', 'b', 'csys-obj-type', 'environment'), ('t', 'b', 'x', 'y')");
            assertThat(strings(noted)).isEmpty();
            RowCounts.start(connection, StateSchemas.LIVE);
        }
        // then
        assertThat(strings(noted)).containsExactly("t a", "t c");
        // when
        run(
                "DELETE FROM inventory.status_changes",
                "UPDATE inventory.deployments SET description = 'd', latest_execution_id = 'e'",
                "INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES ('t', 'a', 'x', 'y')");
        assertThat(strings(noted)).isEmpty();
        run("UPDATE inventory.deployments SET latest_execution_status = 'failed'");
        // then
        assertThat(strings(noted)).containsExactly("t b", "t c");
    }

    @Test
    void rowsOfEachValueAreCountedThroughEveryChange() throws SQLException {
        // when
        run(
                "INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, index, state,"
                        + " visibility, created_by) SELECT 't' || n % 2, 'i' || n, 'd', 'n', n % 3, CASE WHEN n % 5 <> 0"
                        + " THEN 'started' END, CASE n % 7 WHEN 0 THEN 'private' ELSE 'tenant' END, 'user' || n % 4 FROM"
                        + " generate_series(1, 100) n",
                "INSERT INTO inventory.deployments (tenant_name, id, site_name, deployment_status)"
                        + " SELECT 't', 'd' || n, 'site' || n % 3, 'good' FROM generate_series(1, 30) n");
        // then
        assertThat(wrongValues()).isEmpty();
        run(
                "UPDATE inventory.node_instances SET state = 'deleted', version = 2 WHERE index = 1",
                "UPDATE inventory.node_instances SET state = NULL WHERE index = 2",
                "UPDATE inventory.node_instances SET index = 7, visibility = 'global' WHERE id = 'i7'",
                "UPDATE inventory.node_instances SET state = state, version = 3",
                "DELETE FROM inventory.node_instances WHERE state IS NULL",
                "UPDATE inventory.deployments SET site_name = NULL, deployment_status = 'in_progress' WHERE site_name"
                        + " = 'site1'",
                "UPDATE inventory.deployments SET tenant_name = 'u', installation_status = 'active' WHERE id = 'd4'");
        assertThat(wrongValues()).isEmpty();
        assertThat(strings("SELECT value, sum(rows) FROM inventory.value_counts WHERE field = 'site_name' AND value IS"
                        + " NOT NULL GROUP BY 1 HAVING sum(rows) <> 0 ORDER BY 1"))
                .containsExactly("site0", "site2");
    }

    @Test
    void aServiceThatChangesOneRowOftenLeavesFewNumbers() throws SQLException {
        // given
        run("INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, state) VALUES ('t',"
                + " 'i', 'd', 'n', 'started')");
        // when
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE holdfast_inventory");
            for (int i = 0; i < 1500; i++) {
                statement.execute(
                        "UPDATE inventory.node_instances SET state = '" + (i % 2 == 0 ? "stopped" : "started") + "'");
            }
        }
        // then
        assertThat(wrongValues()).isEmpty();
        assertThat(strings("SELECT count(*) < 1500 FROM inventory.value_counts"))
                .containsExactly("t");
    }

    @Test
    void idsOfExecutionsAreSearchedWhereTheyAreKept() throws SQLException {
        // given
        String insert = "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, is_system_workflow,"
                + " created_at) ";
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE holdfast_scheduler");
            // when
            statement.execute(insert
                    + "SELECT 't', 'e' || n, 'w' || n % 3, 'pending', n % 4 = 0, now() FROM generate_series(1, 200) n");
            statement.execute("UPDATE scheduler.executions SET status = 'started'");
            statement.execute("DELETE FROM scheduler.executions WHERE id LIKE 'e1%'");
        }
        run("UPDATE scheduler.executions SET id = 'other' WHERE id = 'e7'");
        // then
        assertThat(wrongIds()).isEmpty();
        assertThat(wrongValues()).isEmpty();
        assertThat(strings("SELECT id FROM scheduler.execution_ids WHERE id ILIKE '%THE%'"))
                .containsExactly("other");
        // given
        try (Connection connection = connect()) {
            RowCounts.stop(connection, StateSchemas.LIVE);
            run(insert + "VALUES ('t', 'loaded', 'w', 'pending', false, now())");
            assertThat(wrongIds()).containsExactly("loaded");
            // when
            RowCounts.start(connection, StateSchemas.LIVE);
        }
        run("DELETE FROM scheduler.executions WHERE id = 'e20'");
        // then
        assertThat(wrongIds()).isEmpty();
        assertThat(wrongValues()).isEmpty();
        assertThat(strings("SELECT count(*) FROM pg_indexes WHERE tablename = 'execution_ids' AND indexdef LIKE"
                        + " '%gin%' HAVING count(*) <> (SELECT count(*) FROM pg_extension WHERE extname ="
                        + " 'pg_trgm')"))
                .isEmpty();
        run("TRUNCATE scheduler.executions");
        assertThat(strings("SELECT id FROM scheduler.execution_ids")).isEmpty();
    }

    private static List<String> wrongIds() throws SQLException {
        return strings("SELECT coalesce(e.id, k.id) FROM scheduler.executions e FULL JOIN scheduler.execution_ids k"
                + " USING (storage_id) WHERE e.id IS DISTINCT FROM k.id");
    }

    /** Kept numbers, and those of fields that are counted, where they are not the same. */
    private static List<String> wrongValues() throws SQLException {
        String rows = " tenant_name, visibility, CASE visibility WHEN 'private' THEN created_by END AS creator";
        return strings("""
                WITH kept AS (
                    SELECT of_table, field, value, tenant_name, visibility, created_by, apart, sum(rows)::bigint
                      FROM (TABLE inventory.value_counts UNION ALL TABLE scheduler.value_counts) c
                     GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(rows) <> 0),
                real AS (
                    SELECT 'deployments', field, value, %1$s, NULL::boolean, count(*) FROM inventory.deployments r, LATERAL (VALUES
                           ('site_name', r.site_name), ('installation_status', r.installation_status),
                           ('deployment_status', r.deployment_status)) f (field, value) GROUP BY 2, 3, 4, 5, 6
                    UNION ALL
                    SELECT 'node_instances', field, value, %1$s, NULL::boolean, count(*) FROM inventory.node_instances r,
                           LATERAL (VALUES ('state', r.state), ('index', r.index::text)) f (field, value) GROUP BY 2, 3, 4, 5, 6
                    UNION ALL
                    SELECT 'executions', 'workflow_id', r.workflow_id, %1$s, r.is_system_workflow, count(*) FROM scheduler.executions r
                     GROUP BY 3, 4, 5, 6, 7)
                (SELECT kept::text FROM kept EXCEPT ALL SELECT real::text FROM real)
                UNION ALL (SELECT real::text FROM real EXCEPT ALL SELECT kept::text FROM kept)""".formatted(rows));
    }

    private static List<String> counts(String table) throws SQLException {
        return strings(
                "SELECT concat_ws(' ', tenant_name, visibility, coalesce(created_by, '-'), coalesce(apart::text::char, '-'),"
                        + " sum(rows)) FROM (TABLE inventory.row_counts UNION ALL TABLE scheduler.row_counts) c WHERE of_table = '"
                        + table
                        + "' GROUP BY tenant_name, visibility, created_by, apart HAVING sum(rows) <> 0 ORDER BY 1");
    }

    private static List<String> strings(String query) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                strings.add(row.getString(1));
            }
        }
        return strings;
    }

    private static void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "postgres", "postgres");
    }
}
