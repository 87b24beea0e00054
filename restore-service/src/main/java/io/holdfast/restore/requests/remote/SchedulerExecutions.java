package io.holdfast.restore.requests.remote;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.InternalHttp;
import io.holdfast.restore.requests.ExecutionReports;
import io.holdfast.restore.requests.Restore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The scheduler-service's {@code PUT /system-executions/{id}}, which is idempotent. */
@ApplicationScoped
public class SchedulerExecutions implements ExecutionReports {

    private static final Logger LOG = Logger.getLogger(SchedulerExecutions.class);

    /** A client waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final InternalHttp http;

    SchedulerExecutions(InternalHttp http) {
        this.http = http;
    }

    @Override
    public void report(Restore restore, String status, @Nullable String error) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("workflow_id", "restore_snapshot");
        body.put("tenant_name", restore.tenantName());
        body.put("status", status);
        body.put("parameters", restore.executionParameters());
        body.put("created_by", restore.requestedBy());
        body.put("created_at", ApiTime.format(restore.requestedAt()));
        if (error != null) {
            body.put("error", error);
        }
        try {
            http.to("scheduler").timeout(PATIENCE).send("PUT", "/system-executions/" + restore.id(), body);
        } catch (ManagerException e) {
            LOG.warnf("The execution of restore %s could not be shown as %s: %s", restore.id(), status, e.detail());
        }
    }
}
