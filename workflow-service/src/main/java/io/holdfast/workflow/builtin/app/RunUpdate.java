package io.holdfast.workflow.builtin.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.workflow.builtin.Executions;
import io.holdfast.workflow.builtin.Parameters;
import io.holdfast.workflow.builtin.Planner;
import io.holdfast.workflow.builtin.Step;
import io.holdfast.workflow.builtin.Topology;
import io.holdfast.workflow.builtin.Update;
import io.holdfast.workflow.builtin.Updates;
import io.holdfast.workflow.builtin.Updates.Change;
import io.holdfast.workflow.builtin.WorkflowFailure;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The update of a deployment: whole, or the deployment is as it was. */
final class RunUpdate {

    private static final Logger LOG = Logger.getLogger(RunUpdate.class);

    /** What the execution can do for it. */
    record Means(
            Supplier<Topology> topology,
            UnaryOperator<List<Step>> possible,
            Consumer<List<Step>> take,
            BiConsumer<String, String> log,
            OtherExecutions others,
            Ours ours,
            Clock clock) {}

    private final StartExecution command;
    private final String deploymentId;
    private final Parameters parameters;
    private final Updates updates;
    private final Means means;

    RunUpdate(StartExecution command, String deploymentId, Updates updates, Means means) {
        this.command = command;
        this.deploymentId = deploymentId;
        this.parameters = new Parameters(command.parameters());
        this.updates = updates;
        this.means = means;
    }

    /** Starts the update as an execution of its own, which is in the same execution groups. A dry run is the preview itself. */
    void start() {
        if (command.dryRun()) {
            run(change(null));
            return;
        }
        Change change = change(null);
        means.ours().patiently(() -> updates.start(change, command.parameters(), command.createdBy()));
        log("info", "Started update of deployment " + deploymentId + ": " + change.id());
    }

    /** Carries out the update that who started the execution has begun, or one of its own. */
    void run() {
        run(change(parameters.text("update_id")));
    }

    /** @param named by who has begun it; null: it is this execution's own */
    private Change change(@Nullable String named) {
        return new Change(command.tenantName(), named == null ? ownId() : named, deploymentId, command.executionId());
    }

    private String ownId() {
        return deploymentId + "-" + command.executionId();
    }

    private void run(Change change) {
        if (change.id().equals(ownId())) {
            means.ours().patiently(() -> updates.begin(change, command.parameters(), command.createdBy()));
            log("info", "Started update of deployment " + deploymentId + ": " + change.id());
        }
        try {
            carryOut(change);
        } catch (Ours.Left e) {
            throw e;
        } catch (RuntimeException e) {
            giveUp(change);
            throw e;
        }
    }

    private void carryOut(Change change) {
        boolean preview = command.dryRun() || parameters.flag("preview", false);
        Update update = means.ours()
                .patiently(() -> updates.prepare(change, command.parameters(), preview, command.createdBy()));
        log("info", told(change, update));
        if (!update.isOver()) {
            String replacement = parameters.text("workflow_id");
            if (replacement == null) {
                means.take()
                        .accept(means.possible()
                                .apply(new Planner(
                                                deploymentId, means.topology().get(), parameters, command.resume())
                                        .updating(update)));
            } else {
                runInstead(replacement, change, update);
            }
        }
        if (!update.isOver() || update.state().equals("successful")) {
            // Also of one that was finished before: its end was not reported.
            means.ours()
                    .patiently(() -> updates.finish(change, command.createdBy()))
                    .forEach(line -> log("warning", line));
        }
    }

    /** What is run in place of the update's own steps is told what these would do. Source: the existing product's workflow {@code update}. */
    private void runInstead(String workflow, Change change, Update update) {
        Map<String, Object> told = new LinkedHashMap<>(update.told());
        told.put("update_id", change.id());
        for (String option : List.of("skip_install", "skip_uninstall", "ignore_failure")) {
            told.put(option, parameters.flag(option, false));
        }
        told.put("install_first", false);
        told.put("update_plugins", true);
        int seconds = parameters.number("custom_workflow_timeout", 0);
        Instant until = seconds > 0 ? means.clock().instant().plusSeconds(seconds) : null;
        String execution = means.others()
                .start(new Executions.Start(
                        deploymentId, workflow, told, true, update.blueprintId(), command.createdBy()));
        log(
                "info",
                "Workflow " + workflow + " runs in place of the update's own steps. [execution_id=" + execution + "]");
        String status;
        try {
            status = means.others().await(execution, until);
        } catch (Ours.Stopped e) {
            means.others().cancel(execution);
            throw e;
        }
        if (!OtherExecutions.isEnd(status)) {
            means.others().cancel(execution);
            throw new WorkflowFailure("Timeout running " + workflow);
        }
        if (!OtherExecutions.WELL.equals(status)) {
            throw new WorkflowFailure(workflow + " is in state " + status);
        }
    }

    private static String told(Change change, Update update) {
        return "Update " + change.id() + ": " + update.steps() + " steps, "
                + update.added().size()
                + " node instances to add, " + update.removed().size() + " to remove ("
                + update.state() + ")";
    }

    /** Also of an execution that is to stop: it leaves no change half made. */
    private void giveUp(Change change) {
        try {
            means.ours().evenStopped(() -> updates.giveUp(change));
            log("warning", "The deployment is as it was before update " + change.id());
        } catch (ManagerException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                LOG.errorf(e, "Update %s of deployment %s could not be taken back", change.id(), deploymentId);
                log("warning", "Update " + change.id() + " could not be taken back: " + e.getMessage());
            }
        }
    }

    private void log(String level, String message) {
        means.log().accept(level, message);
    }
}
