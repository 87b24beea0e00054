package io.holdfast.state;

import java.util.List;
import java.util.Set;

/**
 * What of the state schemas travels in an archive, and how. A test holds this list against the migrated schemas, so a new table
 * cannot be forgotten.
 */
public final class StateSections {

    /** Events and logs: the one section that a snapshot may leave out or thin. */
    public static final StateSection EVENTS = new StateSection("scheduler", "events", true);

    /** Every table that travels as rows, parents before what refers to them. */
    public static final List<StateSection> ALL = List.of(
            section("access", "tenants"),
            section("access", "roles"),
            section("access", "permissions"),
            section("access", "users"),
            section("access", "user_groups"),
            link("access", "user_group_members"),
            link("access", "user_tenants"),
            link("access", "group_tenants"),
            section("access", "tokens"),
            section("inventory", "sites"),
            section("inventory", "plugins"),
            section("inventory", "secrets_providers"),
            section("inventory", "secrets"),
            section("inventory", "blueprints"),
            section("inventory", "blueprint_labels"),
            section("inventory", "deployments"),
            section("inventory", "deployment_labels"),
            section("inventory", "deployment_groups"),
            section("inventory", "deployment_group_labels"),
            section("inventory", "deployment_group_members"),
            section("inventory", "nodes"),
            section("inventory", "node_instances"),
            section("inventory", "agents"),
            section("inventory", "inter_deployment_dependencies"),
            section("inventory", "deployment_updates"),
            section("inventory", "plugins_updates"),
            section("inventory", "deployments_filters"),
            section("inventory", "blueprints_filters"),
            section("inventory", "ui_data"),
            section("scheduler", "executions"),
            section("scheduler", "execution_history"),
            section("scheduler", "execution_groups"),
            section("scheduler", "execution_group_members"),
            EVENTS,
            section("scheduler", "tasks_graphs"),
            section("scheduler", "operations"),
            section("scheduler", "execution_schedules"),
            section("scheduler", "schedule_runs"),
            section("scheduler", "concurrency_limits"),
            section("scheduler", "tenant_limits"));

    /**
     * Tables of the state schemas that do not travel as rows, as {@code schema.table}: content travels as files, data keys in
     * {@code security.json}, transitions and the migration history belong to the schema's revision, rows are counted, ids of
     * executions kept and statuses noted anew; modifications of deployments end before a restore or are lost with it, as in the existing product.
     */
    public static final Set<String> NOT_AS_ROWS = Set.of(
            "access.encryption_keys",
            "access.row_counts",
            "access.state_history",
            "inventory.content",
            "inventory.content_chunks",
            "inventory.deployment_modifications",
            "inventory.row_counts",
            "inventory.status_changes",
            "inventory.value_counts",
            "scheduler.execution_ids",
            "scheduler.execution_transitions",
            "scheduler.row_counts",
            "scheduler.value_counts");

    private StateSections() {}

    private static StateSection section(String schema, String table) {
        return new StateSection(schema, table, true);
    }

    private static StateSection link(String schema, String table) {
        return new StateSection(schema, table, false);
    }
}
