package io.holdfast.inventory.deployments.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.DefaultSchedule;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.DeploymentPreparation;
import io.holdfast.inventory.language.InstanceSuffixes;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.language.PreparedDeployment;
import io.holdfast.inventory.language.RefusedDeployment;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a deployment of an uploaded blueprint: whole or not at all. What the request alone shows to be wrong is refused and leaves
 * nothing behind. What only the evaluation of the blueprint shows, or the making of its schedules and groups, leaves an empty
 * deployment, whose execution {@code create_deployment_environment} has failed and says why; creating it again takes its place. Source:
 * the Cloudify REST API v3.1.
 */
@ApplicationScoped
public class CreateDeployment {

    private static final Logger LOG = Logger.getLogger(CreateDeployment.class);

    /** What its execution is of. */
    public static final String WORKFLOW = "create_deployment_environment";

    private static final int LONGEST_NAME = 256;

    /** For a hundred thousand node instances on a slow machine. */
    private static final int LONGEST_ADDING_SECONDS = 300;

    /**
     * @param visibility null: the tenant, whatever the blueprint's is
     * @param displayName null: as the blueprint says, else the id
     * @param createdBy null: who asks; the same for {@code createdAt}: then
     */
    public record Request(
            String id,
            String blueprintId,
            Map<String, @Nullable Object> inputs,
            @Nullable Visibility visibility,
            @Nullable String siteName,
            @Nullable String displayName,
            boolean atRunTimeOnly,
            boolean skipPluginsValidation,
            List<Label> labels,
            @Nullable String createdBy,
            @Nullable Instant createdAt) {}

    private final DeploymentRecords records;
    private final DeploymentExecutions executions;
    private final DefaultGroups groups;
    private final ThingsSeen things;
    private final EvaluateFunctions evaluate;
    private final Clock clock;
    private final InstanceSuffixes suffixes = new InstanceSuffixes();

    CreateDeployment(
            DeploymentRecords records,
            DeploymentExecutions executions,
            DefaultGroups groups,
            ThingsSeen things,
            EvaluateFunctions evaluate,
            Clock clock) {
        this.records = records;
        this.executions = executions;
        this.groups = groups;
        this.things = things;
        this.evaluate = evaluate;
        this.clock = clock;
    }

    /**
     * A deployment that may be made, not yet stored.
     *
     * @param failure why the blueprint cannot become it: then it is left without all that a blueprint makes; null: it can
     */
    private record Checked(
            Request request,
            DeploymentRecords.New deployment,
            List<DefaultSchedule> schedules,
            @Nullable ManagerException failure) {}

    /**
     * @param waiting whether the caller waits for the end; else what the evaluation of the blueprint shows is told by the execution alone
     * @throws ManagerException with the existing API's codes and texts
     */
    public void create(Request request, boolean waiting, CallerIdentity caller) {
        QuarkusTransaction.requiringNew().run(() -> removeFailed(request.id(), caller));
        Checked checked = checked(request, caller);
        QuarkusTransaction.requiringNew().timeout(LONGEST_ADDING_SECONDS).run(() -> add(checked, caller));
        ManagerException failure = tell(checked, caller).failure();
        if (waiting && failure != null) {
            throw failure;
        }
    }

    /** One whose creation failed, and with which nothing was done since. */
    void removeFailed(String id, CallerIdentity caller) {
        records.find(id, caller)
                .filter(present -> present.tenant().equals(caller.tenant()))
                .filter(records::isFailed)
                .ifPresent(records::remove);
    }

    private void add(Checked checked, CallerIdentity caller) {
        DeploymentRecords.New deployment = checked.deployment();
        List<String> parents = Label.parents(deployment.labels());
        PreparedDeployment prepared = deployment.prepared();
        if (!parents.isEmpty()
                || !prepared.dependencies().isEmpty()
                || !prepared.dependencyFunctions().isEmpty()) {
            // What it depends on may have gone since it was looked for, and must not go now.
            records.holdDependencies(deployment.tenant());
            requireThere(parents, records, caller);
        }
        if (checked.failure() == null) {
            records.add(checked.deployment());
            evaluate.targets(deployment.id(), prepared.dependencyFunctions(), caller)
                    .forEach((creator, target) -> records.need(
                            deployment,
                            creator,
                            target,
                            Objects.requireNonNull(
                                            prepared.dependencyFunctions().get(creator))
                                    .function()));
        } else {
            records.addFailed(checked.deployment());
        }
    }

    /**
     * All of them or none; what the evaluation of the blueprint shows is told by the executions alone.
     *
     * @param also done after them in the same transaction
     * @return ids of the executions that show how they were made, in the same order; without those that could not be recorded
     * @throws ManagerException as {@link #create}, for the first that is refused
     */
    public List<String> createAll(List<Request> requests, CallerIdentity caller, Runnable also) {
        List<Checked> all =
                requests.stream().map(request -> checked(request, caller)).toList();
        QuarkusTransaction.requiringNew().timeout(LONGEST_ADDING_SECONDS).run(() -> {
            all.forEach(checked -> add(checked, caller));
            also.run();
        });
        return all.stream()
                .filter(one -> tell(one, caller).recorded())
                .map(one -> one.deployment().createExecutionId())
                .toList();
    }

    /** What a request refers to, once all of it is there and the deployment may be made of it. */
    record Basis(String tenant, Plan plan, Visibility visibility) {}

    /** @throws ManagerException as {@link #create} */
    Basis basis(Request request, CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "a deployment has a tenant");
        DeploymentRecords.BlueprintFacts blueprint = records.blueprint(request.blueprintId(), caller)
                .orElseThrow(() -> Refusals.notFound("Blueprint", request.blueprintId()));
        if (!"uploaded".equals(blueprint.state())) {
            throw new ManagerException(
                    ErrorCode.DEPLOYMENT_CREATION,
                    "Unable to create a deployment based on a blueprint which is not `uploaded` but: `"
                            + blueprint.state() + "`",
                    "wait until the blueprint is uploaded, or upload it again");
        }
        String site = request.siteName();
        Visibility siteVisibility = site == null
                ? Visibility.GLOBAL
                : records.siteVisibility(site, caller).orElseThrow(() -> Refusals.notFound("Site", site));
        if (!request.skipPluginsValidation()) {
            checkPlugins(blueprint.plan(), caller);
        }
        Visibility visibility = visibility(request, blueprint);
        records.requireFree(tenant, request.id(), visibility);
        if (site != null) {
            requireWide(site, siteVisibility, request.id(), visibility);
        }
        return new Basis(tenant, blueprint.plan(), visibility);
    }

    private Checked checked(Request request, CallerIdentity caller) {
        Basis basis = basis(request, caller);
        Plan plan = basis.plan();
        requireInputs(request, plan);
        Instant now = clock.instant();
        PreparedDeployment prepared;
        ManagerException failure = null;
        try {
            prepared = DeploymentPreparation.prepare(
                    plan,
                    request.inputs(),
                    request.atRunTimeOnly(),
                    new SeenByCaller(records, suffixes, caller),
                    things.by(caller));
        } catch (RefusedDeployment e) {
            prepared = PreparedDeployment.NONE;
            failure = failed(e.asReported(), e);
        } catch (ManagerException e) {
            prepared = PreparedDeployment.NONE;
            failure = failed(reported(e), e); // What an input's constraint names is not there, or cannot be evaluated.
        }
        List<DefaultSchedule> schedules = DefaultSchedule.of(prepared.defaultSchedules(), now);
        List<Label> labels = List.of();
        String displayName = request.id();
        if (failure == null) {
            try {
                labels = labels(request, prepared, caller);
                checkParents(request.id(), labels, plan, caller);
                displayName = displayName(request, prepared);
            } catch (ManagerException e) {
                prepared = PreparedDeployment.NONE;
                schedules = List.of();
                labels = List.of();
                failure = failed(reported(e), e);
            }
        }
        return new Checked(
                request,
                new DeploymentRecords.New(
                        basis.tenant(),
                        request.id(),
                        request.blueprintId(),
                        displayName,
                        basis.visibility(),
                        request.siteName(),
                        request.atRunTimeOnly(),
                        request.createdBy() == null ? caller.username() : request.createdBy(),
                        request.createdAt() == null ? now : request.createdAt(),
                        UUID.randomUUID().toString(),
                        labels,
                        prepared),
                schedules,
                failure);
    }

    private static ManagerException failed(String reason, ManagerException cause) {
        return new ManagerException(ErrorCode.DEPLOYMENT_CREATION, reason, cause.hint(), cause);
    }

    /**
     * As the error of the existing product's execution ends, whose worker sets labels by the API, and checks names and capabilities
     * itself.
     */
    private static String reported(ManagerException refusal) {
        return switch (refusal.code()) {
            case DEPLOYMENT_CREATION -> "ValueError: " + refusal.detail();
            case DEPLOYMENT_PARENT_NOT_FOUND ->
                "cloudify_rest_client.exceptions.DeploymentParentNotFound: 404: " + refusal.detail();
            case NONEXISTENT_WORKFLOW ->
                "cloudify_rest_client.exceptions.NonexistentWorkflowError: 400: " + refusal.detail();
            default ->
                "cloudify_rest_client.exceptions.CloudifyClientError: "
                        + refusal.code().httpStatus() + ": " + refusal.detail();
        };
    }

    /**
     * @param recorded whether there is an execution that shows it
     * @param failure why there is only an empty deployment now; null: it is made
     */
    private record Told(boolean recorded, @Nullable ManagerException failure) {}

    /** Does what is left to do once the deployment is there, and shows all of it as an execution. */
    private Told tell(Checked checked, CallerIdentity caller) {
        PreparedDeployment prepared = checked.deployment().prepared();
        String tenant = checked.deployment().tenant();
        String executionId = checked.deployment().createExecutionId();
        boolean told = started(checked.request(), checked.deployment(), caller);
        ManagerException failure = checked.failure();
        List<String> lines = new ArrayList<>();
        if (failure == null) {
            failure = settle(checked, lines, caller);
        }
        if (!told) {
            return new Told(false, failure);
        }
        if (failure == null) {
            lines.add("Creating " + prepared.nodes().size() + " nodes");
            lines.add("Creating " + prepared.instances().size() + " node-instances");
            lines.add("Creating deployment work directory");
        }
        executions.logged(tenant, executionId, lines);
        executions.ended(tenant, executionId, failure == null ? null : failure.detail());
        return new Told(true, failure);
    }

    /**
     * Schedules and groups that the blueprint gives its deployments. Where one of them is refused there are none, and the deployment is as
     * one whose blueprint could not become it: as in the existing product, whose execution fails.
     *
     * @param lines for the execution's log, which are added to
     */
    private @Nullable ManagerException settle(Checked checked, List<String> lines, CallerIdentity caller) {
        String tenant = checked.deployment().tenant();
        String id = checked.request().id();
        List<String> joined = checked.deployment().prepared().defaultGroups();
        lines.add("Setting deployment attributes");
        String part = "";
        try {
            for (DefaultSchedule schedule : checked.schedules()) {
                part = "the schedule `" + schedule.id() + "`";
                executions.schedule(id, schedule, caller);
                lines.add("Created " + part);
            }
            part = "the default groups " + String.join(", ", joined);
            groups.join(joined, id, caller);
            joined.forEach(group -> lines.add("Added to the deployment group `" + group + "`"));
        } catch (ManagerException e) {
            LOG.warnf("Deployment %s fails at %s of its blueprint: %s", id, part, e.detail());
            lines.add("Refused was " + part + " of the blueprint: " + e.detail());
            QuarkusTransaction.requiringNew().run(() -> records.empty(tenant, id));
            if (!checked.schedules().isEmpty()) {
                executions.forgetSchedules(tenant, id);
            }
            return new ManagerException(
                    ErrorCode.DEPLOYMENT_CREATION, reported(e), "change " + part + " of the blueprint", e);
        }
        return null;
    }

    private boolean started(Request request, DeploymentRecords.New deployment, CallerIdentity caller) {
        String tenant = deployment.tenant();
        String executionId = deployment.createExecutionId();
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("inputs", request.inputs());
        parameters.put("display_name", request.displayName());
        if (!request.labels().isEmpty()) {
            parameters.put(
                    "labels",
                    request.labels().stream().map(CreateDeployment::asParameter).toList());
        }
        try {
            executions.started(tenant, executionId, WORKFLOW, request.id(), caller.username(), parameters);
        } catch (ManagerException e) {
            // The deployment is there all the same; only its execution is not.
            LOG.warnf("Execution %s of deployment %s could not be recorded: %s", executionId, request.id(), e.detail());
            return false;
        }
        return true;
    }

    /** Source: the existing product, which says by whom and when of labels that are taken over, and elsewhere does not know. */
    private static Map<String, @Nullable Object> asParameter(Label label) {
        Map<String, @Nullable Object> parameter = new LinkedHashMap<>();
        parameter.put("key", label.key());
        parameter.put("value", label.value());
        parameter.put("created_at", null);
        parameter.put("created_by", null);
        return parameter;
    }

    private static Visibility visibility(Request request, DeploymentRecords.BlueprintFacts blueprint) {
        Visibility wanted = request.visibility();
        if (wanted == null) {
            return Visibility.TENANT;
        }
        if (wanted == Visibility.GLOBAL && blueprint.visibility() != Visibility.GLOBAL) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "Can't create global deployment " + request.id() + " because blueprint " + request.blueprintId()
                            + " is not global",
                    "widen the blueprint's visibility first");
        }
        return wanted;
    }

    /** Those that are required have values, and those with values are declared; the values are judged later. */
    private static void requireInputs(Request request, Plan plan) {
        Map<?, ?> declared = plan.data().get("inputs") instanceof Map<?, ?> inputs ? inputs : Map.of();
        List<String> missing = declared.entrySet().stream()
                .filter(input -> isRequired(input.getValue()))
                .map(input -> String.valueOf(input.getKey()))
                .filter(name -> !request.inputs().containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.MISSING_REQUIRED_DEPLOYMENT_INPUT,
                    "missing inputs: " + String.join(", ", missing),
                    "give these inputs a value");
        }
        List<String> unknown = request.inputs().keySet().stream()
                .filter(name -> !declared.containsKey(name))
                .toList();
        if (!unknown.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.UNKNOWN_DEPLOYMENT_INPUT,
                    "Cannot create deployment - unknown inputs: " + String.join(", ", unknown),
                    "leave these inputs out");
        }
    }

    /** Data types of the blueprint may have defaults for all that is in them, which only the evaluation knows. */
    private static boolean isRequired(@Nullable Object declaration) {
        if (!(declaration instanceof Map<?, ?> input)) {
            return true;
        }
        return input.get("default") == null
                && !Boolean.FALSE.equals(input.get("required"))
                && (!(input.get("type") instanceof String type) || DeploymentPreparation.isBuiltIn(type));
    }

    private void checkPlugins(Plan plan, CallerIdentity caller) {
        for (String key : List.of(
                "deployment_plugins_to_install", "workflow_plugins_to_install", "host_agent_plugins_to_install")) {
            if (!(plan.data().get(key) instanceof List<?> plugins)) {
                continue;
            }
            for (Object plugin : plugins) {
                if (plugin instanceof Map<?, ?> fields
                        && Boolean.TRUE.equals(fields.get("install"))
                        && fields.get("package_name") instanceof String name) {
                    String version = fields.get("package_version") instanceof String text ? text : null;
                    if (!records.hasPlugin(name, version, caller)) {
                        throw new ManagerException(
                                ErrorCode.DEPLOYMENT_PLUGIN_NOT_FOUND,
                                "Required plugin " + name + ", version " + (version == null ? "`any`" : version)
                                        + " is not installed on the manager",
                                "upload the plugin, or pass skip_plugins_validation");
                    }
                }
            }
        }
    }

    private static List<Label> labels(Request request, PreparedDeployment prepared, CallerIdentity caller) {
        Set<Label> labels = new LinkedHashSet<>(request.labels());
        labels.addAll(new BlueprintLabels(
                        Objects.requireNonNull(caller.tenant(), "a deployment has a tenant"),
                        request.id(),
                        request.blueprintId(),
                        request.displayName(),
                        caller.username())
                .of(prepared));
        return List.copyOf(labels);
    }

    private void checkParents(String id, List<Label> labels, Plan plan, CallerIdentity caller) {
        List<String> parents = Label.parents(labels);
        requireThere(parents.stream().filter(parent -> !parent.equals(id)).toList(), records, caller);
        if (parents.contains(id)) {
            throw ChangeDeployment.cyclic(List.of(id));
        }
        if (!(plan.requirements().get("parent_capabilities") instanceof List<?> needed) || needed.isEmpty()) {
            return;
        }
        if (parents.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.DEPLOYMENT_CREATION,
                    "Environment not found, but environment capabilities are required: " + joined(needed),
                    "give the deployment the label " + Label.PARENT);
        }
        DeploymentRecords.Offer offer = records.offer(parents.get(0), caller);
        List<?> missing = needed.stream()
                .filter(path -> !(path instanceof List<?> steps) || !leadsSomewhere(offer.capabilities(), steps))
                .toList();
        if (!missing.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.DEPLOYMENT_CREATION,
                    "Environment " + offer.displayName() + " (" + parents.get(0)
                            + ") does not have the required capabilities: " + joined(missing),
                    "use a parent that has them");
        }
    }

    /** @param path a capability's name, then keys and indexes in its value */
    private static boolean leadsSomewhere(Map<String, @Nullable Object> capabilities, List<?> path) {
        if (path.isEmpty() || !(capabilities.get(String.valueOf(path.get(0))) instanceof Map<?, ?> capability)) {
            return false;
        }
        Object value = capability.get("value");
        for (Object step : path.subList(1, path.size())) {
            if (value instanceof Map<?, ?> map && map.containsKey(step)) {
                value = map.get(step);
            } else if (value instanceof List<?> list
                    && step instanceof Number index
                    && index.intValue() >= -list.size()
                    && index.intValue() < list.size()) {
                value = list.get(Math.floorMod(index.intValue(), list.size()));
            } else {
                return false;
            }
        }
        return true;
    }

    /** @throws ManagerException {@code illegal_action_error} where some who see the deployment would not see its site */
    static void requireWide(String site, Visibility siteVisibility, String id, Visibility visibility) {
        if (visibility.isWiderThan(siteVisibility)) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "The visibility of deployment `" + id + "`: `" + visibility.wireName()
                            + "` can't be wider than the visibility of it's site `" + site + "`: `"
                            + siteVisibility.wireName() + "`",
                    "use a site that is as visible as the deployment");
        }
    }

    /** @throws ManagerException {@code deployment_parent_not_found_error} */
    public static void requireThere(List<String> parents, DeploymentRecords records, CallerIdentity caller) {
        List<String> missing = parents.stream()
                .filter(parent -> records.find(parent, caller).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.DEPLOYMENT_PARENT_NOT_FOUND,
                    "Deployment(s) referenced by `" + Label.PARENT + "` not found: " + String.join(",", missing),
                    "create the parent first");
        }
    }

    private static String joined(List<?> paths) {
        return String.join(
                ", ",
                paths.stream()
                        .map(path -> path instanceof List<?> steps
                                ? String.join(
                                        ".", steps.stream().map(String::valueOf).toList())
                                : String.valueOf(path))
                        .toList());
    }

    private static String displayName(Request request, PreparedDeployment prepared) {
        String given = request.displayName();
        if (given != null && !given.isBlank()) {
            return checkedName(given);
        }
        return prepared.displayName() instanceof String text && !text.isBlank() ? checkedName(text) : request.id();
    }

    /** @throws ManagerException {@code deployment_creation_error} for a name that is too long or has control characters */
    static String checkedName(String name) {
        if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw new ManagerException(
                    ErrorCode.DEPLOYMENT_CREATION,
                    "The deployment display name is too long. Maximum allowed length is " + LONGEST_NAME
                            + " characters",
                    null);
        }
        if (name.codePoints().anyMatch(Label::isControl)) {
            throw new ManagerException(
                    ErrorCode.DEPLOYMENT_CREATION,
                    "The deployment display name contains illegal characters. Control characters are not allowed",
                    null);
        }
        return Normalizer.normalize(name, Normalizer.Form.NFKC);
    }
}
