package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.deployments.DefaultSchedule;
import io.holdfast.inventory.deployments.app.DeploymentExecutions;
import io.holdfast.inventory.resources.storage.ExecutionRecorder;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks and tells the scheduler. */
@Singleton
class SchedulerDeploymentExecutions implements DeploymentExecutions {

    private static final Logger LOG = Logger.getLogger(SchedulerDeploymentExecutions.class);

    private static final List<String> UNFINISHED =
            List.of("queued", "pending", "started", "cancelling", "force_cancelling", "kill_cancelling");

    private final InternalHttp http;
    private final ExecutionRecorder recorder;
    private final Clock clock;

    SchedulerDeploymentExecutions(InternalHttp http, ExecutionRecorder recorder, Clock clock) {
        this.http = http;
        this.recorder = recorder;
        this.clock = clock;
    }

    @Override
    public void started(
            String tenant,
            String id,
            String workflow,
            String deployment,
            String createdBy,
            Map<String, @Nullable Object> parameters) {
        recorder.started(tenant, id, workflow, deployment, createdBy, parameters, null);
    }

    @Override
    public void logged(String tenant, String id, List<String> lines) {
        recorder.logged(tenant, id, lines);
    }

    @Override
    public void ended(String tenant, String id, @Nullable String error) {
        recorder.ended(tenant, id, error);
    }

    private InternalHttp.Service scheduler(String tenant) {
        return http.to("scheduler")
                .as(CallerIdentity.ofService("inventory", clock.instant()).in(tenant));
    }

    @Override
    public void schedule(String deployment, DefaultSchedule schedule, CallerIdentity caller) {
        http.to("scheduler")
                .as(caller)
                .put(
                        "/execution-schedules/" + InternalHttp.segment(schedule.id()) + "?" + of(deployment),
                        schedule.request(),
                        JsonNode.class);
    }

    @Override
    public void reschedule(String deployment, DefaultSchedule schedule, CallerIdentity caller) {
        try {
            http.to("scheduler")
                    .as(caller)
                    .send(
                            "PATCH",
                            "/execution-schedules/" + InternalHttp.segment(schedule.id()) + "?" + of(deployment),
                            schedule.request());
        } catch (ManagerException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            schedule(deployment, schedule, caller);
        }
    }

    @Override
    public List<String> schedules(String tenant, String deployment) {
        List<String> ids = new ArrayList<>();
        scheduler(tenant)
                .get("/execution-schedules?_include=id&_get_all_results=true&" + of(deployment), JsonNode.class)
                .path("items")
                .forEach(schedule -> ids.add(schedule.path("id").asText()));
        return ids;
    }

    @Override
    public void forgetSchedules(String tenant, String deployment) {
        try {
            for (String id : schedules(tenant, deployment)) {
                forgetSchedule(tenant, deployment, id);
            }
        } catch (ManagerException e) {
            LOG.warnf("Schedules of the removed deployment %s remain: %s", deployment, e.detail());
        }
    }

    private void forgetSchedule(String tenant, String deployment, String id) {
        try {
            scheduler(tenant)
                    .send("DELETE", "/execution-schedules/" + InternalHttp.segment(id) + "?" + of(deployment), null);
        } catch (ManagerException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            LOG.debugf("Somebody else has deleted schedule %s of the removed deployment %s", id, deployment);
        }
    }

    @Override
    public void forgetLogs(String tenant, String deployment) {
        scheduler(tenant).send("DELETE", "/events?type=cloudify_event&type=cloudify_log&" + of(deployment), null);
    }

    private static String of(String deployment) {
        return "deployment_id=" + URLEncoder.encode(deployment, StandardCharsets.UTF_8);
    }

    @Override
    public void cancelScheduled(String tenant, String deployment) {
        for (String id : executions(tenant, deployment, List.of("scheduled"))) {
            try {
                scheduler(tenant).post("/executions/" + id, Map.of("action", "cancel"), JsonNode.class);
            } catch (ManagerException e) {
                // It has ended in the meantime, or it is being stopped already.
                if (e.code() != ErrorCode.CONFLICT
                        && e.code() != ErrorCode.ILLEGAL_ACTION
                        && e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
            }
        }
    }

    @Override
    public List<String> unfinished(String tenant, String deployment) {
        return executions(tenant, deployment, UNFINISHED);
    }

    private List<String> executions(String tenant, String deployment, List<String> statuses) {
        StringBuilder query = new StringBuilder("/executions?_include=id&").append(of(deployment));
        statuses.forEach(status -> query.append("&status=").append(status));
        List<String> ids = new ArrayList<>();
        scheduler(tenant)
                .get(query.toString(), JsonNode.class)
                .path("items")
                .forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }
}
