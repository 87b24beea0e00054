package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.Dependent;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.labels.CarriedLabel;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.labels.storage.ConsumerLabels;
import io.holdfast.inventory.language.NodeInstance;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.language.PreparedDeployment;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.DependencyTarget;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Singleton
class PgDeploymentRecords implements DeploymentRecords {

    /** Tables that belong to a deployment, and the column that names it. */
    private static final Map<String, String> PARTS = Map.of(
            "inventory.deployment_labels", "deployment_id",
            "inventory.deployment_group_members", "deployment_id",
            "inventory.nodes", "deployment_id",
            "inventory.node_instances", "deployment_id",
            "inventory.agents", "deployment_id",
            "inventory.deployment_modifications", "deployment_id",
            "inventory.deployment_updates", "deployment_id",
            "inventory.inter_deployment_dependencies", "source_deployment_id");

    private static final Set<String> PLAIN_COLUMNS = Set.of("blueprint_id", "description", "runtime_only_evaluation");

    /** How many levels of deployments are looked through. Circles are refused; a restore could bring one all the same. */
    private static final int DEEPEST = 1000;

    private final Statements statements;
    private final ObjectMapper json;

    PgDeploymentRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    @Override
    public Optional<Stored> find(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, visibility, blueprint_id, created_by FROM inventory.deployments"
                                + Seen.ONE,
                        PgDeploymentRecords::stored,
                        Seen.of(id, caller))
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Stored> hold(Stored deployment) {
        return statements
                .query(
                        "SELECT tenant_name, id, visibility, blueprint_id, created_by FROM inventory.deployments"
                                + " WHERE tenant_name = ? AND id = ? FOR UPDATE",
                        PgDeploymentRecords::stored,
                        deployment.tenant(),
                        deployment.id())
                .stream()
                .findFirst();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getString(1),
                row.getString(2),
                Visibility.of(row.getString(3)),
                row.getString(4),
                row.getString(5));
    }

    @Override
    public void holdDependencies(String tenant) {
        statements.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('dependencies ' || ?, 0))", row -> true, tenant);
    }

    @Override
    public Optional<BlueprintFacts> blueprint(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT plan, state, visibility FROM inventory.blueprints" + Seen.ONE,
                        row -> new BlueprintFacts(
                                new Plan(JsonText.shared(json, row.getBytes(1))),
                                row.getString(2),
                                Visibility.of(row.getString(3))),
                        Seen.of(id, caller))
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Visibility> siteVisibility(String name, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT visibility FROM inventory.sites WHERE name = ? AND (visibility = 'global' OR tenant_name = ?"
                                + " AND (visibility <> 'private' OR ? OR created_by = ?)) ORDER BY tenant_name = ? DESC",
                        row -> Visibility.of(row.getString(1)),
                        name,
                        caller.tenant(),
                        caller.seesPrivate(),
                        caller.username(),
                        caller.tenant())
                .stream()
                .findFirst();
    }

    @Override
    public boolean hasSecret(String key, CallerIdentity caller) {
        return statements.exists(
                "SELECT FROM inventory.secrets WHERE key = ? AND (visibility = 'global' OR tenant_name = ? AND (visibility <>"
                        + " 'private' OR ? OR created_by = ?))",
                key,
                caller.tenant(),
                caller.seesPrivate(),
                caller.username());
    }

    @Override
    public Set<String> nodeInstancesAmong(Set<String> ids, CallerIdentity caller) {
        return ids.isEmpty()
                ? Set.of()
                : Set.copyOf(statements.query(
                        "SELECT id FROM inventory.node_instances WHERE tenant_name = ? AND id = ANY (?)",
                        row -> row.getString(1),
                        caller.tenant(),
                        ids.toArray(String[]::new)));
    }

    @Override
    public boolean hasPlugin(String packageName, @Nullable String version, CallerIdentity caller) {
        return statements.exists(
                "SELECT FROM inventory.plugins WHERE package_name = ? AND (?::text IS NULL OR package_version = ?) AND"
                        + " (tenant_name = ? OR visibility = 'global')",
                packageName,
                version,
                version,
                caller.tenant());
    }

    @Override
    public Offer offer(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT coalesce(display_name, id), capabilities FROM inventory.deployments" + Seen.ONE,
                        row -> new Offer(row.getString(1), JsonText.object(json, row.getString(2))),
                        Seen.of(id, caller))
                .stream()
                .findFirst()
                .orElseGet(() -> new Offer(id, Map.of()));
    }

    @Override
    public void requireFree(String tenant, String id, Visibility visibility) {
        if (statements.exists(
                "SELECT FROM inventory.deployments WHERE id = ? AND (tenant_name = ? OR visibility = 'global')",
                id,
                tenant)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "<Deployment id=`" + id + "` tenant=`" + tenant + "`> already exists on <Tenant name=`" + tenant
                            + "`> or with global visibility",
                    "choose another id, or delete that deployment first");
        }
        if (visibility == Visibility.GLOBAL
                && statements.exists("SELECT FROM inventory.deployments WHERE id = ?", id)) {
            throw elsewhere(tenant, id);
        }
    }

    /** Two that want one id, in any tenants, come one after the other: global ones exclude all others. */
    private void lockId(String id) {
        statements.query("SELECT pg_advisory_xact_lock(hashtextextended('deployment ' || ?, 0))", row -> true, id);
    }

    /** That the id is free and the blueprint there stays so until the end of the transaction. */
    private void hold(String tenant, String id, Visibility visibility, String blueprintId) {
        lockId(id);
        requireFree(tenant, id, visibility);
        if (!statements.exists(
                "SELECT FROM inventory.blueprints WHERE id = ? AND (tenant_name = ? OR visibility = 'global')"
                        + " ORDER BY tenant_name = ? DESC LIMIT 1 FOR KEY SHARE",
                blueprintId,
                tenant,
                tenant)) {
            throw Refusals.notFound("Blueprint", blueprintId);
        }
    }

    @Override
    public void addCarried(Carried deployment) {
        hold(deployment.tenant(), deployment.id(), deployment.visibility(), deployment.blueprintId());
        Map<String, @Nullable Object> made = deployment.made();
        statements.update(
                """
                INSERT INTO inventory.deployments (
                    tenant_name, id, blueprint_id, display_name, description, site_name, inputs, groups, scaling_groups,
                    policy_triggers, policy_types, outputs, capabilities, workflows, resource_tags, runtime_only_evaluation,
                    installation_status, deployment_status, workdir_sha256, visibility, created_by, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb,
                        ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?)""",
                deployment.tenant(),
                deployment.id(),
                deployment.blueprintId(),
                deployment.displayName(),
                made.get("description"),
                deployment.siteName(),
                JsonText.of(json, made.get("inputs")),
                JsonText.of(json, made.get("groups")),
                JsonText.of(json, made.get("scaling_groups")),
                JsonText.of(json, made.get("policy_triggers")),
                JsonText.of(json, made.get("policy_types")),
                JsonText.of(json, made.get("outputs")),
                JsonText.of(json, made.get("capabilities")),
                JsonText.of(json, made.get(WORKFLOWS)),
                JsonText.of(json, made.get("resource_tags")),
                deployment.atRunTimeOnly(),
                deployment.installationStatus(),
                deployment.deploymentStatus(),
                deployment.workDirectory(),
                deployment.visibility().wireName(),
                deployment.createdBy(),
                deployment.createdAt(),
                deployment.createdAt());
        for (CarriedLabel label : deployment.labels()) {
            String createdBy = label.createdBy();
            Instant createdAt = label.createdAt();
            addLabels(
                    deployment.tenant(),
                    deployment.id(),
                    List.of(label.label()),
                    createdBy == null ? deployment.createdBy() : createdBy,
                    createdAt == null ? deployment.createdAt() : createdAt);
        }
    }

    @Override
    public boolean isFailed(Stored deployment) {
        return statements.exists(
                "SELECT FROM inventory.deployments WHERE tenant_name = ? AND id = ? AND workflows IS NULL"
                        + " AND latest_execution_status = 'failed' AND latest_execution_id = create_execution_id",
                deployment.tenant(),
                deployment.id());
    }

    @Override
    public void addFailed(New deployment) {
        hold(deployment.tenant(), deployment.id(), deployment.visibility(), deployment.blueprintId());
        statements.update(
                """
                INSERT INTO inventory.deployments (
                    tenant_name, id, blueprint_id, display_name, site_name, runtime_only_evaluation, installation_status,
                    deployment_status, create_execution_id, latest_execution_id, latest_execution_workflow_id,
                    latest_execution_status, latest_execution_total_operations, latest_execution_finished_operations,
                    visibility, created_by, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, 'inactive', 'requires_attention', ?, ?, 'create_deployment_environment', 'failed',
                        0, 0, ?, ?, ?, ?)""",
                deployment.tenant(),
                deployment.id(),
                deployment.blueprintId(),
                deployment.displayName(),
                deployment.siteName(),
                deployment.atRunTimeOnly(),
                deployment.createExecutionId(),
                deployment.createExecutionId(),
                deployment.visibility().wireName(),
                deployment.createdBy(),
                deployment.createdAt(),
                deployment.createdAt());
    }

    @Override
    public void add(New deployment) {
        hold(deployment.tenant(), deployment.id(), deployment.visibility(), deployment.blueprintId());
        String tenant = deployment.tenant();
        String id = deployment.id();
        PreparedDeployment prepared = deployment.prepared();
        statements.update(
                """
                INSERT INTO inventory.deployments (
                    tenant_name, id, blueprint_id, display_name, description, site_name, inputs, groups, scaling_groups,
                    policy_triggers, policy_types, outputs, capabilities, workflows, resource_tags, runtime_only_evaluation,
                    installation_status, deployment_status, create_execution_id, latest_execution_id,
                    latest_execution_workflow_id, latest_execution_status, latest_execution_total_operations,
                    latest_execution_finished_operations, visibility, created_by, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb,
                        ?::jsonb, ?, 'inactive', 'requires_attention', ?, ?, 'create_deployment_environment', 'terminated',
                        0, 0, ?, ?, ?, ?)""",
                tenant,
                id,
                deployment.blueprintId(),
                deployment.displayName(),
                prepared.description(),
                deployment.siteName(),
                text(prepared.inputs()),
                text(prepared.groups()),
                text(prepared.scalingGroups()),
                text(prepared.policyTriggers()),
                text(prepared.policyTypes()),
                text(prepared.outputs()),
                text(prepared.capabilities()),
                text(prepared.workflows()),
                text(prepared.resourceTags()),
                deployment.atRunTimeOnly(),
                deployment.createExecutionId(),
                deployment.createExecutionId(),
                deployment.visibility().wireName(),
                deployment.createdBy(),
                deployment.createdAt(),
                deployment.createdAt());
        addLabels(tenant, id, deployment.labels(), deployment.createdBy(), deployment.createdAt());
        addNodes(deployment);
        addInstances(deployment);
        addDependencies(deployment);
    }

    /** On what is there; the others are dangling references, which only their evaluation can judge. */
    private void addDependencies(New deployment) {
        deployment
                .prepared()
                .dependencies()
                .forEach((creator, target) -> addDependency(deployment, creator, target, null));
    }

    @Override
    public void need(New deployment, String creator, String target, Object function) {
        addDependency(deployment, creator, target, function);
    }

    private void addDependency(New deployment, String creator, String target, @Nullable Object function) {
        Optional<String> tenant = tenantOfTarget(deployment.tenant(), target);
        if (tenant.filter(owner -> !owner.equals(deployment.tenant())).isPresent()) {
            holdDependencies(BETWEEN_TENANTS);
            tenant = tenantOfTarget(deployment.tenant(), target); // It may have gone meanwhile, and must not go now.
        }
        tenant.ifPresent(owner -> {
            statements.update(
                    """
                    INSERT INTO inventory.inter_deployment_dependencies (tenant_name, id, dependency_creator,
                        source_deployment_id, target_deployment_id, target_deployment_func, visibility, created_by, created_at)
                    VALUES (?, gen_random_uuid()::text, ?, ?, ?, ?::jsonb, 'tenant', ?, ?)""",
                    deployment.tenant(),
                    creator,
                    deployment.id(),
                    target,
                    JsonText.of(json, function),
                    deployment.createdBy(),
                    deployment.createdAt());
            addLabels(
                    owner,
                    target,
                    List.of(new Label(Label.CONSUMER, deployment.id())),
                    deployment.createdBy(),
                    deployment.createdAt());
        });
    }

    private Optional<String> tenantOfTarget(String tenant, String target) {
        return statements
                .query(
                        "SELECT t.tenant_name FROM inventory.deployments t" + DependencyTarget.where("?", "?"),
                        row -> row.getString(1),
                        target,
                        tenant,
                        tenant)
                .stream()
                .findFirst();
    }

    private void addNodes(New deployment) {
        Stream<@Nullable Object[]> rows = deployment.prepared().nodes().stream().map(node -> {
            Map<?, ?> instances = mapping(
                    mapping(mapping(node.get("capabilities")).get("scalable")).get("properties"));
            return new @Nullable Object[] {
                deployment.tenant(),
                deployment.id(),
                node.get("name"),
                node.get("host_id"),
                node.get("type"),
                text(node.get("type_hierarchy")),
                text(node.get("properties")),
                text(node.get("operations")),
                text(relationships(node)),
                text(node.get("plugins")),
                node.get("plugins_to_install") == null ? null : text(node.get("plugins_to_install")),
                instances.get("current_instances"),
                instances.get("planned_instances"),
                instances.get("default_instances"),
                instances.get("min_instances"),
                instances.get("max_instances"),
                deployment.visibility().wireName(),
                deployment.createdBy()
            };
        });
        statements.batch("""
                INSERT INTO inventory.nodes (tenant_name, deployment_id, id, host_id, type, type_hierarchy, properties,
                    operations, relationships, plugins, plugins_to_install, number_of_instances, planned_number_of_instances,
                    deploy_number_of_instances, min_number_of_instances, max_number_of_instances, visibility, created_by)
                VALUES (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?, ?, ?)""", rows::iterator);
    }

    /** As the API shows them: without the interfaces that the operations were made of. */
    private static List<Map<String, @Nullable Object>> relationships(Map<String, @Nullable Object> node) {
        List<Map<String, @Nullable Object>> shown = new ArrayList<>();
        if (node.get("relationships") instanceof List<?> relationships) {
            for (Object item : relationships) {
                Map<?, ?> relationship = mapping(item);
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                for (String key : List.of(
                        "target_id",
                        "type",
                        "type_hierarchy",
                        "properties",
                        "source_operations",
                        "target_operations")) {
                    one.put(key, relationship.get(key));
                }
                shown.add(one);
            }
        }
        return shown;
    }

    private static Map<?, ?> mapping(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private void addInstances(New deployment) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (NodeInstance instance : deployment.prepared().instances()) {
            rows.add(new @Nullable Object[] {
                deployment.tenant(),
                instance.id(),
                deployment.id(),
                instance.node(),
                instance.hostId(),
                instance.index(),
                text(instance.relationships()),
                text(instance.scalingGroups()),
                deployment.visibility().wireName(),
                deployment.createdBy()
            });
        }
        statements.batch("""
                INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, host_id, index, state,
                    runtime_properties, relationships, scaling_groups, version, visibility, created_by)
                VALUES (?, ?, ?, ?, ?, ?, 'uninitialized', '{}', ?::jsonb, ?::jsonb, 1, ?, ?)""", rows);
    }

    private void addLabels(String tenant, String id, List<Label> labels, String createdBy, Instant at) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Label label : labels) {
            rows.add(new @Nullable Object[] {tenant, id, label.key(), label.value(), createdBy, at});
        }
        statements.batch("""
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""", rows);
    }

    private String text(@Nullable Object value) {
        String text = JsonText.of(json, value);
        return text == null ? "null" : text;
    }

    private static ManagerException elsewhere(String tenant, String id) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "Can't set or create the resource <Deployment id=`" + id + "` tenant=`" + tenant
                        + "`>, its visibility can't be global because it also exists in other tenants",
                "choose another id, or a narrower visibility");
    }

    @Override
    public void labels(Stored deployment, List<Label> labels, String createdBy, Instant at) {
        Set<Label> wanted = labels.stream().collect(Collectors.toSet());
        List<Label> present = statements.query(
                "SELECT key, value FROM inventory.deployment_labels WHERE tenant_name = ? AND deployment_id = ?",
                row -> new Label(row.getString(1), row.getString(2)),
                deployment.tenant(),
                deployment.id());
        for (Label label : present) {
            if (!wanted.contains(label)) {
                statements.update(
                        "DELETE FROM inventory.deployment_labels WHERE tenant_name = ? AND deployment_id = ? AND key = ? AND"
                                + " value = ?",
                        deployment.tenant(),
                        deployment.id(),
                        label.key(),
                        label.value());
            }
        }
        addLabels(deployment.tenant(), deployment.id(), labels, createdBy, at);
    }

    @Override
    public boolean has(Stored deployment, String name) {
        return statements.exists(
                "SELECT FROM inventory.deployments WHERE tenant_name = ? AND id = ? AND " + column(name)
                        + " IS NOT NULL",
                deployment.tenant(),
                deployment.id());
    }

    @Override
    public void set(Stored deployment, String name, @Nullable Object value, Instant at) {
        boolean plain = value == null || value instanceof String || value instanceof Boolean;
        statements.update(
                "UPDATE inventory.deployments SET " + column(name) + " = "
                        + (isJson(name) ? "?::jsonb" : "?")
                        + ", updated_at = ? WHERE tenant_name = ? AND id = ?",
                plain ? value : text(value),
                at,
                deployment.tenant(),
                deployment.id());
    }

    private static boolean isJson(String name) {
        return OBJECTS.contains(name) || name.equals(WORKFLOWS);
    }

    /** A name that is none of these would become part of a statement. */
    private static String column(String name) {
        if (!isJson(name) && !PLAIN_COLUMNS.contains(name)) {
            throw new IllegalArgumentException("deployments have no " + name + " that can be set");
        }
        return name;
    }

    @Override
    public void displayName(Stored deployment, String name, Instant at) {
        set(deployment, "display_name", name, at);
    }

    @Override
    public void owner(Stored deployment, String username, Instant at) {
        set(deployment, "created_by", username, at);
    }

    @Override
    public void site(Stored deployment, @Nullable String name, Instant at) {
        set(deployment, "site_name", name, at);
    }

    @Override
    public void visibility(Stored deployment, Visibility visibility, Instant at) {
        lockId(deployment.id());
        if (visibility == Visibility.GLOBAL
                && statements.exists(
                        "SELECT FROM inventory.deployments WHERE id = ? AND tenant_name <> ?",
                        deployment.id(),
                        deployment.tenant())) {
            throw elsewhere(deployment.tenant(), deployment.id());
        }
        set(deployment, "visibility", visibility.wireName(), at);
        for (String table : List.of("inventory.nodes", "inventory.node_instances")) {
            statements.update(
                    "UPDATE " + table + " SET visibility = ? WHERE tenant_name = ? AND deployment_id = ?",
                    visibility.wireName(),
                    deployment.tenant(),
                    deployment.id());
        }
    }

    private void set(Stored deployment, String column, @Nullable String value, Instant at) {
        statements.update(
                "UPDATE inventory.deployments SET " + column + " = ?, updated_at = ? WHERE tenant_name = ? AND id = ?",
                value,
                at,
                deployment.tenant(),
                deployment.id());
    }

    @Override
    public List<String> liveInstances(Stored deployment) {
        return statements.query(
                "SELECT id FROM inventory.node_instances WHERE tenant_name = ? AND deployment_id = ? AND state NOT IN"
                        + " ('uninitialized', 'deleted') ORDER BY storage_id LIMIT 1000",
                row -> row.getString(1),
                deployment.tenant(),
                deployment.id());
    }

    @Override
    public List<Dependent> dependents(Stored deployment) {
        List<Dependent> dependents = new ArrayList<>(statements.query(
                "SELECT source_deployment_id, dependency_creator, external_source::text"
                        + " FROM inventory.inter_deployment_dependencies WHERE tenant_name = ? AND target_deployment_id = ?"
                        + " ORDER BY storage_id LIMIT 1000",
                row -> Dependent.user(row.getString(1), row.getString(2), row.getString(3)),
                deployment.tenant(),
                deployment.id()));
        if (deployment.visibility() == Visibility.GLOBAL) {
            // Their ids say nothing here, where another deployment may have one of them.
            dependents.addAll(statements.query(
                    "SELECT source_deployment_id, dependency_creator, external_source::text"
                            + " FROM inventory.inter_deployment_dependencies d WHERE tenant_name <> ? AND target_deployment_id = ?"
                            + " AND " + DependencyTarget.tenant("d")
                            + " = ? ORDER BY tenant_name, storage_id LIMIT 1000",
                    row -> Dependent.ofOtherTenant(row.getString(1), row.getString(2), row.getString(3)),
                    deployment.tenant(),
                    deployment.id(),
                    deployment.tenant()));
        }
        dependents.addAll(statements.query(
                "SELECT deployment_id FROM inventory.deployment_labels WHERE tenant_name = ? AND key = ? AND value = ?"
                        + " ORDER BY deployment_id LIMIT 1000",
                row -> Dependent.child(row.getString(1), deployment.id()),
                deployment.tenant(),
                Label.PARENT,
                deployment.id()));
        return dependents;
    }

    @Override
    public Map<String, List<String>> components(String tenant, List<String> ids) {
        record Component(String of, String id) {}
        return statements
                .query(
                        """
                        SELECT DISTINCT i.deployment_id, i.runtime_properties #>> '{deployment,id}' AS component
                        FROM inventory.nodes n
                        JOIN inventory.node_instances i
                            ON i.tenant_name = n.tenant_name AND i.deployment_id = n.deployment_id AND i.node_id = n.id
                        WHERE n.tenant_name = ? AND n.deployment_id = ANY (?)
                            AND n.type_hierarchy @> '["cloudify.nodes.Component"]'
                            AND i.runtime_properties #>> '{deployment,id}' <> ''
                        ORDER BY 1, 2""",
                        row -> new Component(row.getString(1), row.getString(2)),
                        tenant,
                        ids.toArray(String[]::new))
                .stream()
                .collect(Collectors.groupingBy(
                        Component::of, Collectors.mapping(Component::id, Collectors.toUnmodifiableList())));
    }

    @Override
    public void madeBy(Stored deployment, String executionId) {
        statements.update(
                "UPDATE inventory.deployments SET create_execution_id = ? WHERE tenant_name = ? AND id = ?",
                executionId,
                deployment.tenant(),
                deployment.id());
    }

    @Override
    public List<String> ancestors(String tenant, List<String> ids) {
        return statements.query(
                """
                WITH RECURSIVE above AS (
                    SELECT value FROM inventory.deployment_labels
                    WHERE tenant_name = ? AND key = ? AND deployment_id = ANY (?)
                    UNION
                    SELECT l.value FROM inventory.deployment_labels l JOIN above ON l.deployment_id = above.value
                    WHERE l.tenant_name = ? AND l.key = ?)
                SELECT value FROM above""", row -> row.getString(1), tenant, Label.PARENT, ids.toArray(String[]::new), tenant, Label.PARENT);
    }

    @Override
    public List<String> descendants(String tenant, List<String> ids) {
        return statements.query(
                """
                WITH RECURSIVE below (id, depth) AS (
                    SELECT deployment_id, 1 FROM inventory.deployment_labels
                    WHERE tenant_name = ? AND key = ? AND value = ANY (?)
                    UNION
                    SELECT l.deployment_id, b.depth + 1
                    FROM inventory.deployment_labels l JOIN below b ON l.value = b.id
                    WHERE l.tenant_name = ? AND l.key = ? AND b.depth < ?)
                SELECT id FROM below GROUP BY id ORDER BY max(depth) DESC, id""",
                row -> row.getString(1),
                tenant,
                Label.PARENT,
                ids.toArray(String[]::new),
                tenant,
                Label.PARENT,
                DEEPEST);
    }

    @Override
    public void empty(String tenant, String id) {
        removeParts(tenant, id, table -> !table.equals("inventory.deployment_group_members"));
        statements.update("""
                UPDATE inventory.deployments
                SET description = NULL, inputs = NULL, groups = NULL, scaling_groups = NULL, policy_triggers = NULL,
                    policy_types = NULL, outputs = NULL, capabilities = NULL, workflows = NULL, resource_tags = NULL,
                    display_name = id, latest_execution_status = 'failed'
                WHERE tenant_name = ? AND id = ?""", tenant, id);
    }

    private void removeParts(String tenant, String id, Predicate<String> which) {
        List<String> dependencies = statements.query(
                "SELECT id FROM inventory.inter_deployment_dependencies WHERE tenant_name = ? AND source_deployment_id = ?",
                row -> row.getString(1),
                tenant,
                id);
        ConsumerLabels.remove(statements, tenant, dependencies, id);
        PARTS.forEach((table, column) -> {
            if (which.test(table)) {
                statements.update("DELETE FROM " + table + " WHERE tenant_name = ? AND " + column + " = ?", tenant, id);
            }
        });
    }

    @Override
    public Optional<String> remove(Stored deployment) {
        hold(deployment);
        removeParts(deployment.tenant(), deployment.id(), table -> true);
        return statements
                .query(
                        "DELETE FROM inventory.deployments WHERE tenant_name = ? AND id = ? RETURNING workdir_sha256",
                        row -> Optional.ofNullable(row.getString(1)),
                        deployment.tenant(),
                        deployment.id())
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }
}
