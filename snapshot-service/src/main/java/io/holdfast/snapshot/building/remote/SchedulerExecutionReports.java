package io.holdfast.snapshot.building.remote;

import io.holdfast.snapshot.SystemExecutions;
import io.holdfast.snapshot.SystemExecutions.Shown;
import io.holdfast.snapshot.building.ExecutionReports;
import io.holdfast.snapshot.catalogue.Snapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Executions of the scheduler-service. */
@ApplicationScoped
class SchedulerExecutionReports implements ExecutionReports {

    private static final Logger LOG = Logger.getLogger(SchedulerExecutionReports.class);

    private final SystemExecutions executions;

    SchedulerExecutionReports(SystemExecutions executions) {
        this.executions = executions;
    }

    @Override
    public void report(Snapshot snapshot, String status, @Nullable Map<String, @Nullable Object> parameters) {
        Shown shown = new Shown(
                String.valueOf(snapshot.executionId()),
                "create_snapshot",
                snapshot.tenantName(),
                snapshot.createdBy(),
                snapshot.createdAt());
        executions
                .report(shown, status, parameters == null ? Map.of() : Map.of("parameters", parameters))
                .ifPresent(why -> LOG.debugf("Execution %s will be told by event: %s", shown.id(), why));
    }
}
