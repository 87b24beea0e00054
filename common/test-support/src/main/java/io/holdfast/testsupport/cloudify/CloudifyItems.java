package io.holdfast.testsupport.cloudify;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Items as Cloudify dumps them, with boring defaults. Each is a new map that a test may change. */
public final class CloudifyItems {

    /** When everything was created that says nothing else. */
    public static final String CREATED = "2026-01-02T03:04:05.678Z";

    private static final LocalDateTime ZIPPED = LocalDateTime.of(2026, 1, 2, 3, 4, 4);

    private CloudifyItems() {}

    /** {@code item} with further fields, given as name and value in turn. */
    public static Map<String, Object> with(Map<String, Object> item, @Nullable Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            item.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return item;
    }

    public static Map<String, Object> tenant(String name) {
        return item("name", name, "rabbitmq_password", "rabbit-" + name);
    }

    public static Map<String, Object> permission(String role, String permission) {
        return item("role", role, "permission", permission);
    }

    public static Map<String, Object> userGroup(String name, Map<String, String> tenants) {
        return item("name", name, "ldap_dn", null, "tenants", tenants, "role", "default");
    }

    /** @param groups tenant, role, names of the groups that give it */
    public static Map<String, Object> user(
            String username, Map<String, String> direct, Map<String, Map<String, List<String>>> groups) {
        return item(
                "username",
                username,
                "tenant_roles",
                Map.of("direct", direct, "groups", groups),
                "role",
                "default",
                "created_at",
                CREATED,
                "first_login_at",
                null,
                "last_login_at",
                null,
                "password_hash",
                "$pbkdf2-sha256$1000$c2FsdHNhbHQ$" + username);
    }

    public static Map<String, Object> user(String username) {
        return user(username, Map.of(), Map.of());
    }

    public static Map<String, Object> site(String name, @Nullable String location) {
        return owned("name", name, "location", location, "visibility", "tenant");
    }

    public static Map<String, Object> plugin(String id) {
        return item("id", id, "visibility", "tenant", "uploaded_at", CREATED, "title", id, "created_by", "admin");
    }

    public static Map<String, Object> secret(String tenant, String key, String value) {
        return item(
                "key",
                key,
                "value",
                value,
                "visibility",
                "tenant",
                "tenant_name",
                tenant,
                "is_hidden_value",
                false,
                "encrypted",
                false,
                "provider",
                null,
                "provider_options",
                null,
                "creator",
                "admin",
                "created_at",
                CREATED);
    }

    public static Map<String, Object> secretsProvider(String name, @Nullable Object connectionParameters) {
        return owned(
                "name", name, "type", "vault", "visibility", "tenant", "connection_parameters", connectionParameters);
    }

    public static Map<String, Object> blueprint(String id) {
        return owned(
                "id",
                id,
                "visibility",
                "tenant",
                "main_file_name",
                "blueprint.yaml",
                "plan",
                Map.of("nodes", List.of()),
                "description",
                null,
                "is_hidden",
                false,
                "state",
                "uploaded",
                "error",
                null,
                "error_traceback",
                null,
                "requirements",
                Map.of(),
                "labels",
                List.of());
    }

    public static Map<String, Object> label(String key, String value) {
        return owned("key", key, "value", value);
    }

    public static Map<String, Object> deployment(String id, String blueprintId) {
        return owned(
                "id",
                id,
                "visibility",
                "tenant",
                "description",
                null,
                "inputs",
                Map.of(),
                "groups",
                Map.of(),
                "policy_triggers",
                Map.of(),
                "policy_types",
                Map.of(),
                "outputs",
                Map.of(),
                "capabilities",
                Map.of(),
                "scaling_groups",
                Map.of(),
                "workflows",
                List.of(Map.of("name", "install", "plugin", "default_workflows", "parameters", Map.of())),
                "runtime_only_evaluation",
                false,
                "installation_status",
                "active",
                "deployment_status",
                "good",
                "sub_services_status",
                null,
                "sub_environments_status",
                null,
                "sub_services_count",
                0,
                "sub_environments_count",
                0,
                "display_name",
                "Display of " + id,
                "resource_tags",
                Map.of(),
                "blueprint_id",
                blueprintId,
                "labels",
                List.of());
    }

    public static Map<String, Object> deploymentGroup(String id, String... deploymentIds) {
        return owned(
                "id",
                id,
                "visibility",
                "tenant",
                "description",
                null,
                "default_blueprint_id",
                null,
                "default_inputs",
                Map.of(),
                "creation_counter",
                3,
                "deployment_ids",
                List.of(deploymentIds),
                "labels",
                List.of());
    }

    public static Map<String, Object> node(String id) {
        return item(
                "id",
                id,
                "visibility",
                "tenant",
                "host_id",
                null,
                "type",
                "cloudify.nodes.Root",
                "type_hierarchy",
                List.of("cloudify.nodes.Root"),
                "properties",
                Map.of(),
                "operations",
                Map.of(),
                "relationships",
                List.of(),
                "plugins",
                List.of(),
                "plugins_to_install",
                null,
                "number_of_instances",
                1,
                "planned_number_of_instances",
                1,
                "deploy_number_of_instances",
                1,
                "min_number_of_instances",
                0,
                "max_number_of_instances",
                -1,
                "created_by",
                "admin");
    }

    public static Map<String, Object> nodeInstance(String id, String nodeId) {
        return item(
                "id",
                id,
                "visibility",
                "tenant",
                "host_id",
                null,
                "index",
                1,
                "relationships",
                List.of(),
                "runtime_properties",
                Map.of(),
                "system_properties",
                null,
                "scaling_groups",
                List.of(),
                "state",
                "started",
                "has_configuration_drift",
                false,
                "is_status_check_ok",
                true,
                "node_id",
                nodeId,
                "created_by",
                "admin");
    }

    public static Map<String, Object> agent(String id) {
        return owned(
                "id", id,
                "node_instance_id", id,
                "ip", "10.0.0.9",
                "install_method", "remote",
                "system", "centos",
                "version", "7.1.0",
                "rabbitmq_exchange", id,
                "rabbitmq_username", "user_" + id,
                "rabbitmq_password", "rabbit-" + id,
                "visibility", "tenant",
                "state", "started");
    }

    public static Map<String, Object> dependency(String id, String source, String target) {
        return owned(
                "id",
                id,
                "visibility",
                "tenant",
                "dependency_creator",
                "sharedresource.node1",
                "target_deployment_func",
                null,
                "external_source",
                null,
                "external_target",
                null,
                "source_deployment_id",
                source,
                "target_deployment_id",
                target);
    }

    public static Map<String, Object> execution(
            String id, @Nullable String deploymentId, String workflow, String status) {
        return owned(
                "id",
                id,
                "ended_at",
                null,
                "error",
                null,
                "is_system_workflow",
                false,
                "parameters",
                Map.of(),
                "status",
                status,
                "workflow_id",
                workflow,
                "started_at",
                CREATED,
                "is_dry_run",
                false,
                "allow_custom_parameters",
                false,
                "deployment_id",
                deploymentId);
    }

    public static Map<String, Object> uploadOf(String blueprintId, String executionId) {
        return with(
                execution(executionId, null, "upload_blueprint", "terminated"),
                "parameters",
                Map.of("blueprint_id", blueprintId));
    }

    public static Map<String, Object> executionGroup(String id, String... executionIds) {
        return owned(
                "id",
                id,
                "workflow_id",
                "install",
                "concurrency",
                5,
                "deployment_group_id",
                "grp",
                "execution_ids",
                List.of(executionIds));
    }

    public static Map<String, Object> event(String message) {
        return item(
                "timestamp", CREATED,
                "reported_timestamp", CREATED,
                "blueprint_id", null,
                "deployment_id", null,
                "deployment_display_name", null,
                "workflow_id", "install",
                "message", message,
                "error_causes", null,
                "event_type", "workflow_started",
                "operation", null,
                "source_id", null,
                "target_id", null,
                "manager_name", "manager1",
                "agent_name", null,
                "node_instance_id", null,
                "type", "cloudify_event");
    }

    /** Events with {@code count} different messages. */
    public static List<Map<String, Object>> events(String prefix, int count) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(prefix + i));
        }
        return events;
    }

    public static Map<String, Object> deploymentUpdate(String id, String deploymentId) {
        return owned(
                "id",
                id,
                "visibility",
                "tenant",
                "deployment_id",
                deploymentId,
                "execution_id",
                null,
                "old_blueprint_id",
                "bp1",
                "new_blueprint_id",
                "bp2",
                "old_inputs",
                Map.of("a", 1),
                "new_inputs",
                Map.of("a", 2),
                "state",
                "successful",
                "runtime_only_evaluation",
                false,
                "steps",
                List.of());
    }

    public static Map<String, Object> pluginsUpdate(String id, String blueprintId) {
        return owned(
                "id",
                id,
                "state",
                "successful",
                "forced",
                false,
                "all_tenants",
                false,
                "blueprint_id",
                blueprintId,
                "temp_blueprint_id",
                null,
                "execution_id",
                null,
                "deployments_to_update",
                List.of("dep1"),
                "deployments_per_tenant",
                Map.of());
    }

    public static Map<String, Object> filter(String id) {
        return owned(
                "id",
                id,
                "visibility",
                "tenant",
                "value",
                List.of(Map.of("key", "tier", "values", List.of("gold"), "operator", "any_of", "type", "label")));
    }

    /** @param types of the operations, which are named {@code ID-op0} and so on, all succeeded */
    public static Map<String, Object> tasksGraph(String id, String executionId, String... types) {
        List<Map<String, Object>> operations = new ArrayList<>();
        for (String type : types) {
            operations.add(item(
                    "id",
                    id + "-op" + operations.size(),
                    "name",
                    "operation",
                    "state",
                    "succeeded",
                    "dependencies",
                    List.of(),
                    "type",
                    type,
                    "parameters",
                    Map.of(),
                    "manager_name",
                    null,
                    "agent_name",
                    null,
                    "created_at",
                    CREATED));
        }
        return item(
                "id",
                id,
                "created_at",
                CREATED,
                "execution_id",
                executionId,
                "name",
                "install",
                "operations",
                operations);
    }

    /** @param rule as the source manager keeps it: {@code {"rrule"}} or {@code {"recurrence"}} or {@code {"count"}} */
    public static Map<String, Object> schedule(String id, String deploymentId, Map<String, Object> rule) {
        return owned(
                "id",
                id,
                "rule",
                rule,
                "deployment_id",
                deploymentId,
                "workflow_id",
                "install",
                "since",
                "2030-01-01T00:00:00.000Z",
                "until",
                null,
                "stop_on_fail",
                false,
                "parameters",
                Map.of(),
                "execution_arguments",
                Map.of(),
                "slip",
                7,
                "enabled",
                true);
    }

    /** A zip of one wagon and one yaml file, as plugins are uploaded. */
    public static byte[] pluginZip(String packageName, String version, String yaml) {
        String wagonName = packageName.replace('-', '_') + "-" + version + "-py311-none-linux_x86_64.wgn";
        String packageJson = "{\"package_name\": \"" + packageName + "\", \"package_version\": \"" + version
                + "\", \"archive_name\": \"" + wagonName + "\", \"package_source\": \"" + packageName + "==" + version
                + "\", \"supported_platform\": \"linux_x86_64\", \"supported_python_versions\": [\"py311\"],"
                + " \"wheels\": [\"a.whl\"], \"excluded_wheels\": [], \"build_server_os_properties\": {\"distribution\":"
                + " \"centos\", \"distribution_version\": \"7.9\", \"distribution_release\": \"core\"}}";
        return zip(Map.of(
                wagonName,
                zip(Map.of(packageName + "/package.json", packageJson.getBytes(StandardCharsets.UTF_8))),
                "plugin.yaml",
                yaml.getBytes(StandardCharsets.UTF_8)));
    }

    /** A zip of small files: the same bytes for the same files, whenever it is made. */
    public static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(ZIPPED);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, Object> owned(@Nullable Object... namesAndValues) {
        return with(item(namesAndValues), "created_by", "admin", "created_at", CREATED);
    }

    private static Map<String, Object> item(@Nullable Object... namesAndValues) {
        return with(new LinkedHashMap<>(), namesAndValues);
    }
}
