package io.holdfast.workflow.builtin.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.workflow.builtin.BuiltInWorkflow;
import io.holdfast.workflow.builtin.Deployments;
import io.holdfast.workflow.builtin.Deployments.Modification;
import io.holdfast.workflow.builtin.Executions;
import io.holdfast.workflow.builtin.Executions.Progress;
import io.holdfast.workflow.builtin.Instance;
import io.holdfast.workflow.builtin.Line;
import io.holdfast.workflow.builtin.Parameters;
import io.holdfast.workflow.builtin.Planner;
import io.holdfast.workflow.builtin.Scaling;
import io.holdfast.workflow.builtin.Step;
import io.holdfast.workflow.builtin.Topology;
import io.holdfast.workflow.builtin.Updates;
import io.holdfast.workflow.builtin.WorkflowFailure;
import io.holdfast.workflow.running.Answers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One execution of a built-in workflow, from its start to the report of its end. */
final class RunWorkflow {

    private static final Logger LOG = Logger.getLogger(RunWorkflow.class);

    /** Lines that are written together, and how long one waits for others. */
    private static final int LINES = 200;

    private static final Duration LINES_WAIT = Duration.ofSeconds(1);

    /** Until the scheduler has taken note that it has started, which the journal shall say first. */
    private static final long NOTE_MILLIS = 50;

    private static final String NODE_EVENT = "workflow_node_event";
    private static final String DRY_RUN = " (dry run)";

    private final StartExecution command;
    private final String tenant;
    private final String deploymentId;
    private final BuiltInWorkflow workflow;
    private final Deployments deployments;
    private final Updates updates;
    private final Executions executions;
    private final Ours ours;
    private final OtherExecutions others;
    private final Clock clock;
    private final List<Line> unwritten = new ArrayList<>();
    private Progress progress = new Progress(0, 0);
    private Progress counted = progress;

    RunWorkflow(
            StartExecution command,
            String deploymentId,
            BuiltInWorkflow workflow,
            Deployments deployments,
            Updates updates,
            Executions executions,
            Ours ours,
            Places places,
            Clock clock) {
        this.command = command;
        this.tenant = command.tenantName();
        this.deploymentId = deploymentId;
        this.workflow = workflow;
        this.deployments = deployments;
        this.updates = updates;
        this.executions = executions;
        this.ours = ours;
        this.others = new OtherExecutions(tenant, executions, ours, places, clock);
        this.clock = clock;
    }

    /** Never throws: whatever happens becomes the end of the execution, or is somebody else's by then. */
    void run() {
        try {
            ended(doIt());
        } catch (Ours.Left e) {
            LOG.infof("Execution %s is left: it is not this process's any more", command.executionId());
        }
    }

    private void ended(@Nullable String failure) {
        if (failure == null) {
            ours.end(start -> at -> Answers.terminated(start, at));
        } else {
            ours.end(start -> at -> Answers.failed(start, failure, at));
        }
    }

    private @Nullable String doIt() {
        try {
            awaitNote();
            takeUpCounting();
            Parameters parameters = new Parameters(command.parameters());
            switch (workflow) {
                case SCALE -> scale(parameters);
                case UPDATE -> update().run();
                case UPDATE_DEPLOYMENT -> update().start();
                case UNINSTALL -> uninstall(parameters);
                default -> take(possible(planner(parameters).plan(workflow)));
            }
            write();
            return null;
        } catch (WorkflowFailure e) {
            return failed(e.getMessage());
        } catch (ManagerException e) {
            LOG.warnf(e, "Execution %s failed", command.executionId());
            return failed(e.getMessage());
        } catch (Ours.Stopped e) {
            stopped();
            throw new Ours.Left();
        } catch (Ours.Left e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "Execution %s failed", command.executionId());
            return failed("the manager failed to run it: " + e);
        }
    }

    private String failed(@Nullable String why) {
        writeEvenStopped();
        return String.valueOf(why);
    }

    private void stopped() {
        writeEvenStopped();
        ours.end(start -> at -> Answers.cancelled(start, at));
    }

    /** The journal says first that it has started: by a message, which is on its way. */
    private void awaitNote() {
        while ("pending".equals(ours.patiently(() -> executions.status(tenant, command.executionId())))) {
            try {
                Thread.sleep(NOTE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Ours.Left();
            }
        }
    }

    /** What an earlier attempt has done is done; what it meant to do is planned anew. */
    private void takeUpCounting() {
        if (command.resume()) {
            counted = ours.patiently(() -> executions.progress(tenant, command.executionId()));
            progress = new Progress(counted.finished(), counted.finished());
        }
    }

    private void uninstall(Parameters parameters) {
        List<Step> steps = possible(planner(parameters).plan(workflow));
        if (parameters.flag("recursive", false)) {
            new UninstallServices(command, deployments, others, ours, this::logAtOnce).run(deploymentId);
        }
        take(steps);
    }

    private RunUpdate update() {
        return new RunUpdate(
                command,
                deploymentId,
                updates,
                new RunUpdate.Means(this::topology, this::possible, this::take, this::logAtOnce, others, ours, clock));
    }

    private Planner planner(Parameters parameters) {
        return new Planner(deploymentId, topology(), parameters, command.resume());
    }

    private Topology topology() {
        return ours.patiently(() -> deployments.topology(tenant, deploymentId));
    }

    /** All of it or nothing: an operation that nobody here can run is found before the first step is taken. */
    private List<Step> possible(List<Step> steps) {
        List<Step.Run> needed = Planner.needed(steps);
        if (command.dryRun() || needed.isEmpty()) {
            return steps;
        }
        Step.Run first = needed.get(0);
        String more = needed.size() > 1 ? ", and " + (needed.size() - 1) + " more operations need one" : "";
        throw new WorkflowFailure(
                "operation " + first.name() + " of node instance " + first.on().id() + " is "
                        + first.operation().function() + " of plugin `"
                        + first.operation().plugin()
                        + "`, which needs a worker, and none is attached" + more + ". Nothing was changed");
    }

    private void take(List<Step> steps) {
        int planned = (int) steps.stream().filter(this::isCounted).count();
        progress = new Progress(progress.total() + planned, progress.finished());
        if (steps.size() > LINES) {
            write();
        }
        for (Step step : steps) {
            if (step instanceof Step.Say say) {
                say(NODE_EVENT, say.message(), say.about(), null);
            } else if (step instanceof Step.Part part) {
                say(part);
            } else if (step instanceof Step.Log log) {
                log(log.level(), log.message());
            } else if (step instanceof Step.SetState set && !command.dryRun()) {
                ours.patiently(() -> deployments.setState(tenant, set.of().id(), set.state()));
            } else if (step instanceof Step.Run run) {
                run(run);
            }
            if (isCounted(step)) {
                progress = new Progress(progress.total(), progress.finished() + 1);
            }
            if (unwritten.size() >= LINES || isOldestWaiting()) {
                write();
            }
        }
    }

    private boolean isCounted(Step step) {
        return step.isTask() && !command.dryRun();
    }

    private void run(Step.Run run) {
        String function = run.operation().function();
        if (command.dryRun()) {
            say("task_succeeded", "Task succeeded '" + function + "'" + DRY_RUN, run.on(), run.name());
            return;
        }
        say("sending_task", "Sending task '" + function + "'", run.on(), run.name());
        say(
                "task_failed",
                "Task failed '" + function + "' -> plugin `" + run.operation().plugin()
                        + "` needs a worker, and none is attached",
                run.on(),
                run.name());
        say(NODE_EVENT, "Ignoring task " + function + " failure", run.on(), null);
    }

    private void scale(Parameters parameters) {
        Scaling scaling = new Scaling(topology(), parameters);
        if (scaling.delta() == 0) {
            log("info", "delta parameter is 0, so no scaling will take place.");
            return;
        }
        if (command.dryRun()) {
            log(
                    "info",
                    "Deployment modification is not started in a dry run: " + PythonText.str(scaling.modification()));
            return;
        }
        if (command.resume() && isScaled()) {
            return;
        }
        if (scaling.abortsStarted()) {
            scaling.modification();
            abortStarted(parameters);
        }
        // What was taken back changes how many there are.
        boolean tookBack = command.resume() || scaling.abortsStarted();
        Map<String, Object> nodes = (tookBack ? new Scaling(topology(), parameters) : scaling).modification();
        Deployments.By by = new Deployments.By(command.executionId(), command.workflowId(), command.createdBy());
        Modification modification = ours.patiently(() -> deployments.modify(tenant, deploymentId, nodes, by));
        log("info", "Deployment modification started. [modification_id=" + modification.id() + "]");
        try {
            Planner planner = planner(parameters);
            take(possible(
                    scaling.delta() > 0
                            ? planner.installing(modification.added())
                            : planner.uninstalling(modification.removed(), scaling.ignoresFailure())));
        } catch (WorkflowFailure | ManagerException | Ours.Stopped e) {
            if (scaling.rollsBack()) {
                rollBack(modification);
            }
            throw e;
        }
        ours.patiently(() -> deployments.finish(tenant, modification));
    }

    /** Whether an attempt of this execution did all and did not live to say so; what it left half done is taken back. */
    private boolean isScaled() {
        for (Modification earlier : ours.patiently(() -> deployments.modifications(tenant, deploymentId))) {
            if (earlier.executionId().equals(command.executionId())) {
                if (earlier.isFinished()) {
                    log("info", "Deployment modification was finished before. [modification_id=" + earlier.id() + "]");
                    return true;
                } else if (earlier.isStarted()) {
                    rollBack(earlier);
                }
            }
        }
        return false;
    }

    private void abortStarted(Parameters parameters) {
        for (Modification earlier : ours.patiently(() -> deployments.modifications(tenant, deploymentId))) {
            if (earlier.isStarted()) {
                take(planner(parameters).uninstalling(earlier.added(), true));
                rollBack(earlier);
            }
        }
    }

    /** Also of an execution that is to stop: it leaves no change half made. */
    private void rollBack(Modification modification) {
        log("warning", "Rolling back deployment modification. [modification_id=" + modification.id() + "]");
        ours.evenStopped(() -> deployments.rollBack(tenant, modification));
    }

    /** Before others are waited for, who knows how long. */
    private void logAtOnce(String level, String message) {
        log(level, message);
        write();
    }

    private void log(String level, String message) {
        unwritten.add(new Line(clock.instant(), null, level, message, null, null, null));
    }

    private void say(String type, String message, Instance about, @Nullable String operation) {
        unwritten.add(new Line(
                clock.instant(), type, null, message, about.id(), about.node().id(), operation));
    }

    private void say(Step.Part part) {
        String message = (part.ended() ? "Subgraph succeeded '" : "Subgraph started '") + part.name() + "'"
                + (command.dryRun() ? DRY_RUN : "");
        unwritten.add(new Line(
                clock.instant(), part.ended() ? "task_succeeded" : "task_started", null, message, null, null, null));
    }

    private boolean isOldestWaiting() {
        return !unwritten.isEmpty() && unwritten.get(0).at().plus(LINES_WAIT).isBefore(clock.instant());
    }

    private void write() {
        if (!isAllWritten()) {
            ours.patiently(this::writeNow);
        }
    }

    private boolean isAllWritten() {
        return unwritten.isEmpty() && progress.equals(counted);
    }

    /** The last lines, before the end is reported, which does not depend on them. */
    private void writeEvenStopped() {
        if (isAllWritten()) {
            return;
        }
        try {
            ours.evenStopped(this::writeNow);
        } catch (ManagerException e) {
            LOG.warnf(
                    e,
                    "The last %s lines of execution %s are not in its journal",
                    unwritten.size(),
                    command.executionId());
        }
    }

    private void writeNow() {
        if (!unwritten.isEmpty()) {
            executions.write(tenant, command.executionId(), List.copyOf(unwritten));
            unwritten.clear();
        }
        if (!progress.equals(counted)) {
            executions.count(tenant, command.executionId(), progress);
            counted = progress;
        }
    }
}
