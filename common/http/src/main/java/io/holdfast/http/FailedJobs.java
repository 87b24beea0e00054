package io.holdfast.http;

import io.quarkus.scheduler.FailedExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Writes down that a job failed, in place of Quarkus' own scheduler, whose log is off. A job that finds no database runs again at its next
 * time, and needs no stack trace until then.
 */
@ApplicationScoped
class FailedJobs {

    private static final Logger LOG = Logger.getLogger(FailedJobs.class);

    void tell(@Observes FailedExecution failed) {
        tell(failed.getExecution().getTrigger().getId(), failed.getException());
    }

    static void tell(String job, Throwable failure) {
        if (DatabaseAway.causes(failure)) {
            LOG.warnf(
                    "The job %s has to wait: %s (%s)",
                    job, DatabaseAway.MESSAGE, root(failure).getMessage());
        } else {
            LOG.errorf(failure, "The job %s failed", job);
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
