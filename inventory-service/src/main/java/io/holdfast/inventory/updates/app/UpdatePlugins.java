package io.holdfast.inventory.updates.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.app.BlueprintRecords;
import io.holdfast.inventory.blueprints.app.UploadBlueprint;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.language.Library;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.updates.PluginChoice;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Updates the plugins of a blueprint and of its deployments. A hidden copy of the blueprint gets the plan with the new plugins, the
 * workflow {@code update_plugin} brings the deployments over to the copy, and at the end the blueprint takes the copy's plan and gets its
 * deployments back. Source: {@code plugins-updates} of the existing API.
 */
@ApplicationScoped
public class UpdatePlugins {

    private static final String UPDATING = "updating";
    private static final String EXECUTING = "executing_workflow";
    private static final String FINALIZING = "finalizing";
    private static final String SUCCESSFUL = "successful";
    private static final String FAILED = "failed";
    private static final String NO_CHANGES = "no_changes_required";

    private static final List<String> ACTIVE = List.of(UPDATING, EXECUTING, FINALIZING);

    private static final List<String> ENDED_BADLY = List.of("failed", "cancelled");

    private static final List<String> CANCELLED =
            List.of("failed", "cancelled", "cancelling", "force_cancelling", "kill_cancelling");

    private static final List<String> PLUGIN_LISTS =
            List.of("deployment_plugins_to_install", "workflow_plugins_to_install", "host_agent_plugins_to_install");

    /** What makes it another plugin to whoever installs it. */
    private static final List<String> PLUGIN_FACTS = List.of(
            "package_name", "package_version", "source", "executor", "install", "install_arguments", "distribution");

    private static final DateTimeFormatter COPY_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS").withZone(ZoneOffset.UTC);

    /**
     * @param reevaluate updates that seem active are looked at first: those whose execution has ended are over
     * @param allTenants deployments in other tenants, too; of a global blueprint only
     */
    public record Request(
            PluginChoice choice, boolean force, boolean autoCorrectTypes, boolean reevaluate, boolean allTenants) {}

    /** An update as it was elsewhere. */
    public record CarriedOver(
            @Nullable String id,
            String state,
            @Nullable String executionId,
            @Nullable List<String> deployments,
            @Nullable Map<String, List<String>> deploymentsPerTenant,
            @Nullable String copyId,
            boolean forced,
            boolean allTenants,
            @Nullable String createdBy,
            @Nullable Instant createdAt) {}

    private final PluginsUpdateRecords records;
    private final BlueprintRecords blueprints;
    private final DeploymentRecords deployments;
    private final UploadBlueprint uploads;
    private final UpdateExecutions executions;
    private final Clock clock;

    UpdatePlugins(
            PluginsUpdateRecords records,
            BlueprintRecords blueprints,
            DeploymentRecords deployments,
            UploadBlueprint uploads,
            UpdateExecutions executions,
            Clock clock) {
        this.records = records;
        this.blueprints = blueprints;
        this.deployments = deployments;
        this.uploads = uploads;
        this.executions = executions;
        this.clock = clock;
    }

    /**
     * Begins an update.
     *
     * @return its id
     * @throws ManagerException conflict_error while another update of the blueprint is under way, invalid_blueprint_error where no
     *     uploaded plugin fits
     */
    public String initiate(String blueprintId, Request request, CallerIdentity caller) {
        BlueprintRecords.Stored blueprint = own(blueprintId, caller);
        String tenant = blueprint.tenant();
        if (request.reevaluate()) {
            reevaluate(tenant, blueprintId);
        }
        Plan before = deployments
                .blueprint(blueprintId, caller)
                .map(DeploymentRecords.BlueprintFacts::plan)
                .filter(plan -> !plan.data().isEmpty())
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.INVALID_BLUEPRINT,
                        "Blueprint `" + blueprintId + "` has no plan: it is in the state " + blueprint.state(),
                        "upload it first"));
        Map<String, String> ranges = request.choice().ranges(used(before));
        Plan after = uploads.parseAgain(blueprint, library -> within(library, ranges), caller);
        boolean changed = PLUGIN_LISTS.stream().anyMatch(list -> !same(plugins(before, list), plugins(after, list)));
        Instant now = clock.instant();
        String id = UUID.randomUUID().toString();
        String copy = changed ? "plugins-update-" + COPY_TIME.format(now) + "-" + blueprintId : null;
        Map<String, List<String>> affected =
                changed ? records.deployments(tenant, blueprintId, request.allTenants()) : Map.of();
        QuarkusTransaction.requiringNew().run(() -> {
            records.lock(tenant, blueprintId);
            requireNoneActive(tenant, blueprintId);
            records.add(new PluginsUpdateRecords.New(
                    tenant,
                    id,
                    blueprintId,
                    changed ? UPDATING : NO_CHANGES,
                    copy,
                    null,
                    request.force(),
                    request.allTenants(),
                    null,
                    changed ? affected : null,
                    blueprint.visibility().wireName(),
                    caller.username(),
                    now));
            if (copy != null) {
                records.copy(tenant, blueprintId, copy, after.data(), caller.username(), now);
            }
        });
        begin(tenant, id, copy, affected, request, caller);
        return id;
    }

    private void begin(
            String tenant,
            String id,
            @Nullable String copy,
            Map<String, List<String>> affected,
            Request request,
            CallerIdentity caller) {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("update_id", id);
        // What older managers fill in. The workflow of workers takes both, and fails where one is left out.
        parameters.put("deployments_to_update", null);
        parameters.put("deployments_per_tenant", copy == null ? null : affected);
        parameters.put("temp_blueprint_id", copy);
        parameters.put("force", request.force());
        parameters.put("auto_correct_types", request.autoCorrectTypes());
        parameters.put("reevaluate_active_statuses", request.reevaluate());
        try {
            String execution = executions.updatePlugins(tenant, parameters, copy == null, caller.username());
            QuarkusTransaction.requiringNew()
                    .run(() -> records.state(tenant, id, copy == null ? NO_CHANGES : EXECUTING, execution));
        } catch (ManagerException e) {
            QuarkusTransaction.requiringNew().run(() -> {
                records.remove(tenant, id);
                if (copy != null) {
                    records.removeBlueprint(tenant, copy);
                }
            });
            throw e;
        }
    }

    /**
     * Ends an update, after its execution brought the deployments over.
     *
     * @throws ManagerException plugins_update_failed, and the update is, where the execution did not go well or left deployments behind
     */
    public void finish(String id, CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "a plugins update has a tenant");
        PluginsUpdateRecords.Stored update = QuarkusTransaction.requiringNew()
                .call(() -> records.find(tenant, id))
                .orElseThrow(() -> Refusals.notFound("PluginsUpdate", id));
        requireExecuting(update);
        String execution = update.executionId();
        if (execution == null) {
            throw Refusals.notFound("Execution", "None");
        }
        String status = executions.status(tenant, execution);
        boolean ended = QuarkusTransaction.requiringNew().call(() -> {
            // Another request may have come first.
            requireExecuting(records.find(tenant, id).orElseThrow(() -> Refusals.notFound("PluginsUpdate", id)));
            boolean successful = end(tenant, update, !ENDED_BADLY.contains(status));
            records.state(tenant, id, successful ? SUCCESSFUL : FAILED, null);
            return successful;
        });
        if (!ended) {
            throw new ManagerException(
                    ErrorCode.PLUGINS_UPDATE_FAILED,
                    "The execution of plugins update " + id + " " + status + ".",
                    "its events tell why: execution " + execution);
        }
    }

    /**
     * False where the execution did not go well or deployments of the blueprint were not brought over: then the copy stays with those
     * that were, and goes where there are none.
     */
    private boolean end(String tenant, PluginsUpdateRecords.Stored update, boolean wentWell) {
        String blueprint = Objects.requireNonNull(update.blueprintId(), "an update has a blueprint");
        String copy = Objects.requireNonNull(update.copyId(), "an update that executes has a copy");
        Instant now = clock.instant();
        boolean successful = wentWell
                && records.deployments(tenant, blueprint, update.allTenants()).isEmpty();
        if (successful) {
            records.takePlan(tenant, blueprint, copy, now);
            records.move(tenant, copy, blueprint, update.allTenants(), now);
        }
        putAway(tenant, update);
        return successful;
    }

    private void putAway(String tenant, PluginsUpdateRecords.Stored update) {
        String copy = update.copyId();
        if (copy == null) {
            return;
        }
        if (records.deployments(tenant, copy, update.allTenants()).isEmpty()) {
            records.removeBlueprint(tenant, copy);
        } else {
            records.show(tenant, copy);
        }
    }

    private static void requireExecuting(PluginsUpdateRecords.Stored update) {
        if (!EXECUTING.equals(update.state())) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Cannot finalize plugins update " + update.id() + ", it's not in the " + EXECUTING + " state.",
                    "it is in the state " + update.state());
        }
    }

    /** Writes down an update that was carried out elsewhere. @return its id */
    @Transactional
    public String carryOver(String blueprintId, CarriedOver update, CallerIdentity caller) {
        BlueprintRecords.Stored blueprint = own(blueprintId, caller);
        String copy = update.copyId();
        String execution = update.executionId();
        if (execution != null && !executions.exists(blueprint.tenant(), execution)) {
            throw Refusals.notFound("Execution", execution);
        }
        if (copy != null && blueprints.find(copy, caller).isEmpty()) {
            throw Refusals.notFound("Blueprint", copy);
        }
        String id = update.id() == null ? UUID.randomUUID().toString() : update.id();
        boolean added = records.add(new PluginsUpdateRecords.New(
                blueprint.tenant(),
                id,
                blueprintId,
                update.state(),
                copy,
                execution,
                update.forced(),
                update.allTenants(),
                update.deployments() == null ? List.of() : update.deployments(),
                update.deploymentsPerTenant(),
                blueprint.visibility().wireName(),
                Objects.requireNonNullElse(update.createdBy(), caller.username()),
                Optional.ofNullable(update.createdAt()).orElseGet(clock::instant)));
        if (!added) {
            throw Refusals.taken("PluginsUpdate", id, blueprint.tenant());
        }
        return id;
    }

    private void reevaluate(String tenant, String blueprintId) {
        List<PluginsUpdateRecords.Stored> active =
                QuarkusTransaction.requiringNew().call(() -> records.of(tenant, blueprintId, ACTIVE));
        for (PluginsUpdateRecords.Stored update : active) {
            String execution = update.executionId();
            if (execution == null) {
                continue;
            }
            String status = executions.status(tenant, execution);
            String state = status.equals("terminated") ? SUCCESSFUL : CANCELLED.contains(status) ? FAILED : null;
            if (state != null) {
                QuarkusTransaction.requiringNew().run(() -> {
                    records.state(tenant, update.id(), state, null);
                    if (ENDED_BADLY.contains(status)) {
                        putAway(tenant, update);
                    }
                });
            }
        }
    }

    private void requireNoneActive(String tenant, String blueprintId) {
        List<String> active = records.of(tenant, blueprintId, ACTIVE).stream()
                .map(PluginsUpdateRecords.Stored::id)
                .toList();
        if (!active.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "There are plugins updates still active, update IDs: " + String.join(", ", active),
                    "wait for them, or pass reevaluate_active_statuses if their executions have ended");
        }
    }

    private BlueprintRecords.Stored own(String id, CallerIdentity caller) {
        BlueprintRecords.Stored blueprint =
                blueprints.find(id, caller).orElseThrow(() -> Refusals.notFound("Blueprint", id));
        Refusals.requireOwn(id, blueprint.tenant(), caller.tenant());
        return blueprint;
    }

    private static Library within(Library library, Map<String, String> ranges) {
        return new Library() {
            @Override
            public Optional<PluginFile> plugin(String packageName, Map<String, String> query, String language) {
                String range = ranges.get(packageName);
                if (range == null) {
                    return library.plugin(packageName, query, language);
                }
                Map<String, String> narrowed = new LinkedHashMap<>(query);
                narrowed.put("version", range);
                return library.plugin(packageName, narrowed, language);
            }

            @Override
            public Optional<OtherBlueprint> blueprint(String id) {
                return library.blueprint(id);
            }
        };
    }

    private static List<PluginChoice.Used> used(Plan plan) {
        List<PluginChoice.Used> used = new ArrayList<>();
        for (String list : PLUGIN_LISTS) {
            for (Map<?, ?> plugin : plugins(plan, list)) {
                if (plugin.get("package_name") instanceof String name
                        && plugin.get("package_version") instanceof String version) {
                    used.add(new PluginChoice.Used(name, version));
                }
            }
        }
        return used;
    }

    private static List<Map<?, ?>> plugins(Plan plan, String list) {
        List<Map<?, ?>> plugins = new ArrayList<>();
        if (plan.data().get(list) instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> plugin) {
                    plugins.add(plugin);
                }
            }
        }
        return plugins;
    }

    /** Whether each of the new ones was there before; one that is not needed any more is no change. */
    private static boolean same(List<Map<?, ?>> before, List<Map<?, ?>> after) {
        return after.stream()
                .allMatch(plugin -> before.stream()
                        .anyMatch(old -> Objects.equals(old.get("name"), plugin.get("name")) && same(old, plugin)));
    }

    private static boolean same(Map<?, ?> one, Map<?, ?> other) {
        return PLUGIN_FACTS.stream().allMatch(fact -> Objects.equals(one.get(fact), other.get(fact)));
    }
}
