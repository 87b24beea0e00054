package io.holdfast.workflow.builtin.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.messaging.Outbox;
import io.holdfast.role.NodeRole;
import io.holdfast.workflow.running.Fence;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** That an execution is still this process's to run, asked before whatever it does to others. */
final class Ours {

    private static final Logger LOG = Logger.getLogger(Ours.class);

    /** Between two tries of what cannot be reached. */
    private static final long PAUSE_MILLIS = 1_000;

    /** It is to stop. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Somebody else has it, or this process ends: there is nothing more to do or to say. */
    static final class Left extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final StartExecution command;
    private final Fence fence;
    private final Outbox outbox;
    private final NodeRole role;
    private final Clock clock;

    Ours(StartExecution command, Fence fence, Outbox outbox, NodeRole role, Clock clock) {
        this.command = command;
        this.fence = fence;
        this.outbox = outbox;
        this.role = role;
        this.clock = clock;
    }

    /**
     * Does it once it can be done: while another service or the database is away it waits, for as long as the execution is ours.
     *
     * @throws Stopped if it is to stop
     * @throws Left if it is not ours any more
     */
    <T> T patiently(Supplier<T> work) {
        return patiently(work, false);
    }

    void patiently(Runnable work) {
        patiently(answering(work), false);
    }

    /** As {@link #patiently}, of what has to be done before it stops. */
    void evenStopped(Runnable work) {
        patiently(answering(work), true);
    }

    private static Supplier<Boolean> answering(Runnable work) {
        return () -> {
            work.run();
            return true;
        };
    }

    private <T> T patiently(Supplier<T> work, boolean evenStopped) {
        while (true) {
            check(evenStopped);
            try {
                return work.get();
            } catch (ManagerException e) {
                if (e.code() != ErrorCode.SERVICE_UNAVAILABLE) {
                    throw e;
                }
                LOG.infof("Execution %s waits: %s", command.executionId(), e.getMessage());
            }
            pause();
        }
    }

    private void check(boolean evenStopped) {
        switch (held()) {
            case OURS -> {}
            case STOPPED -> {
                if (!evenStopped) {
                    throw new Stopped();
                }
            }
            case LOST -> throw new Left();
        }
    }

    private Fence.Hold held() {
        while (true) {
            try {
                if (role.awaitActive(PAUSE_MILLIS)) {
                    return QuarkusTransaction.requiringNew().call(() -> fence.holds(command));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Left();
            } catch (RuntimeException e) {
                LOG.infof("Execution %s waits: %s", command.executionId(), e.getMessage());
                pause();
            }
        }
    }

    /** Reports the end, unless somebody else has it. @param outcome made of the command and the time */
    void end(Function<StartExecution, Function<Instant, RecordWorkflowOutcome>> outcome) {
        while (true) {
            try {
                QuarkusTransaction.requiringNew().run(() -> {
                    if (fence.holds(command) != Fence.Hold.LOST) {
                        fence.answered(command.tenantName(), command.executionId());
                        outbox.append(outcome.apply(command).apply(clock.instant()));
                    }
                });
                return;
            } catch (RuntimeException e) {
                LOG.infof("The end of execution %s waits: %s", command.executionId(), e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Left();
        }
    }
}
