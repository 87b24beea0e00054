package io.holdfast.scheduler.history.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.role.OnlyActive;
import io.holdfast.scheduler.history.History;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Forgets histories that are old. */
@ApplicationScoped
public class ForgetHistory {

    private static final Logger LOG = Logger.getLogger(ForgetHistory.class);

    /** Short transactions; what is left over goes a quarter of an hour later. */
    private static final int EXECUTIONS = 10_000;

    private static final Duration SHORTEST = Duration.ofHours(1);

    private final History history;
    private final Duration retention;

    ForgetHistory(History history, HistoryConfig config) {
        this.history = history;
        this.retention = config.retention();
        if (retention.compareTo(SHORTEST) < 0) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "holdfast.scheduler.history.retention is " + retention + ", but must be at least " + SHORTEST,
                    "give it in ISO 8601, for example P90D");
        }
    }

    @Scheduled(
            identity = "scheduler-forget-history",
            every = "15m",
            delayed = "4m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = OnlyActive.class)
    @Transactional
    public void forget() {
        int forgotten = history.forget(retention, EXECUTIONS);
        if (forgotten > 0) {
            LOG.infof("Forgot %d steps of executions whose last one was more than %s ago", forgotten, retention);
        }
    }
}
