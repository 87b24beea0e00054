package io.holdfast.inventory.groups.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.groups.app.GroupExecutions;
import io.holdfast.inventory.groups.app.GroupRecords;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** Tells the scheduler. */
@Singleton
class SchedulerGroupExecutions implements GroupExecutions {

    private static final Logger LOG = Logger.getLogger(SchedulerGroupExecutions.class);

    /** Source: the existing product. It shows, and counts for what is resumed. */
    private static final int CONCURRENCY = 10;

    private final InternalHttp http;
    private final Clock clock;

    SchedulerGroupExecutions(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public void together(GroupRecords.Group group, String workflow, List<String> executionIds, String createdBy) {
        try {
            http.to("scheduler")
                    .as(CallerIdentity.ofService("inventory", clock.instant()).in(group.tenant()))
                    .post(
                            "/execution-groups",
                            Map.of(
                                    "deployment_group_id", group.id(),
                                    "workflow_id", workflow,
                                    "concurrency", CONCURRENCY,
                                    "associated_executions", executionIds,
                                    "created_by", createdBy),
                            JsonNode.class);
        } catch (ManagerException e) {
            LOG.warnf(
                    "The executions %s of deployment group %s could not be recorded as a group: %s",
                    executionIds, group.id(), e.detail());
        }
    }

    @Override
    public void forget(GroupRecords.Group group) {
        http.to("scheduler")
                .as(CallerIdentity.ofService("inventory", clock.instant()).in(group.tenant()))
                .send("DELETE", "/deployment-groups/" + InternalHttp.segment(group.id()), null);
    }
}
