package io.holdfast.snapshot.building.remote;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.InternalHttp;
import io.holdfast.snapshot.building.ExecutionReports;
import io.holdfast.snapshot.catalogue.Snapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code PUT /internal/scheduler/system-executions/{id}}, which is idempotent. */
@ApplicationScoped
class SchedulerExecutionReports implements ExecutionReports {

    private static final Logger LOG = Logger.getLogger(SchedulerExecutionReports.class);

    /** A client waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final InternalHttp http;

    SchedulerExecutionReports(InternalHttp http) {
        this.http = http;
    }

    @Override
    public void report(Snapshot snapshot, String status, @Nullable Map<String, @Nullable Object> parameters) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("workflow_id", "create_snapshot");
        body.put("tenant_name", snapshot.tenantName());
        body.put("status", status);
        body.put("created_by", snapshot.createdBy());
        body.put("created_at", ApiTime.format(snapshot.createdAt()));
        if (parameters != null) {
            body.put("parameters", parameters);
        }
        try {
            http.to("scheduler").timeout(PATIENCE).send("PUT", "/system-executions/" + snapshot.executionId(), body);
        } catch (ManagerException e) {
            LOG.debugf("Execution %s will be told by event: %s", snapshot.executionId(), e.detail());
        }
    }
}
