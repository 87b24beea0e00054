package io.holdfast.snapshot.bundles.remote;

import io.holdfast.http.ApiTime;
import io.holdfast.snapshot.SystemExecutions;
import io.holdfast.snapshot.SystemExecutions.Shown;
import io.holdfast.snapshot.bundles.BundleExecutions;
import io.holdfast.snapshot.bundles.LogBundle;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Executions of the scheduler-service. */
@ApplicationScoped
class SchedulerBundleExecutions implements BundleExecutions {

    private static final Logger LOG = Logger.getLogger(SchedulerBundleExecutions.class);

    private final SystemExecutions executions;

    SchedulerBundleExecutions(SystemExecutions executions) {
        this.executions = executions;
    }

    @Override
    public boolean report(LogBundle bundle, String status) {
        Shown shown = new Shown(
                String.valueOf(bundle.executionId()),
                "create_log_bundle",
                bundle.tenantName(),
                bundle.createdBy(),
                bundle.createdAt());
        Map<String, Object> more = new LinkedHashMap<>(Map.of("parameters", Map.of("log_bundle_id", bundle.id())));
        Instant ended = bundle.finishedAt();
        if (ended != null) {
            more.put("at", ApiTime.format(ended));
        }
        if (!bundle.error().isEmpty()) {
            more.put("error", bundle.error());
        }
        Optional<String> why = executions.report(shown, status, more);
        why.ifPresent(reason -> LOG.debugf("Execution %s is told later: %s", shown.id(), reason));
        return why.isEmpty();
    }
}
