package io.holdfast.snapshot.catalogue.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import io.holdfast.snapshot.catalogue.Snapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Whether a snapshot is being restored. The restore-service knows from its answer to the request on; the execution of a restore is there
 * later only, and not at all times. A restore-service that is away restores nothing, and does not keep snapshots alive.
 */
@ApplicationScoped
public class RunningRestores {

    private static final Logger LOG = Logger.getLogger(RunningRestores.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final InternalHttp http;

    RunningRestores(InternalHttp http) {
        this.http = http;
    }

    public boolean of(Snapshot snapshot) {
        try {
            JsonNode running = http.to("restore")
                    .timeout(PATIENCE)
                    .get("/running", JsonNode.class)
                    .path("items");
            return StreamSupport.stream(running.spliterator(), false)
                    .anyMatch(restore -> restore.path("snapshot_id").asText().equals(snapshot.id())
                            && restore.path("tenant_name").asText().equals(snapshot.tenantName()));
        } catch (ManagerException e) {
            LOG.warnf(
                    "The restore-service does not tell whether snapshot %s is being restored: %s",
                    snapshot.id(), e.detail());
            return false;
        }
    }
}
