package io.holdfast.restore.requests.rest;

import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.app.FindRestores;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** Which snapshots are being restored, for other services. */
@Path("/internal/restore/running")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class RunningRestoresResource {

    private final FindRestores find;

    RunningRestoresResource(FindRestores find) {
        this.find = find;
    }

    @GET
    public Map<String, List<Map<String, Object>>> list() {
        return Map.of(
                "items",
                find.running().stream().map(RunningRestoresResource::view).toList());
    }

    private static Map<String, Object> view(Restore restore) {
        return Map.of("snapshot_id", restore.snapshotId(), "tenant_name", restore.tenantName());
    }
}
