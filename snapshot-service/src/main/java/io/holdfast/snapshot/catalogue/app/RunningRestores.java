package io.holdfast.snapshot.catalogue.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Whether a snapshot is being restored, as far as the scheduler-service knows. A scheduler that is away does not keep snapshots alive. */
@ApplicationScoped
public class RunningRestores {

    private static final Logger LOG = Logger.getLogger(RunningRestores.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final InternalHttp http;

    RunningRestores(InternalHttp http) {
        this.http = http;
    }

    public boolean of(String snapshotId) {
        try {
            JsonNode executions = http.to("scheduler")
                    .timeout(PATIENCE)
                    .get(
                            "/executions?_all_tenants=true&_include_system_workflows=true&workflow_id=restore_snapshot"
                                    + "&status=pending&status=started",
                            JsonNode.class);
            for (JsonNode execution : executions.path("items")) {
                if (execution.path("parameters").path("snapshot_id").asText("").equals(snapshotId)) {
                    return true;
                }
            }
        } catch (ManagerException e) {
            LOG.debugf("The scheduler does not tell whether snapshot %s is being restored: %s", snapshotId, e.detail());
        }
        return false;
    }
}
