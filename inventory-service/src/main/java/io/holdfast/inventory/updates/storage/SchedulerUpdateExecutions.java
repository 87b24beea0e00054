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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks and tells the scheduler. */
@Singleton
class SchedulerUpdateExecutions implements UpdateExecutions {

    private static final String WORKFLOW = "update";
    private static final String PLUGINS_WORKFLOW = "update_plugin";

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

    /** As this service: users start no executions without a deployment. */
    @Override
    public String updatePlugins(
            String tenant, Map<String, @Nullable Object> parameters, boolean over, String createdBy) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", UUID.randomUUID().toString());
        body.put("deployment_id", "");
        body.put("workflow_id", PLUGINS_WORKFLOW);
        body.put("parameters", parameters);
        body.put("allow_custom_parameters", true);
        body.put("is_system_workflow", true);
        body.put("created_by", createdBy);
        if (over) {
            body.put("force_status", "terminated");
        }
        return scheduler(tenant)
                .post("/executions", body, JsonNode.class)
                .path("id")
                .asText();
    }

    @Override
    public String status(String tenant, String executionId) {
        return scheduler(tenant)
                .get("/executions/" + InternalHttp.segment(executionId), JsonNode.class)
                .path("status")
                .asText();
    }

    private InternalHttp.Service scheduler(String tenant) {
        return http.to("scheduler")
                .as(CallerIdentity.ofService("inventory", clock.instant()).in(tenant));
    }

    @Override
    public boolean exists(String tenant, String executionId) {
        try {
            status(tenant, executionId);
            return true;
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
