package io.holdfast.inventory.updates.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.updates.app.UpdateExecutions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks and tells the scheduler. */
@Singleton
class SchedulerUpdateExecutions implements UpdateExecutions {

    private static final String WORKFLOW = "update";

    private final InternalHttp http;
    private final Clock clock;

    SchedulerUpdateExecutions(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public String start(
            String deploymentId, Map<String, @Nullable Object> parameters, boolean force, CallerIdentity caller) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("deployment_id", deploymentId);
        body.put("workflow_id", WORKFLOW);
        body.put("parameters", parameters);
        body.put("allow_custom_parameters", true);
        body.put("force", force);
        return http.to("scheduler")
                .as(caller)
                .post("/executions", body, JsonNode.class)
                .path("id")
                .asText();
    }

    @Override
    public boolean exists(String tenant, String executionId) {
        try {
            http.to("scheduler")
                    .as(CallerIdentity.ofService("inventory", clock.instant()).in(tenant))
                    .get("/executions/" + InternalHttp.segment(executionId), JsonNode.class);
            return true;
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
