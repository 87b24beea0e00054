package io.holdfast.workflow.running.app;

import io.holdfast.messaging.MessagingConfig;
import io.holdfast.role.OnlyActive;
import io.holdfast.workflow.running.Fence;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;

/** Keeps the fence's memory as long as the inbox's: a message older than that comes no more. */
@ApplicationScoped
public class ForgetExecutions {

    private static final Logger LOG = Logger.getLogger(ForgetExecutions.class);

    private final Fence fence;
    private final MessagingConfig config;

    ForgetExecutions(Fence fence, MessagingConfig config) {
        this.fence = fence;
        this.config = config;
    }

    @Scheduled(
            identity = "workflow-forget-executions",
            every = "1h",
            delayed = "10m",
            skipExecutionIf = OnlyActive.class)
    @Transactional
    public void forget() {
        int forgotten = fence.forgetOlderThan(config.inboxRetention());
        LOG.debugf("%s answered executions are forgotten", forgotten);
    }
}
