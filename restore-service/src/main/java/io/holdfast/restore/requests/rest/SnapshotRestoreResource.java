package io.holdfast.restore.requests.rest;

import io.holdfast.http.CurrentCaller;
import io.holdfast.http.JsonContent;
import io.holdfast.restore.requests.ExecutionReports;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreOptions;
import io.holdfast.restore.requests.app.FindRestores;
import io.holdfast.restore.requests.app.RequestRestore;
import io.holdfast.restore.requests.jobs.RestoreJob;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The manager API's {@code POST /snapshots/{id}/restore} and {@code GET /snapshot-status}. */
@Path("/internal/restore")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class SnapshotRestoreResource {

    /** What users read while a restore runs; the codes beside them are what clients read. */
    static final String RUNNING =
            "Snapshot restore in progress...\nThis may take a while, depending on the snapshot size.";

    /** As {@link #RUNNING}, while none runs. */
    static final String NOT_RUNNING = "No `restore_snapshot` workflow currently running.";

    private final RequestRestore request;
    private final FindRestores find;
    private final ExecutionReports executions;
    private final RestoreJob job;
    private final CurrentCaller caller;
    private final RequestBody bodies;

    SnapshotRestoreResource(
            RequestRestore request,
            FindRestores find,
            ExecutionReports executions,
            RestoreJob job,
            CurrentCaller caller,
            RequestBody bodies) {
        this.request = request;
        this.find = find;
        this.executions = executions;
        this.job = job;
        this.caller = caller;
        this.bodies = bodies;
    }

    @POST
    @Path("snapshots/{id}/restore")
    public Map<String, Object> restore(
            @PathParam("id") String snapshotId,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String type,
            byte[] body) {
        JsonContent.requireIfAny(body, type);
        RestoreOptions options = RestoreOptions.of(bodies.object(body));
        Restore restore =
                request.request(snapshotId, caller.tenant(), caller.identity().username(), options);
        if (!options.dryRun()) {
            // Before anybody runs it: clients look at the execution as soon as they have the answer.
            executions.report(restore, "pending", null);
        }
        job.wake();
        return RestoreViews.asSnapshot(restore);
    }

    @GET
    @Path("snapshot-status")
    public Map<String, Object> status() {
        boolean running = !find.running().isEmpty();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("status", running ? "running" : "not-running");
        view.put("message", running ? RUNNING : NOT_RUNNING);
        return view;
    }
}
