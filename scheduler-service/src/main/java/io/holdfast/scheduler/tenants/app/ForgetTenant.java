package io.holdfast.scheduler.tenants.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/**
 * Removes what is left of a tenant that is deleted: executions with their events and history, limits, and what came while it was. The
 * next tenant of that name would have it.
 */
@ApplicationScoped
public class ForgetTenant {

    private final TenantRows rows;

    ForgetTenant(TenantRows rows) {
        this.rows = rows;
    }

    @Transactional
    public void forget(String tenant) {
        rows.deleteAll(tenant);
    }
}
