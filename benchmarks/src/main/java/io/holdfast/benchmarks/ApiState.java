package io.holdfast.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The database of one manager that {@code ./holdfast bench api} asks, and what is in it. */
final class ApiState {

    /**
     * One statement for each table, over the rows of {@link #ROWS}. All executions have ended and no schedule is enabled, so that the
     * manager has nothing to do but answer.
     */
    private static final List<String> TABLES = List.of(
            """
            access.users (username, role, created_at)
            SELECT 'user-' || n, 'default', at FROM rows WHERE tenant = 'default_tenant'""",
            """
            access.user_groups (name, role) SELECT 'group-' || n, 'default' FROM rows WHERE tenant = 'default_tenant'""",
            """
            access.tenants (name, created_at) SELECT 'tenant-' || n, at FROM rows WHERE tenant = 'default_tenant'""",
            """
            access.tokens (id, username, secret_hash, created_at)
            SELECT 'token-' || n, 'admin', md5(n::text), at FROM rows WHERE tenant = 'default_tenant'""",
            """
            inventory.sites (tenant_name, name, latitude, longitude, visibility, created_by, created_at)
            SELECT tenant, 'site-' || n, 50, 10, visibility, creator, at FROM rows""",
            """
            inventory.plugins (tenant_name, id, package_name, package_version, archive_name, visibility, created_by, uploaded_at)
            SELECT tenant, 'plugin-' || n, 'package-' || n, '1.' || n, 'package.wgn', visibility, creator, at FROM rows""",
            """
            inventory.secrets (tenant_name, key, visibility, created_by, created_at, updated_at)
            SELECT tenant, 'secret-' || n, visibility, creator, at, at FROM rows""",
            """
            inventory.blueprints (tenant_name, id, main_file_name, plan, state, visibility, created_by, created_at, updated_at)
            SELECT tenant, 'blueprint-' || n, 'blueprint.yaml', '{"nodes": []}', 'uploaded', visibility, creator, at, at FROM rows""",
            """
            inventory.deployments (tenant_name, id, blueprint_id, display_name, site_name, inputs, workflows, installation_status,
                                   deployment_status, latest_execution_id, latest_execution_workflow_id, latest_execution_status,
                                   visibility, created_by, created_at, updated_at)
            SELECT tenant, 'deployment-' || n, 'blueprint-' || n, 'deployment-' || n, 'site-' || n % 20, '{"port": 8080}',
                   jsonb_build_array(jsonb_build_object('name', 'install',
                                         'availability_rules', jsonb_build_object('node_instances_active', jsonb_build_array('none'))),
                                     jsonb_build_object('name', 'workflow-' || n % 20)),
                   'active', CASE WHEN n % 50 = 0 THEN 'requires_attention' ELSE 'good' END,
                   'execution-' || n, 'install', CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'terminated' END, visibility, creator, at, at
              FROM rows""",
            """
            inventory.deployment_labels (tenant_name, deployment_id, key, value, created_by, created_at)
            SELECT tenant, 'deployment-' || n, 'key-' || n % 10, 'value-' || n % 100, creator, at FROM rows
             UNION ALL
            SELECT tenant, 'deployment-' || n, 'csys-obj-parent', 'deployment-' || n - n % 1000 + 510, creator, at
              FROM rows WHERE tenant = 'default_tenant' AND n % 100 = 1""",
            """
            inventory.deployment_groups (tenant_name, id, description, visibility, created_by, created_at)
            SELECT tenant, 'group-' || n, 'a group', visibility, creator, at FROM rows""",
            """
            inventory.nodes (tenant_name, deployment_id, id, type, properties, number_of_instances, planned_number_of_instances,
                             visibility, created_by)
            SELECT tenant, 'deployment-' || n, 'node-' || n, 'cloudify.nodes.Compute', '{"ip": "10.0.0.1"}', 1, 1, visibility, creator
              FROM rows""",
            """
            inventory.node_instances (tenant_name, id, deployment_id, node_id, index, state, runtime_properties, visibility, created_by)
            SELECT tenant, 'instance-' || n, 'deployment-' || n, 'node-' || n, 1, 'started', '{"ip": "10.0.0.1"}', visibility, creator
              FROM rows""",
            """
            inventory.agents (tenant_name, id, name, node_instance_id, deployment_id, node_id, ip, install_method, state, visibility,
                              created_by, created_at)
            SELECT tenant, 'agent-' || n, 'agent-' || n, 'instance-' || n, 'deployment-' || n, 'node-' || n, '10.0.0.1', 'remote',
                   'started', visibility, creator, at FROM rows""",
            """
            inventory.inter_deployment_dependencies (tenant_name, id, dependency_creator, source_deployment_id, target_deployment_id,
                                                     visibility, created_by, created_at)
            SELECT tenant, 'dependency-' || n, 'sample.' || n, 'deployment-' || n, 'deployment-' || n + 1, visibility, creator, at
              FROM rows""",
            """
            inventory.deployment_updates (tenant_name, id, deployment_id, state, visibility, created_by, created_at)
            SELECT tenant, 'update-' || n, 'deployment-' || n, 'successful', visibility, creator, at FROM rows""",
            """
            inventory.deployment_modifications (tenant_name, id, deployment_id, status, visibility, created_by, created_at)
            SELECT tenant, 'modification-' || n, 'deployment-' || n, 'finished', visibility, creator, at FROM rows""",
            """
            inventory.plugins_updates (tenant_name, id, visibility, created_by, created_at)
            SELECT tenant, 'update-' || n, visibility, creator, at FROM rows""",
            """
            inventory.secrets_providers (tenant_name, name, type, visibility, created_by, created_at)
            SELECT tenant, 'provider-' || n, 'vault', visibility, creator, at FROM rows""",
            """
            inventory.deployments_filters (tenant_name, id, visibility, created_by, created_at, updated_at)
            SELECT tenant, 'filter-' || n, visibility, creator, at, at FROM rows""",
            """
            scheduler.executions (tenant_name, id, workflow_id, deployment_id, deployment_display_name, blueprint_id, status,
                                  is_system_workflow, parameters, created_at, started_at, ended_at, visibility, created_by)
            SELECT tenant, 'execution-' || n, 'install', 'deployment-' || n, 'deployment-' || n, 'blueprint-' || n,
                   CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'terminated' END, n % 20 = 1, '{"force": false}', at, at, at + interval '1 minute',
                   visibility, creator FROM rows""",
            """
            scheduler.execution_groups (tenant_name, id, workflow_id, visibility, created_by, created_at)
            SELECT tenant, 'group-' || n, 'install', visibility, creator, at FROM rows""",
            """
            scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)
            SELECT tenant, 'group-' || n / 100, 'execution-' || n FROM rows""",
            """
            scheduler.tasks_graphs (tenant_name, id, name, execution_id, visibility, created_by, created_at)
            SELECT tenant, 'graph-' || n, 'install', 'execution-' || n, visibility, creator, at FROM rows""",
            """
            scheduler.operations (tenant_name, id, tasks_graph_id, name, state, type, dependencies, parameters, visibility, created_by,
                                  created_at)
            SELECT tenant, 'operation-' || n, 'graph-' || n / 10, 'create', 'terminated', 'RemoteWorkflowTask', '[]', '{"retries": 60}',
                   visibility, creator, at FROM rows""",
            """
            scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule, enabled, visibility, created_by, created_at)
            SELECT tenant, 'deployment-' || n, 'schedule-' || n, 'backup', '{"recurrence": "1d"}', false, visibility, creator, at
              FROM rows""",
            """
            scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id, workflow_id, blueprint_id, deployment_id,
                              deployment_display_name, event_type, logger, level, message, visibility, created_by)
            SELECT tenant, CASE WHEN n % 3 = 0 THEN 'cloudify_log' ELSE 'cloudify_event' END, at, at, 'execution-' || n, 'install',
                   'blueprint-' || n, 'deployment-' || n, 'deployment-' || n, 'task_succeeded', 'ctx', 'info',
                   'Task succeeded ''plugin.create'' of ' || n, visibility, creator FROM rows""",
            """
            snapshot_control.snapshots (tenant_name, id, status, visibility, created_by, created_at, include_credentials, include_logs,
                                        include_events, archive_bytes)
            SELECT tenant, 'snapshot-' || n, 'created', visibility, creator, at, true, true, true, 1000 FROM rows""",
            """
            snapshot_control.log_bundles (tenant_name, id, status, visibility, created_by, created_at, archive_bytes)
            SELECT tenant, 'bundle-' || n, 'created', visibility, creator, at, 1000 FROM rows""",
            """
            gateway_control.audit_log (created_at, operation, ref_table, ref_id, tenant_name, creator_name, execution_id, auth_method,
                                       method, path, status)
            SELECT at, 'create', 'deployments', 'deployment-' || n, tenant, creator, 'execution-' || n, 'token', 'PUT',
                   '/deployments/deployment-' || n, 201 FROM rows WHERE tenant = 'default_tenant'""");

    /**
     * So many rows in the tenant that is asked, one of a hundred private, half of these to the asking administrator; and a twentieth of
     * that in another tenant, one of fifty of these global. One deployment of a hundred is below another, ten below the same.
     */
    private static final String ROWS = """
            CREATE TEMPORARY TABLE rows AS
            SELECT n, CASE WHEN n <= %1$d THEN 'default_tenant' ELSE 'other_tenant' END AS tenant,
                   CASE WHEN n <= %1$d AND n %% 100 = 0 THEN 'private' WHEN n > %1$d AND n %% 50 = 0 THEN 'global' ELSE 'tenant' END
                       AS visibility,
                   CASE WHEN n %% 200 = 0 THEN 'somebody' ELSE 'admin' END AS creator,
                   timestamptz '2026-01-01 00:00:00+00' + n * interval '1 second' AS at
              FROM generate_series(1, %1$d + %1$d / 20) n""";

    private final String url;

    private ApiState(String url) {
        this.url = url;
    }

    static void createOwner(BenchServer server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "CREATE ROLE " + ManagerState.OWNER + " LOGIN CREATEROLE PASSWORD '" + ManagerState.OWNER + "'");
        }
    }

    static ApiState create(BenchServer server, String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE DATABASE " + database + " OWNER " + ManagerState.OWNER);
        }
        return of(server, database);
    }

    /** A database that is there already. */
    static ApiState of(BenchServer server, String database) {
        return new ApiState(server.url(database));
    }

    String url() {
        return url;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, ManagerState.OWNER, ManagerState.OWNER);
    }

    /** Makes {@code rows} rows of everything, beside what a new manager has. The manager has made its tables before. */
    void fill(int rows) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            sql.execute("INSERT INTO access.tenants (name, created_at) VALUES ('other_tenant', statement_timestamp())");
            sql.execute(ROWS.formatted(rows));
            for (String table : TABLES) {
                sql.execute("INSERT INTO " + table);
                sql.execute("VACUUM ANALYZE " + table.substring(0, table.indexOf(' ')));
            }
        }
    }

    void change(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    /** Takes away what {@link ApiQueries#CHANGES} have added. */
    void undoChanges() throws SQLException {
        for (String table : ApiQueries.CHANGES.keySet()) {
            change("DELETE FROM " + table + " WHERE id LIKE 'changed-%'");
        }
    }

    long count(String query) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
