package io.holdfast.workflow.builtin.app;

import io.holdfast.contracts.events.SchedulerCommand.RecordHeartbeat;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.role.NodeRole;
import io.holdfast.role.OnlyActive;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.builtin.BuiltInWorkflow;
import io.holdfast.workflow.builtin.Deployments;
import io.holdfast.workflow.builtin.Executions;
import io.holdfast.workflow.builtin.Updates;
import io.holdfast.workflow.running.Answers;
import io.holdfast.workflow.running.Fence;
import io.holdfast.workflow.running.OwnWorker;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the built-in workflows in threads of this process. That an execution was taken, that it has started and its first heartbeat are one
 * transaction: should the process die at any moment after it, the scheduler misses the heartbeats and hands it out again.
 */
@ApplicationScoped
public class BuiltInWorker implements OwnWorker {

    private static final Logger LOG = Logger.getLogger(BuiltInWorker.class);

    private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);

    /** An execution that was taken; it begins when that is committed. */
    record Taken(StartExecution command, BuiltInWorkflow workflow) {}

    private final Deployments deployments;
    private final Updates updates;
    private final Executions executions;
    private final Fence fence;
    private final Outbox outbox;
    private final Event<Taken> taken;
    private final NodeRole role;
    private final Clock clock;
    private final Places places;
    private final Map<String, StartExecution> running = new ConcurrentHashMap<>();

    BuiltInWorker(
            Deployments deployments,
            Updates updates,
            Executions executions,
            Fence fence,
            @OfService(WorkflowMessaging.SERVICE) Outbox outbox,
            Event<Taken> taken,
            NodeRole role,
            Clock clock,
            WorkflowsConfig config) {
        this.deployments = deployments;
        this.updates = updates;
        this.executions = executions;
        this.fence = fence;
        this.outbox = outbox;
        this.taken = taken;
        this.role = role;
        this.clock = clock;
        int threads = threads(config);
        this.places = new Places(new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), BuiltInWorker::thread));
    }

    private static int threads(WorkflowsConfig config) {
        if (config.threads() < 1) {
            throw new IllegalArgumentException(
                    "holdfast.workflow.built-in.threads is " + config.threads() + ", expected 1 or more");
        }
        if (config.heartbeat().compareTo(SHORTEST_HEARTBEAT) < 0) {
            throw new IllegalArgumentException("holdfast.workflow.built-in.heartbeat is " + config.heartbeat()
                    + ", expected " + SHORTEST_HEARTBEAT + " or more");
        }
        return config.threads();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "workflow");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public boolean considers(StartExecution command) {
        return command.deploymentId() != null;
    }

    @Override
    public @Nullable String start(StartExecution command) {
        String deployment = command.deploymentId();
        if (deployment == null) {
            return Answers.NO_WORKER;
        }
        Optional<String> function = deployments.function(command.tenantName(), deployment, command.workflowId());
        Optional<BuiltInWorkflow> workflow = function.isPresent()
                ? BuiltInWorkflow.of(function.get())
                : BuiltInWorkflow.ofManager(command.workflowId());
        if (workflow.isEmpty()) {
            return Answers.NO_WORKER;
        }
        outbox.append(Answers.started(command, clock.instant()));
        outbox.append(heartbeat(command));
        taken.fire(new Taken(command, workflow.get()));
        return null;
    }

    void begin(@Observes(during = TransactionPhase.AFTER_SUCCESS) Taken execution) {
        StartExecution command = execution.command();
        running.put(key(command.tenantName(), command.executionId()), command);
        RunWorkflow run = new RunWorkflow(
                command,
                String.valueOf(command.deploymentId()),
                execution.workflow(),
                deployments,
                updates,
                executions,
                new Ours(command, fence, outbox, role, clock),
                places,
                clock);
        places.run(() -> {
            try {
                run.run();
            } finally {
                running.remove(key(command.tenantName(), command.executionId()), command);
            }
        });
    }

    @Override
    public boolean stop(StopExecution command) {
        StartExecution held = running.get(key(command.tenantName(), command.executionId()));
        return held != null && held.token().equals(command.token());
    }

    /** Several of them within the scheduler's lease, which is a minute unless it is set to be longer or shorter. */
    @Scheduled(
            identity = "workflow-heartbeats",
            every = "${holdfast.workflow.built-in.heartbeat}",
            skipExecutionIf = OnlyActive.class)
    @Transactional
    public void heartbeats() {
        running.values().forEach(command -> outbox.append(heartbeat(command)));
    }

    private RecordHeartbeat heartbeat(StartExecution command) {
        return new RecordHeartbeat(
                command.executionId(), command.tenantName(), command.token(), command.epoch(), clock.instant());
    }

    @PreDestroy
    void close() {
        places.close();
        if (!running.isEmpty()) {
            LOG.infof(
                    "%s executions are left to whoever the scheduler hands them to next: %s",
                    running.size(), running.keySet());
        }
    }

    private static String key(String tenant, String execution) {
        return tenant + "/" + execution;
    }
}
