package io.holdfast.restore.plan.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.restore.plan.Holding;
import io.holdfast.restore.plan.ManagerContents;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts in the live schemas. */
@ApplicationScoped
public class PgManagerContents implements ManagerContents {

    private static final String SCHEDULER = "scheduler.";

    /** What somebody made, in a tenant: singular word, then its rows. */
    private static final Map<String, String> IN_TENANTS = new LinkedHashMap<>();

    /** What somebody made, in no tenant. */
    private static final Map<String, String> OF_NO_TENANT = new LinkedHashMap<>();

    static {
        IN_TENANTS.put("deployment", "inventory.deployments");
        IN_TENANTS.put("blueprint", "inventory.blueprints");
        IN_TENANTS.put("plugin", "inventory.plugins");
        IN_TENANTS.put("secret", "inventory.secrets");
        IN_TENANTS.put("secrets provider", "inventory.secrets_providers");
        IN_TENANTS.put("site", "inventory.sites");
        IN_TENANTS.put("deployment group", "inventory.deployment_groups");
        IN_TENANTS.put("execution", SCHEDULER + "executions WHERE NOT is_system_workflow");
        IN_TENANTS.put("execution group", SCHEDULER + "execution_groups");
        IN_TENANTS.put("execution schedule", SCHEDULER + "execution_schedules");
        OF_NO_TENANT.put("more tenant", "access.tenants WHERE name <> 'default_tenant'");
        OF_NO_TENANT.put("more user", "access.users WHERE NOT is_bootstrap_admin");
        OF_NO_TENANT.put("user group", "access.user_groups");
    }

    private final AgroalDataSource dataSource;

    PgManagerContents(@DataSource("restore") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<Holding> holdings() {
        String query = IN_TENANTS.entrySet().stream()
                        .map(kind -> "SELECT '" + kind.getKey() + "', tenant_name, count(*) FROM " + kind.getValue()
                                + " GROUP BY tenant_name")
                        .collect(Collectors.joining(" UNION ALL "))
                + OF_NO_TENANT.entrySet().stream()
                        .map(kind -> " UNION ALL SELECT '" + kind.getKey() + "', NULL, count(*) FROM " + kind.getValue()
                                + " HAVING count(*) > 0")
                        .collect(Collectors.joining());
        List<Holding> holdings = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                holdings.add(new Holding(row.getString(1), row.getString(2), row.getLong(3)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see what the manager holds", e);
        }
        return holdings;
    }

    @Override
    public List<String> runningExecutions(int limit) {
        List<String> ids = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT id FROM scheduler.executions WHERE status NOT IN ('terminated', 'failed', 'cancelled',"
                                + " 'scheduled', 'queued') AND NOT (is_system_workflow AND workflow_id = 'restore_snapshot') ORDER BY created_at, storage_id LIMIT ?")) {
            query.setInt(1, limit);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see what the manager does", e);
        }
        return ids;
    }
}
