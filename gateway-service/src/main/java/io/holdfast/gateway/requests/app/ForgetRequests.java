package io.holdfast.gateway.requests.app;

import io.holdfast.gateway.requests.RequestLog;
import io.holdfast.role.OnlyActive;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Forgets requests that nobody will send again. */
@ApplicationScoped
public class ForgetRequests {

    private static final Logger LOG = Logger.getLogger(ForgetRequests.class);

    /** Short transactions: a flood of requests must not become a flood of locks. */
    private static final int BATCH = 10_000;

    private final RequestLog log;
    private final Duration retention;

    public ForgetRequests(RequestLog log, RequestsConfig config) {
        this.log = log;
        this.retention = config.retention();
    }

    @Scheduled(identity = "gateway-forget-requests", every = "15m", delayed = "3m", skipExecutionIf = OnlyActive.class)
    @Transactional
    public void forget() {
        int forgotten = log.forget(retention, BATCH);
        if (forgotten > 0) {
            LOG.infof("Forgot %d requests older than %s", forgotten, retention);
        }
    }
}
