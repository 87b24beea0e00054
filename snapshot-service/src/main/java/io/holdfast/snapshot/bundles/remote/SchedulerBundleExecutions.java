package io.holdfast.snapshot.bundles.remote;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.InternalHttp;
import io.holdfast.snapshot.bundles.BundleExecutions;
import io.holdfast.snapshot.bundles.LogBundle;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code PUT /internal/scheduler/system-executions/{id}}, which is idempotent. */
@ApplicationScoped
class SchedulerBundleExecutions implements BundleExecutions {

    private static final Logger LOG = Logger.getLogger(SchedulerBundleExecutions.class);

    /** A client waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final InternalHttp http;

    SchedulerBundleExecutions(InternalHttp http) {
        this.http = http;
    }

    @Override
    public boolean report(LogBundle bundle, String status) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("workflow_id", "create_log_bundle");
        body.put("tenant_name", bundle.tenantName());
        body.put("status", status);
        body.put("parameters", Map.of("log_bundle_id", bundle.id()));
        body.put("created_by", bundle.createdBy());
        body.put("created_at", ApiTime.format(bundle.createdAt()));
        Instant ended = bundle.finishedAt();
        if (ended != null) {
            body.put("at", ApiTime.format(ended));
        }
        if (!bundle.error().isEmpty()) {
            body.put("error", bundle.error());
        }
        try {
            http.to("scheduler").timeout(PATIENCE).send("PUT", "/system-executions/" + bundle.executionId(), body);
            return true;
        } catch (ManagerException e) {
            LOG.debugf("Execution %s is told later: %s", bundle.executionId(), e.detail());
            return false;
        }
    }
}
