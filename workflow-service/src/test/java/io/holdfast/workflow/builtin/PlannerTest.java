package io.holdfast.workflow.builtin;

import static io.holdfast.workflow.builtin.Blueprints.LIFECYCLE;
import static io.holdfast.workflow.builtin.Blueprints.RELATIONSHIP;
import static io.holdfast.workflow.builtin.Blueprints.inside;
import static io.holdfast.workflow.builtin.Blueprints.operation;
import static io.holdfast.workflow.builtin.Blueprints.to;
import static io.holdfast.workflow.builtin.Blueprints.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.workflow.builtin.Instance.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expected lines are those of the product's workflows for the same blueprints. */
class PlannerTest {

    @Test
    void installingBeginsWithWhatOthersNeed() {
        Blueprints blueprint = new Blueprints()
                .node("web", "uninitialized", Map.of(), List.of(to("net")))
                .node("net", "uninitialized");
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL))
                .containsExactly(
                        "install_net_1 begins",
                        "net_1 = started",
                        "net_1: Node instance started (nothing to do)",
                        "install_net_1 ended",
                        "install_web_1 begins",
                        "web_1 = started",
                        "web_1: Node instance started (nothing to do)",
                        "install_web_1 ended");
    }

    @Test
    void anInstanceWithOneOperationGoesThroughAllStates() {
        Blueprints blueprint =
                new Blueprints().node("web", "uninitialized", operation(LIFECYCLE + "create"), List.of());
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL))
                .containsExactly(
                        "install_web_1 begins",
                        "web_1 = initializing",
                        "web_1: Validating node instance before creation: nothing to do",
                        "web_1: Precreating node instance: nothing to do",
                        "web_1: Creating node instance",
                        "web_1 = creating",
                        "web_1 runs cloudify.interfaces.lifecycle.create",
                        "web_1: Node instance created",
                        "web_1 = created",
                        "web_1: Configuring node instance: nothing to do",
                        "web_1: Starting node instance: nothing to do",
                        "web_1: Poststarting node instance: nothing to do",
                        "web_1 = started",
                        "web_1: Node instance started",
                        "install_web_1 ended");
    }

    @Test
    void whatWasCreatedIsNotCreatedAgain() {
        Blueprints blueprint = new Blueprints().node("web", "created", operation(LIFECYCLE + "create"), List.of());
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL))
                .containsExactly(
                        "install_web_1 begins",
                        "web_1 = started",
                        "web_1: Node instance started (nothing to do)",
                        "install_web_1 ended");
    }

    @Test
    void uninstallingBeginsWithWhatNobodyNeeds() {
        Blueprints blueprint =
                new Blueprints().node("net", "started").node("web", "started", Map.of(), List.of(to("net")));
        assertThat(plan(blueprint, BuiltInWorkflow.UNINSTALL))
                .containsExactly(
                        "web_1 begins",
                        "web_1 = stopping",
                        "web_1: Stopping node instance",
                        "web_1: Validating node instance after deletion: nothing to do",
                        "web_1: Stopped node instance: nothing to do",
                        "web_1 = stopped",
                        "web_1: Deleting node instance: nothing to do",
                        "web_1 = deleted",
                        "web_1: Deleted node instance",
                        "web_1 ended",
                        "net_1 begins",
                        "net_1 = stopping",
                        "net_1: Stopping node instance",
                        "net_1: Validating node instance after deletion: nothing to do",
                        "net_1: Stopped node instance: nothing to do",
                        "net_1 = stopped",
                        "net_1: Deleting node instance: nothing to do",
                        "net_1 = deleted",
                        "net_1: Deleted node instance",
                        "net_1 ended");
    }

    @Test
    void whatIsGoneIsNotUninstalledAgain() {
        assertThat(plan(new Blueprints().node("net", "deleted"), BuiltInWorkflow.UNINSTALL))
                .containsExactly(
                        "net_1 begins",
                        "net_1: Validating node instance after deletion: nothing to do",
                        "net_1: Stop: instance already deleted",
                        "net_1: Delete: instance already deleted",
                        "net_1 ended");
    }

    @Test
    void failuresAreIgnoredWhereTheUserSaysSo() {
        Blueprints blueprint = new Blueprints().node("web", "started", operation(LIFECYCLE + "delete"), List.of());
        List<Step> strict = steps(blueprint, BuiltInWorkflow.UNINSTALL, Map.of());
        List<Step> lenient = steps(blueprint, BuiltInWorkflow.UNINSTALL, Map.of("ignore_failure", "true"));
        assertThat(Planner.needed(strict)).hasSize(1);
        assertThat(Planner.needed(lenient)).isEmpty();
        assertThat(told(lenient)).contains("web_1 runs cloudify.interfaces.lifecycle.delete or not", "web_1 = deleted");
    }

    @Test
    void onlyTheChosenInstancesAreInstalled() {
        Blueprints blueprint = new Blueprints()
                .host("vm", "uninitialized", Node.NO_AGENT, Map.of())
                .node("net", "uninitialized");
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL, Map.of("node_ids", List.of("net"))))
                .containsExactly(
                        "install_net_1 begins",
                        "net_1 = started",
                        "net_1: Node instance started (nothing to do)",
                        "install_net_1 ended");
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL, Map.of("node_instance_ids", "net_1")))
                .allMatch(line -> line.contains("net_1"));
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL, Map.of("type_names", List.of("cloudify.nodes.Compute"))))
                .allMatch(line -> line.contains("vm_1"))
                .contains("vm_1: Node instance started");
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL, Map.of("node_ids", List.of("nobody"))))
                .isEmpty();
    }

    @Test
    void whoStaysIsLinkedToWhatComesAndUnlinkedFromWhatGoes() {
        Map<String, Operation> links = Map.of(
                RELATIONSHIP + "establish", new Operation("mine", "tasks.establish"),
                RELATIONSHIP + "unlink", new Operation("mine", "tasks.unlink"));
        Blueprints blueprint = new Blueprints()
                .node("net", "uninitialized")
                .node("web", "started", Map.of(), List.of(new Relation("net_1", false, links, Map.of())));
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL, Map.of("node_ids", List.of("net"))))
                .contains("web_1 runs cloudify.interfaces.relationship_lifecycle.establish");
        assertThat(plan(blueprint, BuiltInWorkflow.UNINSTALL, Map.of("node_ids", List.of("net"))))
                .contains("web_1 runs cloudify.interfaces.relationship_lifecycle.unlink or not");
    }

    @Test
    void aHostGetsItsAgentUnlessItHasNone() {
        String create = "cloudify.interfaces.cloudify_agent.create";
        Blueprints with = new Blueprints().host("vm", "uninitialized", "remote", operation(create));
        Blueprints without = new Blueprints().host("vm", "uninitialized", Node.NO_AGENT, operation(create));
        assertThat(plan(with, BuiltInWorkflow.INSTALL))
                .containsSubsequence("vm_1: Creating agent", "vm_1 runs " + create, "vm_1: Agent created");
        assertThat(plan(without, BuiltInWorkflow.INSTALL)).noneMatch(line -> line.contains("gent "));
    }

    @Test
    void reinstallingSeesWhatUninstallingLeft() {
        assertThat(plan(new Blueprints().node("net", "started"), BuiltInWorkflow.REINSTALL))
                .containsSubsequence(
                        "net_1 = deleted", "net_1 = started", "net_1: Node instance started (nothing to do)");
    }

    @Test
    void anOperationIsRunWhereItHasSomethingToDo() {
        Blueprints blueprint = new Blueprints()
                .node("web", "started", operation("maintenance.clean"), List.of(to("net")))
                .node("net", "started", operation("maintenance.clean"), List.of())
                .node("idle", "started");
        Map<String, Object> parameters = Map.of(
                "operation",
                "maintenance.clean",
                "operation_kwargs",
                Map.of("deep", true),
                "run_by_dependency_order",
                true);
        assertThat(plan(blueprint, BuiltInWorkflow.EXECUTE_OPERATION, parameters))
                .containsExactly(
                        "net_1 begins",
                        "net_1: Starting operation maintenance.clean (Operation parameters: {'deep': True})",
                        "net_1 runs maintenance.clean",
                        "net_1: Finished operation maintenance.clean",
                        "net_1 ended",
                        "web_1 begins",
                        "web_1: Starting operation maintenance.clean (Operation parameters: {'deep': True})",
                        "web_1 runs maintenance.clean",
                        "web_1: Finished operation maintenance.clean",
                        "web_1 ended");
        assertThatThrownBy(() -> plan(blueprint, BuiltInWorkflow.EXECUTE_OPERATION))
                .isInstanceOf(WorkflowFailure.class)
                .hasMessageContaining("operation");
    }

    @Test
    void stoppingAndStartingWithNothingToDoDoesNothing() {
        Blueprints blueprint = new Blueprints().node("net", "started");
        assertThat(plan(blueprint, BuiltInWorkflow.RESTART)).isEmpty();
        assertThat(plan(blueprint, BuiltInWorkflow.PULL)).isEmpty();
        assertThat(plan(blueprint, BuiltInWorkflow.CHECK_STATUS)).isEmpty();
        assertThat(plan(blueprint, BuiltInWorkflow.CHECK_DRIFT)).isEmpty();
    }

    @Test
    void healingAllLeavesWhatIsNotKnownToBeIll() {
        Blueprints blueprint = new Blueprints().node("net", "started");
        assertThat(plan(blueprint, BuiltInWorkflow.HEAL))
                .containsExactly("info: Starting 'heal' workflow for 'd1' deployment, Diagnosis: Not provided");
    }

    @Test
    void healingANamedInstanceReinstallsAllThatIsOnItsHost() {
        Blueprints blueprint = new Blueprints()
                .host("vm", "started", Node.NO_AGENT, Map.of())
                .on("vm", "web", "started")
                .node("net", "started");
        List<String> lines = plan(
                blueprint, BuiltInWorkflow.HEAL, Map.of("node_instance_id", "web_1", "diagnose_value", "no answer"));
        assertThat(lines)
                .startsWith("info: Starting 'heal' workflow on web_1, Diagnosis: no answer")
                .containsSubsequence("web_1 = deleted", "vm_1 = deleted", "vm_1 = started", "web_1 = started")
                .noneMatch(line -> line.contains("net_1"));
        assertThatThrownBy(() -> plan(
                        blueprint, BuiltInWorkflow.HEAL, Map.of("node_instance_id", "web_1", "allow_reinstall", false)))
                .hasMessage("allow_reinstall is false, but would need to reinstall instances: vm_1, web_1");
        assertThatThrownBy(() -> plan(blueprint, BuiltInWorkflow.HEAL, Map.of("node_instance_id", "who")))
                .hasMessage("No node instance with id `who` was found");
    }

    @Test
    void whatFailedItsCheckIsHealedByItsOwnOperation() {
        Node node = new Node("db", List.of("cloudify.nodes.Root"), operation(LIFECYCLE + "heal"), Node.NO_AGENT, 1);
        Map<String, Object> ill = Map.of("status", Map.of("ok", false, "task", "tasks.check"));
        Blueprints blueprint = new Blueprints().add(node, "db_1", "started", null, List.of(), List.of(), ill);
        assertThat(plan(blueprint, BuiltInWorkflow.HEAL))
                .endsWith(
                        "heal_db_1 begins",
                        "db_1: Healing node instance",
                        "db_1 runs cloudify.interfaces.lifecycle.heal",
                        "db_1: Node instance healed",
                        "heal_db_1 ended");
    }

    @Test
    void healingDoesNotPassOverACheckThatCannotBeMade() {
        Map<String, Object> well = Map.of("status", Map.of("ok", true, "task", "tasks.check"));
        String check = "cloudify.interfaces.validation.check_status";
        Node node = new Node("db", List.of("cloudify.nodes.Root"), operation(check), Node.NO_AGENT, 1);
        Blueprints blueprint = new Blueprints().add(node, "db_1", "started", null, List.of(), List.of(), well);
        assertThat(Planner.needed(steps(blueprint, BuiltInWorkflow.HEAL, Map.of("node_instance_id", "db_1"))))
                .extracting(Step.Run::name)
                .containsExactly(check);
        assertThat(steps(blueprint, BuiltInWorkflow.HEAL, Map.of("check_status", false)))
                .noneMatch(Step.Run.class::isInstance);
    }

    @Test
    void operationsOfARelationshipsTargetAreRunOnTheTarget() {
        String establish = RELATIONSHIP + "establish";
        Map<String, Operation> source = Map.of(establish, new Operation("mine", "tasks.source"));
        Map<String, Operation> target = Map.of(establish, new Operation("mine", "tasks.target"));
        Blueprints blueprint = new Blueprints()
                .node("net", "started")
                .node("web", "uninitialized", Map.of(), List.of(new Relation("net_1", false, source, target)));
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL, Map.of("node_ids", "web")))
                .containsSubsequence(
                        "web_1: Establishing relationships",
                        establish + "_subgraph begins",
                        "web_1 runs " + establish,
                        "net_1 runs " + establish,
                        establish + "_subgraph ended",
                        "web_1: Relationships established");
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL, Map.of("node_ids", "net")))
                .contains(
                        "stub_web_1 begins", "web_1 runs " + establish, "net_1 runs " + establish, "stub_web_1 ended");
    }

    @Test
    void rollingBackEndsWhatIsHalfMade() {
        Blueprints blueprint =
                new Blueprints().node("a", "creating").node("b", "starting").node("c", "started");
        assertThat(plan(blueprint, BuiltInWorkflow.ROLLBACK))
                .contains("a_1 = uninitialized", "b_1 = configured", "a_1: Rollbacked node instance")
                .noneMatch(line -> line.startsWith("c_1"));
        assertThat(plan(blueprint, BuiltInWorkflow.ROLLBACK, Map.of("full_rollback", true)))
                .contains("c_1 = deleted", "b_1 = deleted");
    }

    @Test
    void whoIsThereIsUnlinkedFromWhatIsRolledBack() {
        String unlink = RELATIONSHIP + "unlink";
        Map<String, Operation> source = Map.of(unlink, new Operation("mine", "tasks.unlink"));
        Blueprints blueprint = new Blueprints()
                .node("net", "creating")
                .node("web", "started", Map.of(), List.of(new Relation("net_1", false, source, Map.of())));
        assertThat(plan(blueprint, BuiltInWorkflow.ROLLBACK))
                .containsSubsequence("web_1 runs " + unlink + " or not", "net_1 = uninitialized");
    }

    @Test
    void agentsAreValidatedOnStartedHostsOnly() {
        String validate = "cloudify.interfaces.cloudify_agent.validate_amqp";
        assertThat(plan(new Blueprints().node("net", "started"), BuiltInWorkflow.VALIDATE_AGENTS))
                .isEmpty();
        assertThat(plan(
                        new Blueprints().host("vm", "started", "remote", operation(validate)),
                        BuiltInWorkflow.VALIDATE_AGENTS))
                .containsExactly(
                        "validate begins",
                        "vm_1: Validating agent connection.",
                        "vm_1 runs " + validate,
                        "vm_1: Validation done",
                        "validate ended");
        Blueprints down = new Blueprints().host("vm", "stopped", "remote", operation(validate));
        assertThatThrownBy(() -> plan(down, BuiltInWorkflow.VALIDATE_AGENTS))
                .hasMessage("Node vm_1 is not started (state: stopped)");
        Blueprints noHost = new Blueprints().node("net", "started").host("bare", "started", Node.NO_AGENT, Map.of());
        assertThatThrownBy(
                        () -> plan(noHost, BuiltInWorkflow.VALIDATE_AGENTS, Map.of("node_ids", List.of("net", "bare"))))
                .hasMessage("Specified filters are not correct:\nNode instance net_1 is not host.\n"
                        + "Agent should not be installed on node instance bare_1");
    }

    @Test
    void newAgentsAreValidatedBeforeOneIsInstalled() {
        String agent = "cloudify.interfaces.cloudify_agent.";
        Blueprints blueprint = new Blueprints()
                .host("vm", "started", "remote", operation(agent + "create_amqp"))
                .on("vm", "db", "started")
                .host("other", "stopped", "plugin", Map.of());
        Map<String, Object> remote = Map.of("install_methods", List.of("remote"));
        assertThat(plan(blueprint, BuiltInWorkflow.INSTALL_NEW_AGENTS, remote))
                .containsExactly(
                        "validate begins",
                        "vm_1: Validating agent connection.",
                        "vm_1: Validation done",
                        "validate ended",
                        "install begins",
                        "vm_1: Installing new agent",
                        "vm_1 runs " + agent + "create_amqp",
                        "vm_1: New agent installed.",
                        "install ended");
        assertThat(plan(
                        blueprint,
                        BuiltInWorkflow.INSTALL_NEW_AGENTS,
                        Map.of("install_methods", List.of("remote"), "install", false)))
                .last()
                .isEqualTo("validate ended");
        assertThat(plan(blueprint, BuiltInWorkflow.VALIDATE_AGENTS, Map.of("install_methods", List.of())))
                .isEmpty();
        assertThatThrownBy(() -> plan(blueprint, BuiltInWorkflow.INSTALL_NEW_AGENTS))
                .hasMessage("Node other_1 is not started (state: stopped)");
    }

    @Test
    void functionsOfOlderTypesAreKnown() {
        assertThat(BuiltInWorkflow.of("cloudify.plugins.workflows.update")).contains(BuiltInWorkflow.UPDATE);
        assertThat(BuiltInWorkflow.of("cloudify.plugins.workflows.scale")).contains(BuiltInWorkflow.SCALE);
        assertThat(BuiltInWorkflow.of("mine.tasks.scale")).isEmpty();
    }

    @Test
    void parametersThatMakeNoSenseAreRefused() {
        Blueprints blueprint = new Blueprints().node("net", "started");
        assertThatThrownBy(() -> plan(blueprint, BuiltInWorkflow.UNINSTALL, Map.of("ignore_failure", "perhaps")))
                .isInstanceOf(WorkflowFailure.class)
                .hasMessage("The ignore_failure parameter must be true or false. Got: perhaps");
    }

    @Test
    void aCircleAndAVeryLongChainAreOrderedAllTheSame() {
        Blueprints circle = new Blueprints()
                .node("a", "uninitialized", Map.of(), List.of(to("b")))
                .node("b", "uninitialized", Map.of(), List.of(to("a")));
        assertThat(plan(circle, BuiltInWorkflow.INSTALL)).contains("a_1 = started", "b_1 = started");
        Blueprints chain = new Blueprints();
        int length = 20_000;
        for (int i = 0; i < length; i++) {
            chain.node("n" + i, "uninitialized", Map.of(), i + 1 < length ? List.of(inside("n" + (i + 1))) : List.of());
        }
        List<String> lines = new ArrayList<>(plan(chain, BuiltInWorkflow.INSTALL));
        assertThat(lines).hasSize(4 * length).startsWith("install_n" + (length - 1) + "_1 begins");
    }

    @Test
    void whatAnEarlierAttemptHasDoneIsNotDoneAndSaidAgain() {
        Blueprints blueprint = new Blueprints()
                .node("done", "started")
                .node("next", "uninitialized")
                .node("gone", "deleted");
        assertThat(resumed(blueprint, BuiltInWorkflow.INSTALL))
                .containsExactlyInAnyOrder(
                        "install_next_1 begins",
                        "next_1 = started",
                        "next_1: Node instance started (nothing to do)",
                        "install_next_1 ended",
                        "install_gone_1 begins",
                        "gone_1 = started",
                        "gone_1: Node instance started (nothing to do)",
                        "install_gone_1 ended");
        assertThat(resumed(blueprint, BuiltInWorkflow.UNINSTALL))
                .contains("done_1 = deleted", "next_1 = deleted")
                .noneMatch(line -> line.startsWith("gone_1"));
        assertThat(resumed(blueprint, BuiltInWorkflow.REINSTALL))
                .contains("done_1 = deleted", "done_1 = started", "next_1 = started", "gone_1 = started")
                .doesNotContain("gone_1 = deleted");
    }

    private static List<String> resumed(Blueprints blueprint, BuiltInWorkflow workflow) {
        return told(new Planner("d1", blueprint.topology(), new Parameters(Map.of()), true).plan(workflow));
    }

    private static List<String> plan(Blueprints blueprint, BuiltInWorkflow workflow) {
        return plan(blueprint, workflow, Map.of());
    }

    private static List<String> plan(Blueprints blueprint, BuiltInWorkflow workflow, Map<String, Object> parameters) {
        return told(steps(blueprint, workflow, parameters));
    }

    private static List<Step> steps(Blueprints blueprint, BuiltInWorkflow workflow, Map<String, Object> parameters) {
        return new Planner("d1", blueprint.topology(), new Parameters(parameters), false).plan(workflow);
    }
}
