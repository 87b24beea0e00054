package io.holdfast.workflow.builtin;

import io.holdfast.workflow.builtin.Step.Run;
import io.holdfast.workflow.builtin.Step.Say;
import io.holdfast.workflow.builtin.Step.SetState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What happens to one node instance when it is installed, uninstalled or rolled back. Events are worded as the product words them. */
final class Lifecycle {

    static final String LIFECYCLE = "cloudify.interfaces.lifecycle.";
    static final String VALIDATION = "cloudify.interfaces.validation.";
    static final String ESTABLISH = "establish";
    static final String UNLINK = "unlink";

    private static final String RELATIONSHIP = "cloudify.interfaces.relationship_lifecycle.";
    private static final String MONITORING = "cloudify.interfaces.monitoring.";
    private static final String MONITORING_AGENT = "cloudify.interfaces.monitoring_agent.";
    private static final String AGENT = "cloudify.interfaces.cloudify_agent.";

    private static final Set<String> BEGUN =
            Set.of("started", "starting", "created", "creating", "configured", "configuring");
    private static final Set<String> CREATED = Set.of("started", "starting", "created", "configuring", "configured");
    private static final Set<String> CONFIGURED = Set.of("started", "starting", "configured");
    private static final String STARTED = "started";
    private static final String STARTING = "starting";
    private static final Set<String> STOPPED = Set.of("stopped", "deleting", "deleted", "uninitialized", "configured");
    private static final Set<String> MARKED_STOPPED = Set.of("stopped", "deleting", "deleted");
    private static final Set<String> GONE = Set.of("deleted", "uninitialized");
    private static final Set<String> HALF_MADE = Set.of("creating", "configuring");
    private static final String DELETED = "deleted";

    private static final Set<String> AGENT_STARTS_ITSELF = Set.of("plugin", "init_script");
    private static final Set<String> AGENT_BY_SCRIPT = Set.of("provided", "init_script", "plugin");

    private final Topology topology;
    private final Instance instance;
    private final String state;
    private final boolean failureIgnored;

    /** @param state the instance's at that moment */
    Lifecycle(Topology topology, Instance instance, String state, boolean failureIgnored) {
        this.topology = topology;
        this.instance = instance;
        this.state = state;
        this.failureIgnored = failureIgnored;
    }

    List<Step> install() {
        return Step.Part.of("install_" + instance.id(), installed());
    }

    private List<Step> installed() {
        List<Step> validate = BEGUN.contains(state)
                ? List.of()
                : around(
                        VALIDATION + "create",
                        "Validating node instance before creation",
                        "Node instance validated before creation");
        List<Step> precreate = BEGUN.contains(state)
                ? List.of()
                : around(LIFECYCLE + "precreate", "Precreating node instance", "Node instance precreated");
        List<Step> create = CREATED.contains(state)
                ? List.of()
                : around(
                        List.of(say("Creating node instance"), set("creating")),
                        run(LIFECYCLE + "create"),
                        List.of(say("Node instance created"), set("created")));
        List<Step> preconfigure = CONFIGURED.contains(state)
                ? List.of()
                : around(
                        List.of(say("Pre-configuring relationships")),
                        relations("preconfigure"),
                        List.of(say("Relationships pre-configured")));
        List<Step> configure = CONFIGURED.contains(state)
                ? List.of()
                : around(
                        List.of(set("configuring"), say("Configuring node instance")),
                        run(LIFECYCLE + "configure"),
                        List.of(set("configured"), say("Node instance configured")));
        boolean started = state.equals(STARTED);
        List<Step> postconfigure = started
                ? List.of()
                : around(
                        List.of(say("Post-configuring relationships")),
                        relations("postconfigure"),
                        List.of(say("Relationships post-configured")));
        List<Step> start = started
                ? List.of()
                : around(List.of(set(STARTING), say("Starting node instance")), run(LIFECYCLE + "start"), List.of());
        List<Step> host = started ? List.of() : hostStarted();
        List<Step> poststart = started
                ? List.of()
                : around(LIFECYCLE + "poststart", "Poststarting node instance", "Node instance poststarted");
        List<Step> monitoring = started ? List.of() : run(MONITORING + "start");
        List<Step> establish = started
                ? List.of()
                : around(
                        List.of(say("Establishing relationships")),
                        relations(ESTABLISH),
                        List.of(say("Relationships established")));

        boolean anything = instance.node().isHost() && !started
                || List.of(
                                validate,
                                precreate,
                                create,
                                preconfigure,
                                configure,
                                postconfigure,
                                start,
                                poststart,
                                monitoring,
                                establish)
                        .stream()
                        .anyMatch(part -> !part.isEmpty());
        if (!anything) {
            return List.of(set(STARTED), say("Node instance started (nothing to do)"));
        }
        List<Step> steps = new ArrayList<>();
        steps.add(set("initializing"));
        steps.addAll(or(validate, "Validating node instance before creation: nothing to do"));
        steps.addAll(or(precreate, "Precreating node instance: nothing to do"));
        steps.addAll(or(create, "Creating node instance: nothing to do"));
        steps.addAll(preconfigure);
        steps.addAll(or(configure, "Configuring node instance: nothing to do"));
        steps.addAll(postconfigure);
        steps.addAll(or(start, "Starting node instance: nothing to do"));
        steps.addAll(host);
        steps.addAll(or(poststart, "Poststarting node instance: nothing to do"));
        steps.addAll(monitoring);
        steps.addAll(establish);
        steps.add(set(STARTED));
        steps.add(say("Node instance started"));
        return steps;
    }

    List<Step> uninstall() {
        List<Step> steps = new ArrayList<>();
        if (STOPPED.contains(state)) {
            steps.add(say("Validating node instance after deletion: nothing to do"));
            steps.add(say("Stop: instance already " + state));
        } else {
            steps.addAll(stop());
        }
        if (!MARKED_STOPPED.contains(state)) {
            steps.add(set("stopped"));
        }
        if (GONE.contains(state)) {
            steps.add(say("Delete: instance already " + state));
        } else {
            steps.addAll(delete());
        }
        if (!state.equals(DELETED)) {
            steps.add(set(DELETED));
            steps.add(say("Deleted node instance"));
        }
        return part(steps);
    }

    /** Back to the last state in which nothing was under way. */
    List<Step> rollback() {
        List<Step> steps = new ArrayList<>();
        boolean starting = state.equals(STARTING);
        boolean halfMade = HALF_MADE.contains(state);
        if (starting) {
            steps.addAll(stop());
            steps.add(set("configured"));
        } else {
            steps.add(say("Validating node instance after deletion: nothing to do"));
            steps.add(say("Rollback Stop: nothing to do, instance state is " + state));
        }
        if (halfMade) {
            steps.addAll(delete());
            steps.add(set("uninitialized"));
        } else {
            steps.add(say("Rollback Delete: nothing to do, instance state is " + state));
        }
        if (starting || halfMade) {
            steps.add(say("Rollbacked node instance"));
        }
        return part(steps);
    }

    List<Step> heal() {
        List<Step> steps = new ArrayList<>(List.of(say("Healing node instance")));
        for (String operation : List.of("preheal", "heal", "postheal")) {
            steps.addAll(run(LIFECYCLE + operation));
        }
        steps.add(say("Node instance healed"));
        return Step.Part.of("heal_" + instance.id(), steps);
    }

    /** These, as what is done with this instance. */
    List<Step> part(List<Step> steps) {
        return Step.Part.of(instance.id(), steps);
    }

    /** The operations of a relationship: the source's are of this instance, the target's of the one it leads to. */
    List<Step> relation(Instance.Relation relation, String operation) {
        String name = RELATIONSHIP + operation;
        Instance target = Objects.requireNonNullElse(topology.instance(relation.target()), instance);
        List<Step> steps =
                new ArrayList<>(run(instance, name, relation.source().getOrDefault(name, Operation.NOTHING)));
        steps.addAll(run(target, name, relation.destination().getOrDefault(name, Operation.NOTHING)));
        return steps;
    }

    /** What this instance, which stays, does about those that come or go. */
    List<Step> stays(List<Instance.Relation> relations, String operation) {
        return Step.Part.of("stub_" + instance.id(), each(relations, operation));
    }

    List<Step> validateAgent() {
        List<Step> steps = new ArrayList<>(List.of(say("Validating agent connection.")));
        steps.addAll(run(AGENT + "validate_amqp"));
        steps.add(say("Validation done"));
        return steps;
    }

    /** Another agent for a host that runs, and what its old one did for those that are on it. */
    List<Step> replaceAgent() {
        List<Step> steps = new ArrayList<>(List.of(say("Installing new agent")));
        steps.addAll(run(AGENT + "create_amqp"));
        steps.add(say("New agent installed."));
        steps.addAll(run(AGENT + "validate_amqp"));
        steps.addAll(run(MONITORING_AGENT + "install"));
        steps.addAll(run(MONITORING_AGENT + "start"));
        for (String id : topology.contained(instance)) {
            Instance inside = Objects.requireNonNull(topology.instance(id));
            String start = MONITORING + "start";
            steps.addAll(run(inside, start, inside.node().operation(start)));
        }
        return steps;
    }

    List<Step> run(String name) {
        return run(instance, name, instance.node().operation(name));
    }

    private List<Step> stop() {
        List<Step> steps = new ArrayList<>(List.of(set("stopping"), say("Stopping node instance")));
        steps.addAll(or(
                around(
                        VALIDATION + "delete",
                        "Validating node instance before deletion",
                        "Node instance validated before deletion"),
                "Validating node instance after deletion: nothing to do"));
        steps.addAll(run(MONITORING + "stop"));
        steps.addAll(around(LIFECYCLE + "prestop", "Prestopping node instance", "Node instance prestopped"));
        steps.addAll(hostStops());
        steps.addAll(or(
                around(List.of(), run(LIFECYCLE + "stop"), List.of(say("Stopped node instance"))),
                "Stopped node instance: nothing to do"));
        return steps;
    }

    private List<Step> delete() {
        List<Step> steps = new ArrayList<>(around(
                List.of(say("Unlinking relationships")), relations(UNLINK), List.of(say("Relationships unlinked"))));
        steps.addAll(or(
                around(List.of(set("deleting"), say("Deleting node instance")), run(LIFECYCLE + "delete"), List.of()),
                "Deleting node instance: nothing to do"));
        steps.addAll(around(LIFECYCLE + "postdelete", "Postdeleting node instance", "Node instance postdeleted"));
        return steps;
    }

    private List<Step> hostStarted() {
        if (!instance.node().isHost()) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(run("cloudify.interfaces.host.get_state"));
        if (instance.node().hasAgent()) {
            steps.add(say("Creating agent"));
            steps.addAll(run(AGENT + "create"));
            steps.add(say("Agent created"));
            if (AGENT_STARTS_ITSELF.contains(instance.node().agentMethod())) {
                steps.add(say("Waiting for agent to start"));
                steps.addAll(run(AGENT + "start"));
                steps.add(say("Agent started"));
            }
        }
        steps.addAll(run(MONITORING_AGENT + "install"));
        steps.addAll(run(MONITORING_AGENT + "start"));
        return steps;
    }

    private List<Step> hostStops() {
        if (!instance.node().isHost()) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(run(MONITORING_AGENT + "stop"));
        steps.addAll(run(MONITORING_AGENT + "uninstall"));
        if (instance.node().hasAgent()) {
            steps.add(say("Stopping agent"));
            steps.addAll(run(AGENT + (AGENT_BY_SCRIPT.contains(instance.node().agentMethod()) ? "stop_amqp" : "stop")));
            steps.add(say("Deleting agent"));
            steps.addAll(run(AGENT + "delete"));
            steps.add(say("Agent deleted"));
        }
        return steps;
    }

    private List<Step> relations(String operation) {
        return Step.Part.of(RELATIONSHIP + operation + "_subgraph", each(instance.relations(), operation));
    }

    /** The last first where they are unlinked. */
    private List<Step> each(List<Instance.Relation> relations, String operation) {
        List<Instance.Relation> ordered = new ArrayList<>(relations);
        if (operation.equals(UNLINK)) {
            Collections.reverse(ordered);
        }
        return ordered.stream()
                .map(relation -> relation(relation, operation))
                .flatMap(List::stream)
                .toList();
    }

    private List<Step> around(String operation, String before, String after) {
        return around(List.of(say(before)), run(operation), List.of(say(after)));
    }

    /** Nothing where the operations do nothing: then nothing is said either. */
    private static List<Step> around(List<? extends Step> before, List<Step> operations, List<? extends Step> after) {
        if (operations.isEmpty()) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(before);
        steps.addAll(operations);
        steps.addAll(after);
        return steps;
    }

    private List<Step> or(List<Step> steps, String otherwise) {
        return steps.isEmpty() ? List.of(say(otherwise)) : steps;
    }

    private List<Step> run(Instance on, String name, Operation operation) {
        return operation.isNothing() ? List.of() : List.of(new Run(on, name, operation, failureIgnored));
    }

    private Say say(String message) {
        return new Say(instance, message);
    }

    private SetState set(String newState) {
        return new SetState(instance, newState);
    }
}
