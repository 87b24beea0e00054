package io.holdfast.scheduler.dispatch.app;

import io.holdfast.scheduler.dispatch.DispatchWatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;

/** Writes down that due executions are looked at, and fails what was missed while they were not. */
@ApplicationScoped
public class WatchDispatch {

    private static final Logger LOG = Logger.getLogger(WatchDispatch.class);

    private final DispatchWatch watch;
    private final DispatchConfig config;

    WatchDispatch(DispatchWatch watch, DispatchConfig config) {
        this.watch = watch;
        this.config = config;
    }

    /** False while the maintenance gate is not open: nothing may be claimed. */
    @Transactional
    public boolean touch() {
        int missed = watch.touch(config.lateTolerance());
        if (missed > 0) {
            LOG.warnf(
                    "%s executions failed (MISSED): they became due while nothing was dispatched, and are later than %s",
                    missed, config.lateTolerance());
        }
        return missed >= 0;
    }
}
