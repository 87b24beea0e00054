package io.holdfast.workflow.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.workflow.builtin.Instance.Relation;
import io.holdfast.workflow.builtin.Update.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannedUpdatesTest {

    private static final String R = "cloudify.relationships.depends_on";
    private static final String ESTABLISH = "cloudify.interfaces.relationship_lifecycle.establish";
    private static final String UNLINK = "cloudify.interfaces.relationship_lifecycle.unlink";
    private static final Operation CALL = new Operation("p", "tasks.call");

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Instance> instances = new ArrayList<>();

    private void node(String id, String state, Map<String, Operation> operations, Relation... relations) {
        Node node = new Node(id, List.of("cloudify.nodes.Root"), operations, Node.NO_AGENT, 1);
        nodes.put(id, node);
        instances.add(new Instance(id + "_1", node, state, null, List.of(), List.of(relations), Map.of()));
    }

    private static Relation to(String node, boolean contained, Map<String, Operation> source) {
        return new Relation(node + "_1", contained, source, Map.of(), R);
    }

    private List<Step> plan(Update update, Map<String, ?> parameters) {
        return new Planner("d", new Topology(nodes.values(), instances, Map.of()), new Parameters(parameters), false)
                .updating(update);
    }

    private List<String> states(Update update, Map<String, ?> parameters) {
        return plan(update, parameters).stream()
                .filter(Step.SetState.class::isInstance)
                .map(Step.SetState.class::cast)
                .map(step -> step.of().id() + " " + step.state())
                .toList();
    }

    private List<String> calls(Update update, Map<String, ?> parameters) {
        return Planner.needed(plan(update, parameters)).stream()
                .map(run -> run.on().id() + " " + run.name())
                .toList();
    }

    private static Update update(Set<String> added, Set<String> removed, Set<String> changed) {
        return new Update("executing_workflow", added, removed, Map.of(), Map.of(), changed, null, 1, Map.of());
    }

    @Test
    void whatGoesIsUninstalledBeforeWhatComesIsInstalled() {
        // given
        node("old", "started", Map.of());
        node("new", "uninitialized", Map.of());
        Update update = update(Set.of("new_1"), Set.of("old_1"), Set.of());
        // then
        assertThat(states(update, Map.of()))
                .containsExactly("old_1 stopping", "old_1 stopped", "old_1 deleted", "new_1 started");
        assertThat(states(update, Map.of("install_first", true)))
                .containsExactly("new_1 started", "old_1 stopping", "old_1 stopped", "old_1 deleted");
        assertThat(states(update, Map.of("skip_install", true))).doesNotContain("new_1 started");
        assertThat(states(update, Map.of("skip_uninstall", true))).containsExactly("new_1 started");
    }

    @Test
    void whatChangedIsReinstalledWithWhatIsInsideOfIt() {
        // given
        node("host", "started", Map.of());
        node("app", "started", Map.of(), to("host", true, Map.of()));
        node("other", "started", Map.of());
        Update update = update(Set.of(), Set.of(), Set.of("host"));
        // then
        assertThat(states(update, Map.of()))
                .containsExactly(
                        "app_1 stopping",
                        "app_1 stopped",
                        "app_1 deleted",
                        "host_1 stopping",
                        "host_1 stopped",
                        "host_1 deleted",
                        "host_1 started",
                        "app_1 started");
        assertThat(states(update, Map.of("skip_reinstall", true))).isEmpty();
        assertThat(states(update, Map.of("skip_reinstall", true, "reinstall_list", List.of("other_1"))))
                .containsExactly("other_1 stopping", "other_1 stopped", "other_1 deleted", "other_1 started");
    }

    @Test
    void whatIsNotInstalledIsNotReinstalled() {
        // given
        node("app", "uninitialized", Map.of());
        // then
        assertThat(states(update(Set.of(), Set.of(), Set.of("app")), Map.of())).isEmpty();
    }

    @Test
    void relationshipsAreUnlinkedAndEstablishedOnce() {
        // given
        Map<String, Operation> source = Map.of(ESTABLISH, CALL, UNLINK, CALL);
        node("x", "started", Map.of());
        node("y", "started", Map.of());
        node("app", "started", Map.of(), to("x", false, source), to("y", false, source));
        Update update = new Update(
                "executing_workflow",
                Set.of(),
                Set.of(),
                Map.of("app_1", List.of(new Link(R, "y_1"))),
                Map.of("app_1", List.of(new Link(R, "x_1"))),
                Set.of("app"),
                null,
                2,
                Map.of());
        // then: the reinstallation of the node itself does neither
        assertThat(calls(update, Map.of())).containsExactly("app_1 " + UNLINK, "app_1 " + ESTABLISH);
        assertThat(calls(update, Map.of("skip_uninstall", true, "skip_install", true)))
                .isEmpty();
    }

    @Test
    void operationsThatTheUpdateCallsAreNeededUnlessTheyAreSkipped() {
        // given
        node("drifts", "started", Map.of("cloudify.interfaces.lifecycle.check_drift", CALL));
        node("updates", "started", Map.of("cloudify.interfaces.lifecycle.update", CALL));
        node("goes", "started", Map.of("cloudify.interfaces.lifecycle.stop", CALL));
        Update update = update(Set.of(), Set.of("goes_1"), Set.of("updates"));
        // then
        assertThat(calls(update, Map.of()))
                .containsExactly(
                        "goes_1 cloudify.interfaces.lifecycle.stop",
                        "drifts_1 cloudify.interfaces.lifecycle.check_drift",
                        "updates_1 cloudify.interfaces.lifecycle.update");
        assertThat(calls(update, Map.of("skip_drift_check", true, "ignore_failure", true, "force_reinstall", true)))
                .isEmpty();
    }

    @Test
    void whatTheManagerDoesNotDoIsRefused() {
        // given
        node("app", "started", Map.of());
        Update update = update(Set.of(), Set.of(), Set.of());
        // then
        assertThatThrownBy(() -> plan(update, Map.of("reinstall_list", List.of("nope"))))
                .isInstanceOf(WorkflowFailure.class)
                .hasMessage("reinstall_list names what is no node instance of deployment d: nope");
    }
}
