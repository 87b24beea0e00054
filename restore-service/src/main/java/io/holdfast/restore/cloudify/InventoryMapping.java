package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.Blob;
import io.holdfast.archive.cloudify.Entity;
import io.holdfast.archive.cloudify.EntityType;
import io.holdfast.archive.cloudify.Item;
import io.holdfast.restore.cloudify.Survey.DeploymentFact;
import io.holdfast.restore.cloudify.Survey.ExecutionFact;
import io.holdfast.restore.cloudify.Survey.OperationCounts;
import io.holdfast.restore.cloudify.Survey.TenantFacts;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that the inventory owns: from sites to filters, with the uploaded archives and the user interface's files. */
final class InventoryMapping {

    private static final String SCHEMA = "inventory";
    private static final String DEFAULT_VISIBILITY = "tenant";

    private static final StateTable SITES = StateTable.of(
            SCHEMA, "sites", "tenant_name", "name", "latitude", "longitude", "visibility", "created_by", "created_at");

    private static final StateTable PROVIDERS = StateTable.of(
            SCHEMA,
            "secrets_providers",
            "tenant_name",
            "name",
            "type",
            "connection_parameters_enc",
            "visibility",
            "created_by",
            "created_at",
            "updated_at");

    private static final StateTable SECRETS = StateTable.of(
            SCHEMA,
            "secrets",
            "tenant_name",
            "key",
            "value_enc",
            "schema",
            "is_hidden_value",
            "provider_name",
            "provider_options",
            "visibility",
            "created_by",
            "created_at",
            "updated_at");

    private static final StateTable BLUEPRINTS = StateTable.of(
            SCHEMA,
            "blueprints",
            "tenant_name",
            "id",
            "main_file_name",
            "plan",
            "description",
            "requirements",
            "is_hidden",
            "state",
            "error",
            "error_traceback",
            "upload_execution_id",
            "archive_sha256",
            "archive_name",
            "visibility",
            "created_by",
            "created_at",
            "updated_at");

    private static final StateTable BLUEPRINT_LABELS = labels("blueprint_labels", "blueprint_id");

    private static final StateTable DEPLOYMENTS = StateTable.of(
            SCHEMA,
            "deployments",
            "tenant_name",
            "id",
            "blueprint_id",
            "display_name",
            "description",
            "site_name",
            "inputs",
            "groups",
            "scaling_groups",
            "policy_triggers",
            "policy_types",
            "outputs",
            "capabilities",
            "workflows",
            "resource_tags",
            "runtime_only_evaluation",
            "installation_status",
            "deployment_status",
            "sub_services_status",
            "sub_environments_status",
            "sub_services_count",
            "sub_environments_count",
            "create_execution_id",
            "latest_execution_id",
            "latest_execution_workflow_id",
            "latest_execution_status",
            "latest_execution_total_operations",
            "latest_execution_finished_operations",
            "workdir_sha256",
            "visibility",
            "created_by",
            "created_at",
            "updated_at");

    private static final StateTable DEPLOYMENT_LABELS = labels("deployment_labels", "deployment_id");

    private static final StateTable GROUPS = StateTable.of(
            SCHEMA,
            "deployment_groups",
            "tenant_name",
            "id",
            "description",
            "default_blueprint_id",
            "default_inputs",
            "creation_counter",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable GROUP_LABELS = labels("deployment_group_labels", "deployment_group_id");

    private static final StateTable GROUP_MEMBERS =
            StateTable.of(SCHEMA, "deployment_group_members", "tenant_name", "deployment_group_id", "deployment_id");

    private static final StateTable NODES = StateTable.of(
            SCHEMA,
            "nodes",
            "tenant_name",
            "deployment_id",
            "id",
            "host_id",
            "type",
            "type_hierarchy",
            "properties",
            "operations",
            "relationships",
            "plugins",
            "plugins_to_install",
            "number_of_instances",
            "planned_number_of_instances",
            "deploy_number_of_instances",
            "min_number_of_instances",
            "max_number_of_instances",
            "visibility",
            "created_by");

    private static final StateTable INSTANCES = StateTable.of(
            SCHEMA,
            "node_instances",
            "tenant_name",
            "id",
            "deployment_id",
            "node_id",
            "host_id",
            "index",
            "state",
            "runtime_properties",
            "system_properties",
            "relationships",
            "scaling_groups",
            "version",
            "has_configuration_drift",
            "is_status_check_ok",
            "visibility",
            "created_by");

    private static final StateTable AGENTS = StateTable.of(
            SCHEMA,
            "agents",
            "tenant_name",
            "id",
            "name",
            "node_instance_id",
            "deployment_id",
            "node_id",
            "host_id",
            "ip",
            "install_method",
            "system",
            "version",
            "state",
            "rabbitmq_username",
            "rabbitmq_password_enc",
            "rabbitmq_exchange",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable DEPENDENCIES = StateTable.of(
            SCHEMA,
            "inter_deployment_dependencies",
            "tenant_name",
            "id",
            "dependency_creator",
            "source_deployment_id",
            "target_deployment_id",
            "target_deployment_func",
            "external_source",
            "external_target",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable DEPLOYMENT_UPDATES = StateTable.of(
            SCHEMA,
            "deployment_updates",
            "tenant_name",
            "id",
            "deployment_id",
            "old_blueprint_id",
            "new_blueprint_id",
            "execution_id",
            "state",
            "old_inputs",
            "new_inputs",
            "deployment_plan",
            "deployment_update_nodes",
            "deployment_update_node_instances",
            "modified_entity_ids",
            "central_plugins_to_install",
            "central_plugins_to_uninstall",
            "steps",
            "runtime_only_evaluation",
            "keep_old_deployment_dependencies",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable PLUGINS_UPDATES = StateTable.of(
            SCHEMA,
            "plugins_updates",
            "tenant_name",
            "id",
            "state",
            "blueprint_id",
            "temp_blueprint_id",
            "execution_id",
            "forced",
            "all_tenants",
            "deployments_to_update",
            "deployments_per_tenant",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable DEPLOYMENTS_FILTERS = filters("deployments_filters");
    private static final StateTable BLUEPRINTS_FILTERS = filters("blueprints_filters");
    private static final StateTable UI_DATA = StateTable.of(SCHEMA, "ui_data", "path", "content_sha256");

    private final Import run;

    InventoryMapping(Import run) {
        this.run = run;
    }

    void run() {
        run.eachInTenants(EntityType.SITES, this::site);
        run.eachInTenants(EntityType.PLUGINS, new PluginMapping(run)::map);
        run.eachInTenants(EntityType.SECRETS_PROVIDERS, this::provider);
        run.eachInTenants(EntityType.SECRETS, this::secret);
        run.eachInTenants(EntityType.BLUEPRINTS, this::blueprint);
        run.eachInTenants(EntityType.DEPLOYMENTS, this::deployment);
        run.eachInTenants(EntityType.DEPLOYMENT_GROUPS, this::group);
        run.eachOfDeployments(EntityType.NODES, this::node);
        run.eachOfDeployments(EntityType.NODE_INSTANCES, this::instance);
        run.eachOfDeployments(EntityType.AGENTS, this::agent);
        run.eachInTenants(EntityType.INTER_DEPLOYMENT_DEPENDENCIES, this::dependency);
        run.eachOfDeployments(EntityType.DEPLOYMENT_UPDATES, this::deploymentUpdate);
        run.eachInTenants(EntityType.PLUGINS_UPDATES, this::pluginsUpdate);
        run.eachInTenants(
                EntityType.DEPLOYMENTS_FILTERS, (owner, entity, item) -> filter(DEPLOYMENTS_FILTERS, owner, item));
        run.eachInTenants(
                EntityType.BLUEPRINTS_FILTERS, (owner, entity, item) -> filter(BLUEPRINTS_FILTERS, owner, item));
        for (Blob file : run.archive().userInterfaceFiles()) {
            run.row(UI_DATA, file.path(), run.contents().put(file));
        }
    }

    private void site(String owner, Entity entity, Item item) {
        Double[] place = place(entity, item.text("location"));
        run.row(
                SITES,
                owner,
                item.required("name"),
                place[0],
                place[1],
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"));
    }

    /** @param location {@code "latitude, longitude"} */
    private @Nullable Double[] place(Entity entity, @Nullable String location) {
        if (location == null || location.isBlank()) {
            return new Double[] {null, null};
        }
        String[] parts = location.split(",", -1);
        try {
            if (parts.length == 2) {
                return new Double[] {Double.valueOf(parts[0].strip()), Double.valueOf(parts[1].strip())};
            }
        } catch (NumberFormatException notAPlace) {
            // told below
        }
        run.findings().add("sites whose location is not \"latitude, longitude\", restored without", entity.title());
        return new Double[] {null, null};
    }

    private void provider(String owner, Entity entity, Item item) {
        String name = item.required("name");
        run.row(
                PROVIDERS,
                owner,
                name,
                item.text("type"),
                run.seal(item.json("connection_parameters"), "secrets_providers", owner, name),
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"),
                item.instant("updated_at"));
    }

    /** The value is sealed as the archive has it: even characters that the database cannot hold survive. */
    private void secret(String owner, Entity entity, Item item) {
        String key = item.required("key");
        Item carried = entity.item();
        String schema = item.json("schema");
        String value = carried.isText("value") ? carried.text("value") : carried.json("value");
        if (item.bool("encrypted", false)) {
            run.findings()
                    .add("secrets whose values are encrypted with a passphrase, restored as they are", entity.title());
        }
        run.row(
                SECRETS,
                owner,
                key,
                run.seal(value, "secrets", owner, key),
                schema,
                item.bool("is_hidden_value", false),
                providerName(item),
                item.json("provider_options"),
                visibility(item),
                item.has("creator") ? item.text("creator") : item.text("created_by"),
                item.instant("created_at"),
                item.instant("updated_at"));
    }

    private static @Nullable String providerName(Item item) {
        if (item.has("provider_name")) {
            return item.text("provider_name");
        }
        return item.isObject("provider") ? item.object("provider").text("name") : item.text("provider");
    }

    private void blueprint(String owner, Entity entity, Item item) {
        String id = item.required("id");
        String carrier = carrier(entity);
        Optional<Blob> archive = run.archive().blueprintArchive(carrier, id).filter(blob -> !blob.isEmpty());
        String name = null;
        String sha256 = null;
        if (archive.isPresent()) {
            name = id + suffix(archive.get());
            sha256 = run.contents().put(archive.get());
        } else {
            run.findings().add("blueprints without an archive, restored without", entity.title());
        }
        run.row(
                BLUEPRINTS,
                owner,
                id,
                item.text("main_file_name"),
                item.json("plan"),
                item.text("description"),
                item.json("requirements"),
                item.bool("is_hidden", false),
                item.text("state"),
                item.text("error"),
                item.text("error_traceback"),
                run.survey().tenant(carrier).uploadExecution(id),
                sha256,
                name,
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"),
                item.instant("updated_at"));
        labels(BLUEPRINT_LABELS, owner, id, item);
    }

    /** Archives are named .tar.gz in the snapshot whatever they are; the name that is kept says what it is. */
    private static String suffix(Blob archive) {
        try (InputStream in = archive.open()) {
            byte[] start = in.readNBytes(3);
            if (start.length == 3 && start[0] == 'P' && start[1] == 'K') {
                return ".zip";
            }
            if (start.length == 3 && start[0] == 'B' && start[1] == 'Z' && start[2] == 'h') {
                return ".tar.bz2";
            }
            boolean gzip = start.length == 3 && start[0] == 0x1f && (start[1] & 0xff) == 0x8b;
            return gzip ? ".tar.gz" : ".tar";
        } catch (IOException e) {
            throw Contents.damaged(archive, e);
        }
    }

    private void deployment(String owner, Entity entity, Item item) {
        String id = item.required("id");
        String carrier = carrier(entity);
        TenantFacts facts = run.survey().tenant(carrier);
        Optional<ExecutionFact> latest = facts.latestExecution(id);
        Optional<OperationCounts> operations = latest.map(execution -> facts.operations(execution.id()));
        String blueprintId = item.text("blueprint_id");
        if (blueprintId != null && !facts.seesBlueprint(blueprintId)) {
            run.findings().add("deployments of blueprints that the archive does not carry", entity.title());
        }
        String workdir = run.archive()
                .workDirectory(carrier, id)
                .filter(blob -> !blob.isEmpty())
                .flatMap(blob -> run.contents().putZip(blob, "work directory of " + entity.title()))
                .orElse(null);
        run.row(
                DEPLOYMENTS,
                owner,
                id,
                blueprintId,
                item.text("display_name"),
                item.text("description"),
                item.text("site_name"),
                item.json("inputs"),
                item.json("groups"),
                item.json("scaling_groups"),
                item.json("policy_triggers"),
                item.json("policy_types"),
                item.json("outputs"),
                item.json("capabilities"),
                item.json("workflows"),
                item.json("resource_tags"),
                item.bool("runtime_only_evaluation", false),
                item.text("installation_status"),
                item.text("deployment_status"),
                item.text("sub_services_status"),
                item.text("sub_environments_status"),
                item.number("sub_services_count", 0),
                item.number("sub_environments_count", 0),
                facts.createExecution(id).map(ExecutionFact::id).orElse(null),
                latest.map(ExecutionFact::id).orElse(null),
                latest.map(ExecutionFact::workflowId).orElse(null),
                latest.map(ExecutionFact::status).orElse(null),
                operations.map(OperationCounts::total).orElse(null),
                operations.map(OperationCounts::finished).orElse(null),
                workdir,
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"),
                item.instant("updated_at"));
        labels(DEPLOYMENT_LABELS, owner, id, item);
    }

    private void group(String owner, Entity entity, Item item) {
        String id = item.required("id");
        run.row(
                GROUPS,
                owner,
                id,
                item.text("description"),
                item.text("default_blueprint_id"),
                item.json("default_inputs"),
                item.number("creation_counter", 0),
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"));
        labels(GROUP_LABELS, owner, id, item);
        item.texts("deployment_ids").stream().distinct().forEach(deployment -> {
            run.row(GROUP_MEMBERS, owner, id, deployment);
            noteMissing("deployment groups", entity, deployment);
        });
    }

    private void node(String owner, Entity entity, Item item) {
        String deployment = ofDeployment(entity, item);
        noteMissing("nodes", entity, deployment);
        run.row(
                NODES,
                owner,
                deployment,
                item.required("id"),
                item.text("host_id"),
                item.text("type"),
                item.json("type_hierarchy"),
                item.json("properties"),
                item.json("operations"),
                item.json("relationships"),
                item.json("plugins"),
                item.json("plugins_to_install"),
                item.number("number_of_instances"),
                item.number("planned_number_of_instances"),
                item.number("deploy_number_of_instances"),
                item.number("min_number_of_instances"),
                item.number("max_number_of_instances"),
                visibility(item),
                item.text("created_by"));
    }

    private void instance(String owner, Entity entity, Item item) {
        String deployment = ofDeployment(entity, item);
        noteMissing("node instances", entity, deployment);
        run.row(
                INSTANCES,
                owner,
                item.required("id"),
                deployment,
                item.required("node_id"),
                item.text("host_id"),
                item.number("index"),
                item.text("state"),
                item.json("runtime_properties"),
                item.json("system_properties"),
                item.json("relationships"),
                item.json("scaling_groups"),
                item.number("version", 1),
                item.bool("has_configuration_drift", false),
                item.bool("is_status_check_ok", false),
                visibility(item),
                item.text("created_by"));
    }

    /** The archive calls an agent's name its id. Its host is the instance that it serves. */
    private void agent(String owner, Entity entity, Item item) {
        String id = item.required("id");
        String instance = item.text("node_instance_id", id);
        String deployment = ofDeployment(entity, item);
        run.row(
                AGENTS,
                owner,
                id,
                item.text("name", id),
                instance,
                deployment,
                run.survey().tenant(carrier(entity)).nodeOf(instance),
                item.text("host_id", instance),
                item.text("ip"),
                item.text("install_method"),
                item.text("system"),
                item.text("version"),
                item.text("state"),
                item.text("rabbitmq_username"),
                run.seal(item.text("rabbitmq_password"), "agents", owner, id),
                item.text("rabbitmq_exchange"),
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"));
        if (run.survey().tenant(carrier(entity)).nodeOf(instance) == null) {
            run.findings().add("agents of node instances that the archive does not carry", entity.title());
        }
    }

    private void dependency(String owner, Entity entity, Item item) {
        String source = item.text("source_deployment_id");
        String goal = item.text("target_deployment_id");
        noteMissing("dependencies", entity, source);
        noteMissing("dependencies", entity, goal);
        run.row(
                DEPENDENCIES,
                owner,
                item.required("id"),
                item.text("dependency_creator"),
                source,
                goal,
                item.json("target_deployment_func"),
                item.json("external_source"),
                item.json("external_target"),
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"));
    }

    private void deploymentUpdate(String owner, Entity entity, Item item) {
        noteMissing("deployment updates", entity, item.text("deployment_id"));
        run.row(
                DEPLOYMENT_UPDATES,
                owner,
                item.required("id"),
                item.text("deployment_id"),
                item.text("old_blueprint_id"),
                item.text("new_blueprint_id"),
                item.text("execution_id"),
                item.text("state"),
                item.json("old_inputs"),
                item.json("new_inputs"),
                item.json("deployment_plan"),
                item.json("deployment_update_nodes"),
                item.json("deployment_update_node_instances"),
                item.json("modified_entity_ids"),
                item.json("central_plugins_to_install"),
                item.json("central_plugins_to_uninstall"),
                item.json("steps"),
                item.bool("runtime_only_evaluation", false),
                item.bool("keep_old_deployment_dependencies", false),
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"));
    }

    private void pluginsUpdate(String owner, Entity entity, Item item) {
        run.row(
                PLUGINS_UPDATES,
                owner,
                item.required("id"),
                item.text("state"),
                item.text("blueprint_id"),
                item.text("temp_blueprint_id"),
                item.text("execution_id"),
                item.bool("forced", false),
                item.bool("all_tenants", false),
                item.json("deployments_to_update"),
                item.json("deployments_per_tenant"),
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"));
    }

    private void filter(StateTable table, String owner, Item item) {
        String value = item.json("value");
        run.row(
                table,
                owner,
                item.required("id"),
                value == null ? "[]" : value,
                item.bool("is_system_filter", false),
                visibility(item),
                item.text("created_by"),
                item.instant("created_at"),
                item.instant("updated_at"));
    }

    /** A label is a set's element: the same key and value twice is once. */
    private void labels(StateTable table, String owner, String id, Item item) {
        Set<List<String>> seen = new HashSet<>();
        for (Item label : item.items("labels")) {
            String key = label.required("key");
            String value = label.required("value");
            if (seen.add(List.of(key, value))) {
                run.row(table, owner, id, key, value, label.text("created_by"), label.instant("created_at"));
            }
        }
    }

    private void noteMissing(String what, Entity entity, @Nullable String deployment) {
        DeploymentFact fact = run.survey().tenant(carrier(entity)).deployment(deployment);
        if (deployment != null && fact == null) {
            run.findings().add(what + " that name a deployment which the archive does not carry", entity.title());
        }
    }

    private static String ofDeployment(Entity entity, Item item) {
        String deployment = Import.deploymentOf(entity);
        return deployment == null ? item.required("deployment_id") : deployment;
    }

    private static String carrier(Entity entity) {
        return Objects.requireNonNull(entity.tenant());
    }

    private static String visibility(Item item) {
        return item.text("visibility", DEFAULT_VISIBILITY);
    }

    private static StateTable labels(String table, String of) {
        return StateTable.of(SCHEMA, table, "tenant_name", of, "key", "value", "created_by", "created_at");
    }

    private static StateTable filters(String table) {
        return StateTable.of(
                SCHEMA,
                table,
                "tenant_name",
                "id",
                "value",
                "is_system_filter",
                "visibility",
                "created_by",
                "created_at",
                "updated_at");
    }
}
