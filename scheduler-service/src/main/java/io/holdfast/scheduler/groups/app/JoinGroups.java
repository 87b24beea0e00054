package io.holdfast.scheduler.groups.app;

import io.holdfast.scheduler.executions.ExecutionGroups;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Puts executions into the groups of those that started them. */
@ApplicationScoped
public class JoinGroups implements ExecutionGroups {

    private final GroupRecords records;

    JoinGroups(GroupRecords records) {
        this.records = records;
    }

    @Override
    @Transactional
    public void joinThoseOf(String tenantName, String memberId, String executionId) {
        records.addMemberWith(tenantName, memberId, executionId);
    }
}
