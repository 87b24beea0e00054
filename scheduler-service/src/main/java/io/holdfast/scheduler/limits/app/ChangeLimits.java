package io.holdfast.scheduler.limits.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.app.ReleaseQueued;
import io.holdfast.scheduler.limits.Limit;
import io.holdfast.scheduler.limits.Limits;
import io.holdfast.scheduler.limits.Tenants;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sets and removes limits. What they held back and do not any more goes at once; what runs already runs on. */
@ApplicationScoped
public class ChangeLimits {

    private static final Logger LOG = Logger.getLogger(ChangeLimits.class);

    private final Limits limits;
    private final Tenants tenants;
    private final Executions executions;
    private final ReleaseQueued queue;

    ChangeLimits(Limits limits, Tenants tenants, Executions executions, ReleaseQueued queue) {
        this.limits = limits;
        this.tenants = tenants;
        this.executions = executions;
        this.queue = queue;
    }

    /**
     * Adds or replaces it.
     *
     * @throws ManagerException NOT_FOUND if there is no such tenant: its name would be mistyped, and limit nothing
     */
    @Transactional
    public Limit put(Limit limit) {
        if (!tenants.exists(limit.tenantName())) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "Requested `Tenant` with ID `" + limit.tenantName() + "` was not found",
                    "make the tenant first, then its limits");
        }
        limits.put(limit);
        LOG.infof("%s", limit);
        changed();
        return limit;
    }

    /** @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND */
    @Transactional
    public void remove(String tenantName, @Nullable String key) {
        if (!limits.remove(tenantName, key)) {
            throw ShowLimits.missing(tenantName, key);
        }
        LOG.infof("Limit of %s is removed%s", tenantName, key == null ? "" : ": key " + key);
        changed();
    }

    private void changed() {
        executions.announceDue();
        queue.release();
    }
}
