package io.holdfast.workflow.builtin;

import io.holdfast.contracts.language.PythonText;
import io.holdfast.workflow.builtin.Step.Log;
import io.holdfast.workflow.builtin.Step.Run;
import io.holdfast.workflow.builtin.Step.Say;
import io.holdfast.workflow.builtin.Step.SetState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Works out all steps of a workflow before the first of them is taken, so that what cannot be done to the end is not begun. Later parts of a
 * workflow see the states that the earlier ones will have set. For one workflow.
 */
public final class Planner {

    private static final String BY_ORDER = "run_by_dependency_order";
    private static final String IGNORE_FAILURE = "ignore_failure";
    private static final String CHECK_STATUS = Lifecycle.VALIDATION + "check_status";
    private static final String CHECK_DRIFT = Lifecycle.LIFECYCLE + "check_drift";

    private final String deploymentId;
    private final Topology topology;
    private final Parameters parameters;
    private final boolean resumed;
    private final List<Instance> ordered;
    private final Map<String, String> states = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();

    /** @param resumed whether an earlier attempt may have done a part of it, which is not done and said again */
    public Planner(String deploymentId, Topology topology, Parameters parameters, boolean resumed) {
        this.deploymentId = deploymentId;
        this.topology = topology;
        this.parameters = parameters;
        this.resumed = resumed;
        this.ordered = topology.inOrder();
        topology.instances().forEach(instance -> states.put(instance.id(), instance.state()));
    }

    /**
     * The steps in the order in which they are taken.
     *
     * @throws WorkflowFailure for parameters that make no sense, and what the workflow itself refuses
     */
    public List<Step> plan(BuiltInWorkflow workflow) {
        switch (workflow) {
            case INSTALL -> install(chosen());
            case UNINSTALL -> uninstall(chosen(), parameters.flag(IGNORE_FAILURE, false));
            case REINSTALL -> {
                uninstall(chosen(), parameters.flag(IGNORE_FAILURE, false));
                install(chosen());
            }
            case START -> operation(Lifecycle.LIFECYCLE + "start", "operation_parms", true);
            case STOP -> operation(Lifecycle.LIFECYCLE + "stop", "operation_parms", true);
            case RESTART -> {
                operation(Lifecycle.LIFECYCLE + "stop", "stop_parms", true);
                operation(Lifecycle.LIFECYCLE + "start", "start_parms", true);
            }
            case PULL -> operation(Lifecycle.LIFECYCLE + "pull", "operation_parms", true);
            case EXECUTE_OPERATION -> {
                String operation = parameters.text("operation");
                if (operation == null) {
                    throw new WorkflowFailure("The operation parameter must name an operation. Got nothing");
                }
                operation(operation, "operation_kwargs", false);
            }
            case CHECK_STATUS -> check(chosen());
            case CHECK_DRIFT -> checkDrift();
            case HEAL -> heal();
            case ROLLBACK -> rollback();
            case INSTALL_NEW_AGENTS -> agents(parameters.flag("validate", true), parameters.flag("install", true));
            case VALIDATE_AGENTS -> agents(true, false);
            case SCALE, UPDATE, UPDATE_DEPLOYMENT ->
                throw new IllegalArgumentException(workflow + " changes the instances before they are planned");
        }
        return List.copyOf(steps);
    }

    /** The steps that install these, and what others have to do about it. */
    public List<Step> installing(Set<String> instances) {
        install(instances);
        return List.copyOf(steps);
    }

    /** The steps that uninstall these, and what others have to do about it. */
    public List<Step> uninstalling(Set<String> instances, boolean ignoreFailure) {
        uninstall(instances, ignoreFailure);
        return List.copyOf(steps);
    }

    /**
     * The steps that make of a deployment what a prepared update is to make of it.
     *
     * @throws WorkflowFailure for what the manager does not do in an update
     */
    public List<Step> updating(Update update) {
        List<String> unknown = parameters.texts("reinstall_list").stream()
                .filter(id -> !states.containsKey(id))
                .toList();
        if (!unknown.isEmpty()) {
            throw new WorkflowFailure("reinstall_list names what is no node instance of deployment " + deploymentId
                    + ": " + String.join(", ", unknown));
        }
        boolean installFirst = parameters.flag("install_first", false);
        if (installFirst) {
            installNew(update);
        }
        uninstallOld(update);
        renew(update);
        if (!installFirst) {
            installNew(update);
        }
        return List.copyOf(steps);
    }

    private void installNew(Update update) {
        if (parameters.flag("skip_install", false)) {
            return;
        }
        if (!update.added().isEmpty()) {
            within(topology.without(update::reduces)).installing(update.added()).forEach(this::add);
        }
        for (Instance instance : ordered) {
            instance.relations().stream()
                    .filter(relation -> update.lengthens(instance, relation)
                            && !update.added().contains(relation.target()))
                    .forEach(relation -> add(lifecycle(instance, false).stays(List.of(relation), Lifecycle.ESTABLISH)));
        }
    }

    private void uninstallOld(Update update) {
        if (parameters.flag("skip_uninstall", false)) {
            return;
        }
        for (Instance instance : ordered) {
            instance.relations().stream()
                    .filter(relation -> update.reduces(instance, relation))
                    .forEach(relation -> add(lifecycle(instance, false).stays(List.of(relation), Lifecycle.UNLINK)));
        }
        if (!update.removed().isEmpty()) {
            within(topology.without(update::reduces))
                    .uninstalling(update.removed(), parameters.flag(IGNORE_FAILURE, false))
                    .forEach(this::add);
        }
    }

    /** Updates or reinstalls the instances that stay and have changed. Those that are not installed need nothing. */
    private void renew(Update update) {
        Set<String> considered = topology.instances().stream()
                .filter(instance -> instance.state().equals("started"))
                .map(Instance::id)
                .filter(id -> !update.added().contains(id) && !update.removed().contains(id))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> asked = new LinkedHashSet<>(parameters.texts("reinstall_list"));
        asked.retainAll(considered);
        if (!parameters.flag("skip_drift_check", false)) {
            for (Instance instance : ordered) {
                if (considered.contains(instance.id()) && !asked.contains(instance.id())) {
                    Lifecycle lifecycle = lifecycle(instance, false);
                    add(lifecycle.run(CHECK_DRIFT));
                    instance.relations().forEach(relation -> add(lifecycle.relation(relation, "check_drift")));
                }
            }
        }
        Set<String> reinstalled = new LinkedHashSet<>(asked);
        List<Step> updates = new ArrayList<>();
        for (Instance instance : ordered) {
            boolean changed = considered.contains(instance.id())
                    && !asked.contains(instance.id())
                    && update.changedNodes().contains(instance.node().id());
            List<Step> own = changed ? updateOf(instance) : List.of();
            if (changed && (own.isEmpty() || parameters.flag("force_reinstall", false))) {
                reinstalled.addAll(topology.contained(instance));
            } else {
                updates.addAll(own);
            }
        }
        add(updates.stream()
                .filter(step -> !(step instanceof Run run)
                        || !reinstalled.contains(run.on().id()))
                .toList());
        if (parameters.flag("skip_reinstall", false)) {
            reinstalled.retainAll(asked);
        }
        reinstalled.retainAll(considered);
        if (!reinstalled.isEmpty()) {
            Planner withWhatStays = within(topology.without(update::changes));
            withWhatStays.reinstall(reinstalled, parameters.flag(IGNORE_FAILURE, false));
            withWhatStays.steps.forEach(this::add);
        }
    }

    private List<Step> updateOf(Instance instance) {
        Lifecycle lifecycle = lifecycle(instance, false);
        List<Step> all = new ArrayList<>();
        for (String operation : List.of("preupdate", "update", "postupdate", "update_config", "update_apply")) {
            all.addAll(lifecycle.run(Lifecycle.LIFECYCLE + operation));
        }
        return all;
    }

    /** One that goes on where this one is, and sees other relationships. */
    private Planner within(Topology other) {
        Planner planner = new Planner(deploymentId, other, parameters, resumed);
        planner.states.putAll(states);
        return planner;
    }

    private void add(Step step) {
        add(List.of(step));
    }

    private void install(Set<String> chosen) {
        for (Instance instance : ordered) {
            if (chosen.contains(instance.id())) {
                if (!isDone(instance, "started")) {
                    add(lifecycle(instance, false).install());
                }
            } else {
                others(instance, chosen, Lifecycle.ESTABLISH, false);
            }
        }
    }

    private void uninstall(Set<String> chosen, boolean ignoreFailure) {
        List<Instance> reversed = new ArrayList<>(ordered);
        Collections.reverse(reversed);
        for (Instance instance : reversed) {
            if (chosen.contains(instance.id())) {
                if (!isDone(instance, "deleted")) {
                    add(lifecycle(instance, ignoreFailure).uninstall());
                }
            } else {
                others(instance, chosen, Lifecycle.UNLINK, true);
            }
        }
    }

    /** By an earlier attempt. */
    private boolean isDone(Instance instance, String end) {
        return resumed && end.equals(states.get(instance.id()));
    }

    /** What an instance that stays has to do about those of its targets that come or go. */
    private void others(Instance stays, Set<String> chosen, String operation, boolean ignoreFailure) {
        List<Instance.Relation> concerned = stays.relations().stream()
                .filter(relation -> chosen.contains(relation.target()))
                .toList();
        add(lifecycle(stays, ignoreFailure).stays(concerned, operation));
    }

    private void operation(String name, String arguments, boolean byOrder) {
        Map<?, ?> given = parameters.object(arguments);
        String starting = "Starting operation " + name
                + (given.isEmpty() ? "" : " (Operation parameters: " + PythonText.repr(given) + ")");
        for (Instance instance : order(byOrder)) {
            Lifecycle lifecycle = lifecycle(instance, false);
            List<Step> run = lifecycle.run(name);
            if (!run.isEmpty()) {
                List<Step> all = new ArrayList<>(List.of(new Say(instance, starting)));
                all.addAll(run);
                all.add(new Say(instance, "Finished operation " + name));
                add(lifecycle.part(all));
            }
        }
    }

    /** What a check finds is kept and decides what follows: one that cannot be made is not passed over. */
    private void check(Set<String> instances) {
        for (Instance instance : order(false)) {
            if (instances.contains(instance.id())) {
                add(lifecycle(instance, false).run(CHECK_STATUS));
            }
        }
    }

    private void checkDrift() {
        for (Instance instance : order(true)) {
            Lifecycle lifecycle = lifecycle(instance, false);
            add(lifecycle.run(CHECK_DRIFT));
            instance.relations().forEach(relation -> add(lifecycle.relation(relation, "check_drift")));
        }
    }

    private void heal() {
        String failing = parameters.text("node_instance_id");
        String diagnosis = Objects.requireNonNullElse(parameters.text("diagnose_value"), "Not provided");
        Set<String> concerned = new LinkedHashSet<>();
        if (failing == null) {
            steps.add(new Log(
                    "info", "Starting 'heal' workflow for '" + deploymentId + "' deployment, Diagnosis: " + diagnosis));
            topology.instances().forEach(instance -> concerned.addAll(topology.onHostOf(instance)));
        } else {
            steps.add(new Log("info", "Starting 'heal' workflow on " + failing + ", Diagnosis: " + diagnosis));
            Instance found = topology.instance(failing);
            if (found == null) {
                throw new WorkflowFailure("No node instance with id `" + failing + "` was found");
            }
            concerned.addAll(topology.onHostOf(found));
        }
        boolean ignoreFailure = parameters.flag(IGNORE_FAILURE, true);
        if (parameters.flag("force_reinstall", false)) {
            reinstall(concerned, ignoreFailure);
            return;
        }
        if (parameters.flag("check_status", true)) {
            check(concerned);
        }
        Set<String> reinstalled = new LinkedHashSet<>();
        Set<Instance> healed = new LinkedHashSet<>();
        for (Instance instance : ordered) {
            if (!concerned.contains(instance.id()) || isHealthy(instance, failing != null)) {
                continue;
            }
            if (instance.node().operation(Lifecycle.LIFECYCLE + "heal").isNothing()) {
                reinstalled.addAll(topology.contained(instance));
            } else {
                healed.add(instance);
            }
        }
        healed.removeIf(instance -> reinstalled.contains(instance.id()));
        if (!reinstalled.isEmpty() && !parameters.flag("allow_reinstall", true)) {
            throw new WorkflowFailure(
                    "allow_reinstall is false, but would need to reinstall instances: " + some(reinstalled));
        }
        healed.forEach(instance -> add(lifecycle(instance, false).heal()));
        if (!reinstalled.isEmpty()) {
            reinstall(reinstalled, ignoreFailure);
        }
    }

    private void reinstall(Set<String> instances, boolean ignoreFailure) {
        uninstall(instances, ignoreFailure);
        install(instances);
    }

    /**
     * By its last status check. One that has none is healthy where all of the deployment is asked for, and is not where it is named: who
     * names it has a reason.
     */
    private static boolean isHealthy(Instance instance, boolean mustBeProved) {
        boolean proved = false;
        boolean passed = false;
        if (instance.systemProperties().get("status") instanceof Map<?, ?> status) {
            proved = status.get("task") != null;
            passed = Boolean.TRUE.equals(status.get("ok"));
        }
        return passed || !proved && !mustBeProved;
    }

    private static String some(Set<String> ids) {
        String first = ids.stream().limit(5).collect(Collectors.joining(", "));
        return ids.size() > 5 ? first + " (and " + (ids.size() - 5) + " more)" : first;
    }

    private void rollback() {
        Set<String> half = chosen().stream()
                .filter(id -> Set.of("creating", "configuring", "starting").contains(states.get(id)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<Instance> reversed = new ArrayList<>(ordered);
        Collections.reverse(reversed);
        for (Instance instance : reversed) {
            if (half.contains(instance.id())) {
                add(lifecycle(instance, true).rollback());
            } else {
                others(instance, half, Lifecycle.UNLINK, true);
            }
        }
        if (parameters.flag("full_rollback", false)) {
            uninstall(states.keySet(), false);
        }
    }

    private void agents(boolean validate, boolean install) {
        List<Instance> hosts = hosts();
        for (Instance host : hosts) {
            String state = states.get(host.id());
            if (!"started".equals(state)) {
                throw new WorkflowFailure("Node " + host.id() + " is not started (state: " + state + ")");
            }
        }
        if (validate) {
            add(Step.Part.of("validate", ofEach(hosts, Lifecycle::validateAgent)));
        }
        if (install) {
            add(Step.Part.of("install", ofEach(hosts, Lifecycle::replaceAgent)));
        }
    }

    private List<Step> ofEach(List<Instance> hosts, Function<Lifecycle, List<Step>> steps) {
        return hosts.stream()
                .map(host -> steps.apply(lifecycle(host, false)))
                .flatMap(List::stream)
                .toList();
    }

    /** Those that are named, which have to be hosts with an agent; else all whose agent was installed by one of the methods. */
    private List<Instance> hosts() {
        Set<String> chosen = chosen();
        if (parameters.texts("node_ids").isEmpty()
                && parameters.texts("node_instance_ids").isEmpty()) {
            List<String> methods = parameters.texts("install_methods");
            return ordered.stream()
                    .filter(instance -> instance.node().hasAgent())
                    .filter(instance -> !parameters.isGiven("install_methods")
                            || methods.contains(instance.node().agentMethod()))
                    .toList();
        }
        List<Instance> named = ordered.stream()
                .filter(instance -> chosen.contains(instance.id()))
                .toList();
        List<String> wrong = named.stream()
                .filter(instance -> !instance.node().hasAgent())
                .map(instance -> instance.node().isHost()
                        ? "Agent should not be installed on node instance " + instance.id()
                        : "Node instance " + instance.id() + " is not host.")
                .toList();
        if (!wrong.isEmpty()) {
            throw new WorkflowFailure("Specified filters are not correct:\n" + String.join("\n", wrong));
        }
        return named;
    }

    /** Ids of the instances that the parameters name; of all where they name none. */
    private Set<String> chosen() {
        List<String> nodes = parameters.texts("node_ids");
        List<String> instances = parameters.texts("node_instance_ids");
        List<String> types = parameters.texts("type_names");
        return topology.instances().stream()
                .filter(instance ->
                        nodes.isEmpty() || nodes.contains(instance.node().id()))
                .filter(instance -> instances.isEmpty() || instances.contains(instance.id()))
                .filter(instance -> types.isEmpty()
                        || types.stream().anyMatch(instance.node().types()::contains))
                .map(Instance::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<Instance> order(boolean otherwise) {
        Set<String> chosen = chosen();
        List<Instance> all = parameters.flag(BY_ORDER, otherwise) ? ordered : List.copyOf(topology.instances());
        return all.stream().filter(instance -> chosen.contains(instance.id())).toList();
    }

    private Lifecycle lifecycle(Instance instance, boolean failureIgnored) {
        return new Lifecycle(topology, instance, states.getOrDefault(instance.id(), instance.state()), failureIgnored);
    }

    private void add(List<Step> more) {
        steps.addAll(more);
        for (Step step : more) {
            if (step instanceof SetState set) {
                states.put(set.of().id(), set.state());
            }
        }
    }

    /** Operations of the steps that have something to do, and whose failure would be the workflow's. */
    public static List<Run> needed(List<Step> steps) {
        return steps.stream()
                .filter(Run.class::isInstance)
                .map(Run.class::cast)
                .filter(run -> !run.failureIgnored())
                .toList();
    }
}
