package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What {@code ./holdfast bench api} asks. Every answer has the same number of items whatever the number of rows behind it. */
final class ApiQueries {

    /** What a ratio is counted with: pages of lists; what has to look at every row by its nature; what is asked for after each change. */
    enum Group {
        LIST,
        SEARCH,
        SUMMARY,
        CHANGED
    }

    /** A statement by table that adds a row to it, in the tenant that is asked. */
    static final Map<String, String> CHANGES = Map.of(
            "inventory.nodes",
            """
            INSERT INTO inventory.nodes (tenant_name, deployment_id, id, type, properties, number_of_instances, planned_number_of_instances,
                                         created_by)
            VALUES ('default_tenant', 'deployment-1', 'changed-' || gen_random_uuid(), 'cloudify.nodes.Compute', '{}', 1, 1, 'admin')""",
            "inventory.node_instances",
            """
            INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, index, state, runtime_properties, created_by)
            VALUES ('default_tenant', 'changed-' || gen_random_uuid(), 'deployment-1', 'node-1', 1, 'started', '{}', 'admin')""",
            "inventory.deployments",
            """
            INSERT INTO inventory.deployments (tenant_name, id, blueprint_id, display_name, site_name, inputs, workflows, created_by, created_at)
            VALUES ('default_tenant', 'changed-' || gen_random_uuid(), 'blueprint-1', 'changed', 'site-7', '{}', '[]', 'admin', now())""",
            "scheduler.executions",
            """
            INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, status, parameters, created_at, ended_at, created_by)
            VALUES ('default_tenant', 'changed-' || gen_random_uuid(), 'install', 'deployment-1', 'terminated', '{}', now(), now(), 'admin')""");

    /**
     * @param name of the list and of what is asked: {@code executions.first}
     * @param url below {@code /api/v3.1/}
     * @param countSql counts what {@code metadata.pagination.total} must say; empty: not checked
     * @param changeSql is done before each request that is measured; empty: nothing is
     */
    record Query(String name, Group group, String url, String countSql, String changeSql) {}

    private static final String PAGE = "_size=100";
    private static final String TENANT = " e WHERE e.tenant_name = 'default_tenant' OR e.visibility = 'global'";
    private static final String CLI = "_all_tenants=False&_offset=0&_size=1000";

    private static final String ATTENTION = "deployments?" + PAGE + "&deployment_status=requires_attention";
    private static final String STATUSES = "summary/deployments?_target_field=deployment_status";

    private final List<Query> queries = new ArrayList<>();
    private final int middle;

    private ApiQueries(int rows) {
        this.middle = rows / 2;
    }

    /** @param rows behind each list */
    static List<Query> of(int rows) {
        ApiQueries all = new ApiQueries(rows);
        all.lists();
        all.whole();
        all.changed();
        return List.copyOf(all.queries);
    }

    private void lists() {
        list(
                "executions",
                "scheduler.executions e WHERE (e.tenant_name = 'default_tenant' OR e.visibility = 'global')"
                        + " AND NOT e.is_system_workflow",
                "deployment_id=deployment-77",
                "id,status",
                "_include_system_workflows=False&" + CLI
                        + "&_sort=created_at&_include=id,workflow_id,status_display,is_dry_run,deployment_id,created_at,"
                        + "started_at,scheduled_for,visibility,tenant_name,created_by");
        list(
                "events",
                "scheduler.events" + TENANT,
                "deployment_id=deployment-77",
                "message,reported_timestamp",
                "_offset=0&_size=100&execution_id=execution-77&type=cloudify_event&type=cloudify_log&_sort=reported_timestamp");
        add("events.group", Group.LIST, "events?" + PAGE + "&execution_group_id=group-7&_sort=reported_timestamp", "");
        list(
                "deployments",
                "inventory.deployments" + TENANT,
                "blueprint_id=blueprint-77",
                "id",
                CLI + "&_sort=created_at");
        list("blueprints", "inventory.blueprints" + TENANT, "id=blueprint-77", "id", CLI + "&_sort=created_at");
        list(
                "nodes",
                "inventory.nodes" + TENANT,
                "deployment_id=deployment-77",
                "id",
                "_evaluate_functions=False&deployment_id=deployment-77&" + CLI
                        + "&_instance_counts=True&_sort=deployment_id");
        list(
                "node-instances",
                "inventory.node_instances" + TENANT,
                "node_id=node-77&deployment_id=deployment-77",
                "id",
                "deployment_id=deployment-77&" + CLI + "&_sort=node_id");
        list("plugins", "inventory.plugins" + TENANT, "id=plugin-77", "id", CLI + "&_get_data=False&_sort=uploaded_at");
        list("secrets", "inventory.secrets" + TENANT, "key=secret-77", "key", CLI + "&_sort=key");
        list("sites", "inventory.sites" + TENANT, "name=site-77", "name", CLI + "&_sort=name");
        list("deployment-groups", "inventory.deployment_groups" + TENANT, "id=group-77", "id", CLI);
        list("execution-groups", "scheduler.execution_groups" + TENANT, "id=group-77", "id", CLI);
        list(
                "inter-deployment-dependencies",
                "inventory.inter_deployment_dependencies" + TENANT,
                "source_deployment_id=deployment-77",
                "id",
                CLI);
        list("deployment-updates", "inventory.deployment_updates" + TENANT, "id=update-77", "id", CLI);
        list("agents", "inventory.agents" + TENANT, "node_instance_id=instance-77", "id", CLI);
        list(
                "execution-schedules",
                "scheduler.execution_schedules" + TENANT,
                "deployment_id=deployment-77",
                "id",
                CLI + "&_sort=created_at");
        list(
                "deployment-modifications",
                "inventory.deployment_modifications" + TENANT,
                "deployment_id=deployment-77",
                "id",
                CLI);
        list("plugins-updates", "inventory.plugins_updates" + TENANT, "id=update-77", "id", CLI);
        list("secrets-providers", "inventory.secrets_providers" + TENANT, "name=provider-77", "name", CLI);
        list("snapshots", "snapshot_control.snapshots" + TENANT, "id=snapshot-77", "id", CLI + "&_sort=created_at");
        list("log-bundles", "snapshot_control.log_bundles" + TENANT, "id=bundle-77", "id", CLI + "&_sort=created_at");
        add("tasks_graphs", Group.LIST, "tasks_graphs?execution_id=execution-77", "");
        add("operations.graph", Group.LIST, "operations?graph_id=graph-7", "");
        add("operations.execution", Group.LIST, "operations?execution_id=execution-7", "");
        // Filters of the system are not in the table: no count to compare with.
        list("filters/deployments", "", "id=filter-77", "id", CLI + "&_sort=id");
        list("tokens", "access.tokens e", "id=token-77", "id", "_size=1000");
        list("tenants", "access.tenants e", "name=tenant-77", "name", CLI + "&_sort=name");
        list("users", "access.users e", "username=user-77", "username", CLI + "&_get_data=False&_sort=username");
        list("user-groups", "access.user_groups e", "name=group-77", "name", CLI + "&_get_data=False&_sort=name");
        // Asking adds no entries to it; only writing does.
        list("audit", "gateway_control.audit_log e", "execution_id=execution-77", "id", "_size=100&_sort=created_at");
    }

    private void whole() {
        for (String list : List.of("executions", "deployments", "blueprints", "nodes", "node-instances")) {
            String id = list.substring(list.indexOf('-') + 1, list.length() - 1);
            add(list + ".search", Group.SEARCH, list + "?" + PAGE + "&_search=" + id + "-777", "");
        }
        add("summary.executions", Group.SUMMARY, "summary/executions?_target_field=status", "");
        add("summary.deployments", Group.SUMMARY, "summary/deployments?_target_field=site_name", "");
        add("summary.nodes", Group.SUMMARY, "summary/nodes?_target_field=deployment_id", "");
        add("summary.node_instances", Group.SUMMARY, "summary/node_instances?_target_field=state", "");
        add("summary.workflows", Group.SUMMARY, "summary/executions?_target_field=workflow_id", "");
        add("summary.visibility", Group.SUMMARY, "summary/blueprints?_target_field=visibility", "");
        add("summary.instances", Group.SUMMARY, "summary/node_instances?_target_field=deployment_id", "");
        add("summary.blueprints", Group.SUMMARY, "summary/deployments?_target_field=blueprint_id", "");
        String twoFields = "summary/deployments?_target_field=site_name&_sub_field=visibility";
        add("summary.two_fields", Group.SUMMARY, twoFields, "");
        add("summary.filtered", Group.SUMMARY, twoFields + "&site_name=site-7", "");
        add("deployments.services", Group.SUMMARY, "deployments?" + PAGE + "&_filter_id=csys-service-filter", "");
        add("deployments.site", Group.SUMMARY, "deployments?" + PAGE + "&site_name=site-7", "");
        add("executions.newest", Group.LIST, "executions?" + PAGE + "&_sort=-created_at", "");
        add("workflows", Group.LIST, "workflows", "");
        add("workflows.filtered", Group.LIST, "workflows?id=deployment-77", "");
        add("workflows.all_tenants", Group.LIST, "workflows?_all_tenants=true", "");
        add("events.newest", Group.LIST, "events?" + PAGE + "&_sort=-timestamp", "");
        add("deployments.status", Group.SUMMARY, ATTENTION, "");
        add("summary.deployment_status", Group.SUMMARY, STATUSES, "");
        add("labels.deployments", Group.SUMMARY, "labels/deployments", "");
        add("labels.values", Group.SUMMARY, "labels/deployments/key-7", "");
        add("executions.status", Group.SUMMARY, "executions?" + PAGE + "&status=failed", "");
    }

    /** What was found before is of no use, or of less, once a row has been added. */
    private void changed() {
        String offset = "?" + PAGE + "&_offset=" + middle;
        changed("executions.offset", "executions" + offset, "scheduler.executions");
        changed("deployments.offset", "deployments" + offset, "inventory.deployments");
        changed("nodes.offset", "nodes" + offset, "inventory.nodes");
        changed("summary.nodes", "summary/nodes?_target_field=deployment_id", "inventory.nodes");
        changed("summary.instances", "summary/node_instances?_target_field=deployment_id", "inventory.node_instances");
        changed("summary.blueprints", "summary/deployments?_target_field=blueprint_id", "inventory.deployments");
        changed("deployments.status", ATTENTION, "scheduler.executions");
        changed("summary.deployment_status", STATUSES, "scheduler.executions");
        changed("summary.status", "summary/executions?_target_field=status", "scheduler.executions");
        String twoFields = "summary/deployments?_target_field=site_name&_sub_field=visibility";
        changed("summary.two_fields", twoFields, "inventory.deployments");
        changed("summary.filtered", twoFields + "&site_name=site-7", "inventory.deployments");
    }

    private void changed(String name, String url, String table) {
        String change = Objects.requireNonNull(CHANGES.get(table));
        queries.add(new Query(name + ".changed", Group.CHANGED, url, "", change));
    }

    private void list(String name, String counted, String filter, String include, String cli) {
        String count = counted.isEmpty() ? "" : "SELECT count(*) FROM " + counted;
        add(name + ".first", Group.LIST, name + "?" + PAGE, count);
        add(name + ".filtered", Group.LIST, name + "?" + PAGE + "&" + filter, "");
        add(name + ".offset", Group.LIST, name + "?" + PAGE + "&_offset=" + middle, count);
        add(name + ".include", Group.LIST, name + "?" + PAGE + "&_include=" + include, count);
        add(name + ".cli", Group.LIST, name + "?" + cli, "");
    }

    private void add(String name, Group group, String url, String countSql) {
        queries.add(new Query(name, group, url, countSql, ""));
    }
}
