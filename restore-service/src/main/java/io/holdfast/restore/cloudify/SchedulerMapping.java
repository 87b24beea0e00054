package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.Entity;
import io.holdfast.archive.cloudify.EntityType;
import io.holdfast.archive.cloudify.Item;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.cloudify.Survey.DeploymentFact;
import io.holdfast.restore.cloudify.Survey.OperationCounts;
import io.holdfast.restore.cloudify.Survey.TenantFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Everything that the scheduler owns: executions, their groups, events, tasks graphs, and schedules. */
final class SchedulerMapping {

    private static final String SCHEMA = "scheduler";

    private static final Set<String> STATUSES = Set.of(
            "scheduled",
            "queued",
            "pending",
            "started",
            "cancelling",
            "force_cancelling",
            "kill_cancelling",
            "terminated",
            "failed",
            "cancelled");

    private static final Set<String> EVENT_TYPES = Set.of("cloudify_event", "cloudify_log");

    private static final StateTable EXECUTIONS = StateTable.of(
            SCHEMA,
            "executions",
            "tenant_name",
            "id",
            "workflow_id",
            "deployment_id",
            "deployment_display_name",
            "blueprint_id",
            "status",
            "parameters",
            "is_system_workflow",
            "is_dry_run",
            "allow_custom_parameters",
            "resume",
            "error",
            "total_operations",
            "finished_operations",
            "scheduled_for",
            "created_at",
            "started_at",
            "ended_at",
            "visibility",
            "created_by");

    private static final StateTable GROUPS = StateTable.of(
            SCHEMA,
            "execution_groups",
            "tenant_name",
            "id",
            "workflow_id",
            "deployment_group_id",
            "concurrency",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable GROUP_MEMBERS =
            StateTable.of(SCHEMA, "execution_group_members", "tenant_name", "execution_group_id", "execution_id");

    private static final StateTable EVENTS = StateTable.of(
            SCHEMA,
            "events",
            "tenant_name",
            "type",
            "timestamp",
            "reported_timestamp",
            "execution_id",
            "execution_group_id",
            "workflow_id",
            "blueprint_id",
            "deployment_id",
            "deployment_display_name",
            "node_instance_id",
            "node_name",
            "operation",
            "source_id",
            "target_id",
            "event_type",
            "logger",
            "level",
            "message",
            "error_causes",
            "manager_name",
            "agent_name",
            "visibility",
            "created_by");

    private static final StateTable GRAPHS = StateTable.of(
            SCHEMA,
            "tasks_graphs",
            "tenant_name",
            "id",
            "name",
            "execution_id",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable OPERATIONS = StateTable.of(
            SCHEMA,
            "operations",
            "tenant_name",
            "id",
            "tasks_graph_id",
            "name",
            "state",
            "type",
            "dependencies",
            "parameters",
            "manager_name",
            "agent_name",
            "visibility",
            "created_by",
            "created_at");

    private static final StateTable SCHEDULES = StateTable.of(
            SCHEMA,
            "execution_schedules",
            "tenant_name",
            "deployment_id",
            "id",
            "workflow_id",
            "rule",
            "since",
            "until",
            "slip",
            "parameters",
            "execution_arguments",
            "stop_on_fail",
            "enabled",
            "visibility",
            "created_by",
            "created_at");

    private final Import run;
    /** Executions that were left out, as copies of another tenant's, by tenant: their events and graphs are, too. */
    private final Map<String, Set<String>> copies = new HashMap<>();

    SchedulerMapping(Import run) {
        this.run = run;
    }

    void run() {
        executions();
        run.eachInTenants(EntityType.EXECUTION_GROUPS, this::group);
        run.eachInTenants(EntityType.EVENTS, this::event);
        run.eachInTenants(EntityType.TASKS_GRAPHS, this::graph);
        run.eachOfDeployments(EntityType.EXECUTION_SCHEDULES, this::schedule);
    }

    private void executions() {
        run.eachInTenants(EntityType.EXECUTIONS, (tenant, entity, item) -> {
            Optional<String> owner = run.survey().ownerOfPartOf(Import.deploymentOf(entity), tenant);
            if (owner.isPresent()) {
                execution(owner.get(), entity, item);
            } else {
                copies.computeIfAbsent(tenant, any -> new HashSet<>()).add(item.required("id"));
            }
        });
    }

    private void execution(String owner, Entity entity, Item item) {
        String id = item.required("id");
        String status = item.required("status");
        if (!STATUSES.contains(status)) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    entity.title() + " has the status " + status + "; expected one of "
                            + String.join(", ", new TreeSet<>(STATUSES)),
                    "the archive is damaged; take a new snapshot");
        }
        TenantFacts facts = run.survey().tenant(carrier(entity));
        String deploymentId = item.text("deployment_id");
        DeploymentFact deployment = facts.deployment(deploymentId);
        if (deploymentId != null && deployment == null) {
            run.findings().add("executions that name a deployment which the archive does not carry", entity.title());
        }
        OperationCounts operations = facts.operations(id);
        run.row(
                EXECUTIONS,
                owner,
                id,
                item.required("workflow_id"),
                deploymentId,
                carriedOr(item, "deployment_display_name", deployment == null ? null : deployment.displayName()),
                carriedOr(item, "blueprint_id", deployment == null ? null : deployment.blueprintId()),
                status,
                item.json("parameters"),
                item.bool("is_system_workflow", false),
                item.bool("is_dry_run", false),
                item.bool("allow_custom_parameters", false),
                item.bool("resume", false),
                item.text("error"),
                item.number("total_operations", operations.total()),
                item.number("finished_operations", operations.finished()),
                item.instant("scheduled_for"),
                run.needed(entity, item, "created_at", "started_at", "ended_at"),
                item.instant("started_at"),
                item.instant("ended_at"),
                item.text("visibility", "tenant"),
                item.text("created_by"));
    }

    private void group(String owner, Entity entity, Item item) {
        String id = item.required("id");
        run.row(
                GROUPS,
                owner,
                id,
                item.text("workflow_id"),
                item.text("deployment_group_id"),
                item.number("concurrency"),
                item.text("visibility", "tenant"),
                item.text("created_by"),
                item.instant("created_at"));
        item.texts("execution_ids").stream().distinct().forEach(execution -> {
            run.row(GROUP_MEMBERS, owner, id, execution);
            if (!run.survey().tenant(carrier(entity)).hasExecution(execution)) {
                run.findings()
                        .add(
                                "execution groups that name an execution which the archive does not carry",
                                entity.title());
            }
        });
    }

    private void event(String owner, Entity entity, Item item) {
        String executionId = null;
        String groupId = null;
        if (Entity.OF_EXECUTION_GROUPS.equals(entity.source())) {
            groupId = entity.sourceId();
        } else {
            executionId = entity.sourceId() == null ? item.text("execution_id") : entity.sourceId();
            if (isCopy(owner, executionId)) {
                return;
            }
            if (!run.survey().tenant(carrier(entity)).hasExecution(executionId)) {
                run.findings().add("events of executions that the archive does not carry", String.valueOf(executionId));
            }
        }
        String type = item.text("type", item.has("level") ? "cloudify_log" : "cloudify_event");
        if (!EVENT_TYPES.contains(type)) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    item.where() + " is an event of type " + type + "; expected cloudify_event or cloudify_log",
                    "the archive is damaged; take a new snapshot");
        }
        String instance = item.text("node_instance_id");
        String node = run.survey().tenant(carrier(entity)).nodeOf(instance);
        run.row(
                EVENTS,
                owner,
                type,
                run.needed(entity, item, "timestamp", "reported_timestamp"),
                run.needed(entity, item, "reported_timestamp", "timestamp"),
                executionId,
                groupId,
                item.text("workflow_id"),
                item.text("blueprint_id"),
                item.text("deployment_id"),
                item.text("deployment_display_name"),
                instance,
                carriedOr(item, "node_name", node),
                item.text("operation"),
                item.text("source_id"),
                item.text("target_id"),
                item.text("event_type"),
                item.text("logger"),
                item.text("level"),
                item.isText("message") ? item.text("message") : item.json("message"),
                item.json("error_causes"),
                item.text("manager_name"),
                item.text("agent_name"),
                item.text("visibility", "tenant"),
                item.text("created_by"));
    }

    private void graph(String owner, Entity entity, Item item) {
        String id = item.required("id");
        String carried = item.text("execution_id");
        String executionId = carried == null ? entity.sourceId() : carried;
        if (isCopy(owner, executionId)) {
            return;
        }
        if (!run.survey().tenant(carrier(entity)).hasExecution(executionId)) {
            run.findings().add("tasks graphs of executions that the archive does not carry", entity.title());
        }
        run.row(
                GRAPHS,
                owner,
                id,
                item.text("name"),
                executionId == null ? item.required("execution_id") : executionId,
                item.text("visibility", "tenant"),
                item.text("created_by"),
                item.instant("created_at"));
        for (Item operation : item.items("operations")) {
            run.row(
                    OPERATIONS,
                    owner,
                    operation.required("id"),
                    id,
                    operation.text("name"),
                    operation.text("state"),
                    operation.text("type"),
                    operation.json("dependencies"),
                    operation.json("parameters"),
                    operation.text("manager_name"),
                    operation.text("agent_name"),
                    operation.text("visibility", "tenant"),
                    operation.text("created_by"),
                    operation.instant("created_at"));
        }
    }

    /** Any rule is kept as it is carried, also one without an rrule; the scheduler reckons the next occurrence. */
    private void schedule(String owner, Entity entity, Item item) {
        String deploymentId = item.required("deployment_id");
        if (run.survey().tenant(carrier(entity)).deployment(deploymentId) == null) {
            run.findings().add("schedules that name a deployment which the archive does not carry", entity.title());
        }
        String rule = item.json("rule");
        run.row(
                SCHEDULES,
                owner,
                deploymentId,
                item.required("id"),
                item.required("workflow_id"),
                rule == null ? "{}" : rule,
                item.instant("since"),
                item.instant("until"),
                item.number("slip", 0),
                item.json("parameters"),
                item.json("execution_arguments"),
                item.bool("stop_on_fail", false),
                item.bool("enabled", true),
                item.text("visibility", "tenant"),
                item.text("created_by"),
                item.instant("created_at"));
    }

    private boolean isCopy(String tenant, @Nullable String executionId) {
        return executionId != null && copies.getOrDefault(tenant, Set.of()).contains(executionId);
    }

    private static @Nullable String carriedOr(Item item, String field, @Nullable String derived) {
        return item.has(field) ? item.text(field) : derived;
    }

    private static String carrier(Entity entity) {
        return Objects.requireNonNull(entity.tenant());
    }
}
