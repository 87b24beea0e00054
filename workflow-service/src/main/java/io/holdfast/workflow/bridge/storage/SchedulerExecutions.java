package io.holdfast.workflow.bridge.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.bridge.KnownExecution;
import io.holdfast.workflow.bridge.KnownExecutions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Executions as the scheduler-service shows them. */
@ApplicationScoped
class SchedulerExecutions implements KnownExecutions {

    private final InternalHttp http;
    private final Clock clock;

    SchedulerExecutions(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Optional<KnownExecution> find(String tenantName, String executionId) {
        try {
            Map<String, Object> execution = http.to("scheduler")
                    .as(CallerIdentity.ofService(WorkflowMessaging.SERVICE, clock.instant())
                            .in(tenantName))
                    .get("/executions/" + InternalHttp.segment(executionId), Json.OBJECT);
            return Optional.of(new KnownExecution(
                    Boolean.TRUE.equals(execution.get("is_system_workflow")),
                    Json.text(execution.get("blueprint_id")),
                    Json.text(execution.get("deployment_id")),
                    Json.object(execution.get("parameters")),
                    Json.text(execution.get("created_by"))));
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
