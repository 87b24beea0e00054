package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.CloudifyArchive;
import io.holdfast.archive.cloudify.Entity;
import io.holdfast.archive.cloudify.EntityType;
import io.holdfast.archive.cloudify.Item;
import io.holdfast.restore.cloudify.GlobalResource.Ownership;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a first reading finds out, so that the second can write each row complete: whose the global resources are, and the links that
 * the archive carries in one direction only. Holds small facts for each deployment, node instance and execution, never their
 * contents.
 */
final class Survey {

    static final String CREATE_ENVIRONMENT = "create_deployment_environment";
    static final String UPLOAD_BLUEPRINT = "upload_blueprint";

    private static final String GLOBAL = "global";

    /** Operations that only hold a graph together; the source manager does not count them. */
    private static final String UNCOUNTED_OPERATION = "NOPLocalWorkflowTask";

    private static final Set<String> FINISHED_OPERATION_STATES = Set.of("rescheduled", "succeeded", "failed");

    private static final List<EntityType> SHARABLE = List.of(
            EntityType.SITES,
            EntityType.PLUGINS,
            EntityType.SECRETS_PROVIDERS,
            EntityType.SECRETS,
            EntityType.BLUEPRINTS,
            EntityType.DEPLOYMENTS,
            EntityType.DEPLOYMENT_GROUPS,
            EntityType.DEPLOYMENTS_FILTERS,
            EntityType.BLUEPRINTS_FILTERS);

    /** An execution, as a deployment refers to it. */
    record ExecutionFact(
            String id,
            String workflowId,
            String status,
            @Nullable Instant since) {
        /** Whether this one is the later of two; of equals, the one that comes later in the archive. */
        boolean isAtLeastAsLateAs(@Nullable ExecutionFact other) {
            return other == null || other.since == null || since != null && !since.isBefore(other.since);
        }
    }

    /** Operations of an execution's tasks graphs. */
    record OperationCounts(int total, int finished) {
        static final OperationCounts NONE = new OperationCounts(0, 0);
    }

    record DeploymentFact(
            @Nullable String blueprintId, @Nullable String displayName) {}

    /** What is known of one tenant. */
    static final class TenantFacts {
        private final Map<String, DeploymentFact> deployments = new HashMap<>();
        private final Map<String, ExecutionFact> latestExecution = new HashMap<>();
        private final Map<String, ExecutionFact> createExecution = new HashMap<>();
        private final Map<String, ExecutionFact> upload = new HashMap<>();
        private final Map<String, String> nodeOfInstance = new HashMap<>();
        private final Map<String, OperationCounts> operations = new HashMap<>();
        private final Set<String> executions = new HashSet<>();
        private final Set<String> blueprints = new HashSet<>();
        private final Set<String> plugins = new HashSet<>();

        @Nullable
        DeploymentFact deployment(@Nullable String id) {
            return id == null ? null : deployments.get(id);
        }

        Optional<ExecutionFact> latestExecution(String deploymentId) {
            return Optional.ofNullable(latestExecution.get(deploymentId));
        }

        Optional<ExecutionFact> createExecution(String deploymentId) {
            return Optional.ofNullable(createExecution.get(deploymentId));
        }

        @Nullable
        String uploadExecution(String blueprintId) {
            ExecutionFact execution = upload.get(blueprintId);
            return execution == null ? null : execution.id();
        }

        @Nullable
        String nodeOf(@Nullable String instanceId) {
            return instanceId == null ? null : nodeOfInstance.get(instanceId);
        }

        OperationCounts operations(String executionId) {
            return operations.getOrDefault(executionId, OperationCounts.NONE);
        }

        boolean hasExecution(@Nullable String id) {
            return id != null && executions.contains(id);
        }

        /** Whether the tenant's part has the entity that an uploaded file belongs to. */
        boolean has(EntityType type, String id) {
            if (type == EntityType.DEPLOYMENTS) {
                return deployments.containsKey(id);
            }
            return (type == EntityType.PLUGINS ? plugins : blueprints).contains(id);
        }

        boolean seesBlueprint(@Nullable String id) {
            return id != null && blueprints.contains(id);
        }
    }

    private static final TenantFacts NOTHING_KNOWN = new TenantFacts();

    private final Map<String, TenantFacts> tenants = new HashMap<>();
    private final Map<EntityType, Map<String, Ownership>> owners = new EnumMap<>(EntityType.class);
    private @Nullable Instant snapshotCreatedAt;

    private Survey() {}

    static Survey of(CloudifyArchive archive, Findings findings) {
        Survey survey = new Survey();
        for (String tenant : archive.tenants()) {
            survey.read(archive, tenant);
        }
        survey.findOwners(archive, findings);
        return survey;
    }

    /** When the archive was begun, as its create_snapshot execution says. */
    @Nullable
    Instant snapshotCreatedAt() {
        return snapshotCreatedAt;
    }

    TenantFacts tenant(@Nullable String tenant) {
        return tenants.getOrDefault(tenant == null ? "" : tenant, NOTHING_KNOWN);
    }

    /**
     * The tenant that an entity belongs to, or empty if this is a copy of it in another tenant's part, which is to be left out.
     */
    Optional<String> owner(Entity entity) {
        String tenant = Objects.requireNonNull(entity.tenant());
        Map<String, Ownership> ofType = owners.getOrDefault(entity.type(), Map.of());
        Ownership ownership = ofType.isEmpty() || !isShared(entity) ? null : ofType.get(key(entity));
        if (ownership == null) {
            return Optional.of(tenant);
        }
        return ownership.carrier().equals(tenant) ? Optional.of(ownership.owner()) : Optional.empty();
    }

    /** As {@link #owner(Entity)} for what belongs to a deployment: nodes, instances, agents, executions. */
    Optional<String> ownerOfPartOf(@Nullable String deploymentId, String tenant) {
        Ownership ownership = deploymentId == null
                ? null
                : owners.getOrDefault(EntityType.DEPLOYMENTS, Map.of()).get(deploymentId);
        if (ownership == null || !tenant(tenant).deployments.containsKey(deploymentId)) {
            return Optional.of(tenant);
        }
        return ownership.carrier().equals(tenant) ? Optional.of(ownership.owner()) : Optional.empty();
    }

    /** Tenants that own something. */
    Set<String> ownerTenants() {
        Set<String> names = new TreeSet<>();
        owners.values().forEach(byKey -> byKey.values().forEach(ownership -> names.add(ownership.owner())));
        return names;
    }

    private void read(CloudifyArchive archive, String tenant) {
        TenantFacts facts = new TenantFacts();
        tenants.put(tenant, facts);
        archive.<RuntimeException>read(
                tenant,
                EntityType.BLUEPRINTS,
                entity -> facts.blueprints.add(entity.item().required("id")));
        archive.<RuntimeException>read(
                tenant,
                EntityType.PLUGINS,
                entity -> facts.plugins.add(entity.item().required("id")));
        archive.<RuntimeException>read(tenant, EntityType.DEPLOYMENTS, entity -> {
            Item item = entity.item();
            facts.deployments.put(
                    item.required("id"), new DeploymentFact(item.text("blueprint_id"), item.text("display_name")));
        });
        archive.<RuntimeException>read(tenant, EntityType.NODE_INSTANCES, entity -> {
            Item item = entity.item();
            String node = item.text("node_id");
            if (node != null) {
                facts.nodeOfInstance.put(item.required("id"), node.intern());
            }
        });
        archive.<RuntimeException>read(
                tenant, EntityType.EXECUTIONS, entity -> execution(archive, facts, entity.item()));
        archive.<RuntimeException>read(tenant, EntityType.TASKS_GRAPHS, entity -> operations(facts, entity));
    }

    private void execution(CloudifyArchive archive, TenantFacts facts, Item item) {
        String id = item.required("id");
        facts.executions.add(id);
        Instant startedAt = item.instant("started_at");
        ExecutionFact fact = new ExecutionFact(
                id,
                item.text("workflow_id", ""),
                item.text("status", ""),
                startedAt == null ? item.instant("created_at") : startedAt);
        if (archive.executionId().filter(id::equals).isPresent()) {
            snapshotCreatedAt = item.instant("created_at");
        }
        String deploymentId = item.text("deployment_id");
        if (deploymentId != null) {
            keepLater(facts.latestExecution, deploymentId, fact);
            if (fact.workflowId().equals(CREATE_ENVIRONMENT)) {
                keepLater(facts.createExecution, deploymentId, fact);
            }
        }
        if (fact.workflowId().equals(UPLOAD_BLUEPRINT) && item.isObject("parameters")) {
            String blueprintId = item.object("parameters").text("blueprint_id");
            if (blueprintId != null) {
                keepLater(facts.upload, blueprintId, fact);
            }
        }
    }

    private static void keepLater(Map<String, ExecutionFact> facts, String key, ExecutionFact fact) {
        facts.merge(key, fact, (before, now) -> now.isAtLeastAsLateAs(before) ? now : before);
    }

    private static void operations(TenantFacts facts, Entity graph) {
        String executionId = graph.item().text("execution_id");
        if (executionId == null) {
            executionId = graph.sourceId();
        }
        if (executionId == null) {
            return;
        }
        int total = 0;
        int finished = 0;
        for (Item operation : graph.item().items("operations")) {
            if (!UNCOUNTED_OPERATION.equals(operation.text("type"))) {
                total++;
                finished += FINISHED_OPERATION_STATES.contains(operation.text("state", "")) ? 1 : 0;
            }
        }
        facts.operations.merge(
                executionId,
                new OperationCounts(total, finished),
                (one, other) -> new OperationCounts(one.total() + other.total(), one.finished() + other.finished()));
    }

    private void findOwners(CloudifyArchive archive, Findings findings) {
        Map<EntityType, Map<String, GlobalResource>> shared = new EnumMap<>(EntityType.class);
        for (EntityType type : SHARABLE) {
            Map<String, GlobalResource> byKey = new LinkedHashMap<>();
            for (String tenant : archive.tenants()) {
                archive.<RuntimeException>read(tenant, type, entity -> {
                    if (isShared(entity)) {
                        byKey.merge(key(entity), resource(entity, tenant), Survey::together);
                    }
                });
            }
            shared.put(type, byKey);
        }
        Map<GlobalResource, String> known = new LinkedHashMap<>();
        shared.forEach((type, byKey) ->
                byKey.forEach((key, resource) -> resource.known().ifPresent(ownership -> {
                    own(type, key, ownership);
                    known.put(resource, ownership.owner());
                })));
        shared.forEach((type, byKey) -> byKey.forEach((key, resource) -> {
            if (!owners.getOrDefault(type, Map.of()).containsKey(key)) {
                Ownership guess = resource.guessed(known);
                own(type, key, guess);
                findings.add("the archive does not say to which tenant the global " + resource.title()
                        + " belongs; it was given to " + guess.owner() + ", because " + guess.guess());
            }
        }));
    }

    private void own(EntityType type, String key, Ownership ownership) {
        owners.computeIfAbsent(type, any -> new HashMap<>()).put(key, ownership);
    }

    private GlobalResource resource(Entity entity, String tenant) {
        Item item = entity.item();
        Instant createdAt =
                entity.type() == EntityType.PLUGINS ? item.instant("uploaded_at") : item.instant("created_at");
        Map<String, Instant> uploads = new HashMap<>();
        if (entity.type() == EntityType.BLUEPRINTS) {
            ExecutionFact upload = tenant(tenant).upload.get(item.required("id"));
            if (upload != null && upload.since() != null) {
                uploads.put(tenant, upload.since());
            }
        }
        return new GlobalResource(
                entity.type().wireName() + " " + item.text(entity.type().key().get(0)),
                createdAt,
                entity.type() == EntityType.SECRETS ? item.text("creator") : item.text("created_by"),
                statedOwner(entity),
                List.of(tenant),
                uploads);
    }

    private static GlobalResource together(GlobalResource one, GlobalResource other) {
        List<String> carriers = new ArrayList<>(one.carriers());
        carriers.addAll(other.carriers());
        Map<String, Instant> uploads = new HashMap<>(one.uploads());
        uploads.putAll(other.uploads());
        return new GlobalResource(one.title(), one.createdAt(), one.createdBy(), one.stated(), carriers, uploads);
    }

    /** Whether the entity may be somebody else's than the tenant's in whose part it lies. */
    private static boolean isShared(Entity entity) {
        String stated = statedOwner(entity);
        return GLOBAL.equals(entity.item().text("visibility")) || stated != null && !stated.equals(entity.tenant());
    }

    private static @Nullable String statedOwner(Entity entity) {
        return entity.type() == EntityType.SECRETS ? entity.item().text("tenant_name") : null;
    }

    private static String key(Entity entity) {
        String stated = statedOwner(entity);
        String id = entity.item().required(entity.type().key().get(0));
        return stated == null ? id : stated + "/" + id;
    }
}
