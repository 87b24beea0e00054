package io.holdfast.scheduler.groups.app;

import io.holdfast.scheduler.limits.Limits;
import io.holdfast.scheduler.limits.app.ChangeLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Execution groups end with the deployment group that they were started from. Source: the existing product. */
@ApplicationScoped
public class RemoveGroups {

    private final GroupRecords records;
    private final Limits limits;
    private final ChangeLimits change;

    RemoveGroups(GroupRecords records, Limits limits, ChangeLimits change) {
        this.records = records;
        this.limits = limits;
        this.change = change;
    }

    /** Their executions stay and go on; those that waited for their turn in the group wait for it no more. Idempotent. */
    @Transactional
    public void removeOf(String tenantName, String deploymentGroupId) {
        for (String id : records.removeOf(tenantName, deploymentGroupId)) {
            String key = StartGroup.key(id);
            if (limits.find(tenantName, key).isPresent()) {
                change.remove(tenantName, key);
            }
        }
    }
}
