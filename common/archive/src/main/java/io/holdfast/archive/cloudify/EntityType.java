package io.holdfast.archive.cloudify;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types of entities in an archive, in the order in which Cloudify dumps them: each after what it refers to. The key tells when
 * two items are dumps of the same entity, within one tenant, source and source id.
 */
public enum EntityType {
    TENANTS("tenants", true, "name"),
    PERMISSIONS("permissions", true, "role", "permission"),
    USER_GROUPS("user_groups", true, "name"),
    USERS("users", true, "username"),
    SITES("sites", false, "name"),
    PLUGINS("plugins", false, "id"),
    SECRETS_PROVIDERS("secrets_providers", false, "name"),
    SECRETS("secrets", false, "key", "tenant_name"),
    BLUEPRINTS("blueprints", false, "id"),
    DEPLOYMENTS("deployments", false, "id"),
    DEPLOYMENT_GROUPS("deployment_groups", false, "id"),
    NODES("nodes", false, "id"),
    NODE_INSTANCES("node_instances", false, "id"),
    AGENTS("agents", false, "id"),
    INTER_DEPLOYMENT_DEPENDENCIES("inter_deployment_dependencies", false, "id"),
    EXECUTIONS("executions", false, "id"),
    EXECUTION_GROUPS("execution_groups", false, "id"),
    /** Has no key: equal events are different events. */
    EVENTS("events", false),
    DEPLOYMENT_UPDATES("deployment_updates", false, "id"),
    PLUGINS_UPDATES("plugins_update", false, "id"),
    DEPLOYMENTS_FILTERS("deployments_filters", false, "id"),
    BLUEPRINTS_FILTERS("blueprints_filters", false, "id"),
    TASKS_GRAPHS("tasks_graphs", false, "id"),
    /** Schedules of different deployments may bear the same id. */
    EXECUTION_SCHEDULES("execution_schedules", false, "id", "deployment_id");

    private static final Map<String, EntityType> BY_WIRE_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EntityType::wireName, Function.identity()));

    private final String wireName;
    private final boolean management;
    private final List<String> key;

    EntityType(String wireName, boolean management, String... key) {
        this.wireName = wireName;
        this.management = management;
        this.key = List.of(key);
    }

    /** As in the archive's documents and directory names. */
    public String wireName() {
        return wireName;
    }

    /** Whether it belongs to the whole manager and not to a tenant. */
    public boolean management() {
        return management;
    }

    /** Names of the fields that together identify an entity; only the first must be there. Empty: has no identity. */
    public List<String> key() {
        return key;
    }

    /** Empty for a type that no known Cloudify writes. */
    public static Optional<EntityType> of(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }
}
