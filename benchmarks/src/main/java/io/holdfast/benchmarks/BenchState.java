package io.holdfast.benchmarks;

import io.holdfast.state.StateMigrator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Random;

/** A state like that of a busy manager: mostly events and logs, whose text compresses about six times. */
final class BenchState {

    private static final int MEBIBYTE = 1 << 20;

    private BenchState() {}

    static void generate(String url, BenchOptions options) throws SQLException {
        new StateMigrator(url, "postgres", "postgres").migrateLive();
        double scale = options.scale();
        long deployments = Math.max(2, Math.round(2_000 * scale));
        long executions = Math.max(10, Math.round(100_000 * scale));
        long events = Math.round(1_000_000 * scale);
        long logs = Math.round(500_000 * scale);
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute("INSERT INTO access.tenants (name) SELECT 'tenant_' || n FROM generate_series(1, 5) n");
            sql.execute(
                    "INSERT INTO inventory.deployments (tenant_name, id, blueprint_id, inputs, workflows, created_at)"
                            + " SELECT 'tenant_' || n % 5 + 1, 'deployment-' || n, 'blueprint-' || n % 200,"
                            + " jsonb_build_object('host', md5(n::text), 'port', n), jsonb_build_array(jsonb_build_object("
                            + "'name', 'install', 'plugin', 'default_workflows', 'operation', 'cloudify.plugins.workflows.install')),"
                            + " now() FROM generate_series(1, " + deployments + ") n");
            sql.execute("INSERT INTO inventory.nodes (tenant_name, deployment_id, id, type, properties, operations)"
                    + " SELECT tenant_name, id, 'node_' || k, 'cloudify.nodes.Compute', jsonb_build_object('ip', md5(id || k)),"
                    + " jsonb_build_object('create', jsonb_build_object('plugin', 'p', 'implementation', 'p.op.create'))"
                    + " FROM inventory.deployments, generate_series(1, 5) k");
            sql.execute(
                    "INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, state, runtime_properties)"
                            + " SELECT tenant_name, id || '_' || substr(md5(deployment_id || id), 1, 10), deployment_id, id, 'started',"
                            + " jsonb_build_object('ip', '10.0.0.1', 'token', md5(id || deployment_id)) FROM inventory.nodes");
            sql.execute(
                    "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, status, parameters,"
                            + " created_at, started_at, ended_at, created_by) SELECT 'tenant_' || n % 5 + 1, md5(n::text)::uuid::text, 'install',"
                            + " 'deployment-' || n % " + deployments
                            + " + 1, 'terminated', '{\"run_by_default\": true}',"
                            + " timestamptz '2026-01-01' + n * interval '7 s', timestamptz '2026-01-01' + n * interval '7 s',"
                            + " timestamptz '2026-01-01' + n * interval '8 s', 'admin' FROM generate_series(1, "
                            + executions + ") n");
            sql.execute("INSERT INTO scheduler.tasks_graphs (tenant_name, id, name, execution_id, created_at)"
                    + " SELECT tenant_name, md5(id), 'install', id, created_at FROM scheduler.executions");
            sql.execute(
                    "INSERT INTO scheduler.operations (tenant_name, id, tasks_graph_id, name, state, type, parameters)"
                            + " SELECT tenant_name, md5(id || k), id, 'cloudify.interfaces.lifecycle.create', 'terminated', 'RemoteWorkflowTask',"
                            + " jsonb_build_object('task_kwargs', jsonb_build_object('kwargs', md5(id || k)))"
                            + " FROM scheduler.tasks_graphs, generate_series(1, 2) k");
            events(sql, "cloudify_event", events, executions, deployments);
            events(sql, "cloudify_log", logs, executions, deployments);
            if (options.files()) {
                files(connection, "blueprints", (int) Math.max(1, 200 * scale), MEBIBYTE / 2);
                files(connection, "plugins", (int) Math.max(1, 20 * scale), 17 * MEBIBYTE);
            }
            sql.execute("VACUUM ANALYZE");
            sql.execute("CHECKPOINT");
        }
    }

    private static void events(Statement sql, String type, long count, long executions, long deployments)
            throws SQLException {
        boolean log = type.equals("cloudify_log");
        sql.execute(
                "INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id, workflow_id,"
                        + " blueprint_id, deployment_id, deployment_display_name, node_instance_id, node_name, operation, event_type, logger, level,"
                        + " message, manager_name) SELECT 'tenant_' || e % 5 + 1, '" + type
                        + "', t, t + interval '3 ms', md5(e::text)::uuid::text,"
                        + " 'install', 'blueprint-' || e % 200, 'deployment-' || e % " + deployments
                        + " + 1, 'deployment-' || e % " + deployments
                        + " + 1, 'node_' || n % 5 || '_' || substr(md5((n / 7)::text), 1, 6), 'node_' || n % 5,"
                        + " 'cloudify.interfaces.lifecycle.create', "
                        + (log ? "NULL, 'ctx.' || substr(md5(n::text), 1, 8), 'info'" : "'task_started', NULL, NULL")
                        + ", "
                        + (log
                                ? "'Downloading resource ' || md5(n::text) || ' to /opt/manager/resources/blueprints/' || n"
                                : "'Task started ''cloudify_agent.installer.operations.create'' [attempt ' || n % 3 + 1 || ']'")
                        + ", 'manager-1' FROM (SELECT n, n % " + executions
                        + " + 1 AS e, timestamptz '2026-01-01' + n * interval '613 ms' AS t"
                        + " FROM generate_series(1, " + count + ") n) x");
    }

    private static void files(Connection connection, String table, int count, int bytes) throws SQLException {
        Random random = new Random(11);
        connection.setAutoCommit(false);
        try (PreparedStatement content = connection.prepareStatement("INSERT INTO inventory.content VALUES (?, ?)");
                PreparedStatement chunk =
                        connection.prepareStatement("INSERT INTO inventory.content_chunks VALUES (?, ?, ?)");
                PreparedStatement owner = connection.prepareStatement("INSERT INTO inventory." + table
                        + " (tenant_name, id, archive_sha256) VALUES ('tenant_1', ?, ?)")) {
            for (int i = 0; i < count; i++) {
                byte[] file = new byte[bytes];
                random.nextBytes(file);
                String hash = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(file));
                content.setString(1, hash);
                content.setLong(2, bytes);
                content.executeUpdate();
                for (int at = 0, seq = 0; at < bytes; at += MEBIBYTE, seq++) {
                    chunk.setString(1, hash);
                    chunk.setInt(2, seq);
                    chunk.setBytes(3, java.util.Arrays.copyOfRange(file, at, Math.min(bytes, at + MEBIBYTE)));
                    chunk.executeUpdate();
                }
                owner.setString(1, table + "-" + i);
                owner.setString(2, hash);
                owner.executeUpdate();
            }
            connection.commit();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
