package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.deployments.app.UpdateWorkflows;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;

/** Asks the scheduler what the caller's execution runs. */
@Singleton
class SchedulerUpdateWorkflows implements UpdateWorkflows {

    private static final Set<String> UPDATES = Set.of("update", "csys_new_deployment_update");

    private final InternalHttp http;
    private final Clock clock;

    SchedulerUpdateWorkflows(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public boolean isUpdating(CallerIdentity caller) {
        String execution = caller.executionId();
        if (execution == null) {
            return false;
        }
        try {
            String workflow = http.to("scheduler")
                    .as(CallerIdentity.ofService("inventory", clock.instant()).in(caller.tenant()))
                    .get("/executions/" + InternalHttp.segment(execution), JsonNode.class)
                    .path("workflow_id")
                    .asText();
            return UPDATES.contains(workflow);
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
