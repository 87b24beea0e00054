package io.holdfast.restore.requests.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.restore.plan.Holding;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreOptions;
import io.holdfast.restore.requests.app.FindRestores;
import io.holdfast.restore.requests.app.PlanRestore;
import io.holdfast.restore.requests.app.PlanRestore.Plan;
import io.holdfast.restore.requests.jobs.RestoreJob;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our own resource: what restores did and do, and plans. */
@Path("/internal/restore/v1/restores")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class RestoresResource {

    private static final int DEFAULT_SIZE = 1000;
    private static final int DECISIONS = 1000;

    private final FindRestores find;
    private final PlanRestore plan;
    private final RestoreJob job;
    private final CurrentCaller caller;
    private final RequestBody bodies;

    RestoresResource(FindRestores find, PlanRestore plan, RestoreJob job, CurrentCaller caller, RequestBody bodies) {
        this.find = find;
        this.plan = plan;
        this.job = job;
        this.caller = caller;
        this.bodies = bodies;
    }

    @GET
    public Map<String, Object> list(
            @QueryParam("_offset") @Nullable Integer givenOffset, @QueryParam("_size") @Nullable Integer givenSize) {
        int offset = givenOffset == null ? 0 : givenOffset;
        int size = givenSize == null ? DEFAULT_SIZE : givenSize;
        if (offset < 0 || size < 0) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "_offset and _size must not be negative", null);
        }
        List<Map<String, Object>> items = size == 0
                ? List.of()
                : find.list(offset, size).stream().map(RestoreViews::of).toList();
        Map<String, Object> pagination = new LinkedHashMap<>();
        pagination.put("total", find.count());
        pagination.put("size", size);
        pagination.put("offset", offset);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("pagination", pagination);
        metadata.put("filtered", null);
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("items", items);
        envelope.put("metadata", metadata);
        return envelope;
    }

    @GET
    @Path("{id}")
    public Map<String, Object> get(@PathParam("id") String id) {
        return withDecisions(find.get(id));
    }

    /** A restore that is taken back before anything is changed; answers when it is done. */
    @POST
    @Path("plan")
    public Map<String, Object> plan(byte[] body) {
        Map<String, Object> given = bodies.object(body);
        if (!(given.get("snapshot_id") instanceof String snapshotId)) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "Missing snapshot_id in json request body", null);
        }
        RestoreOptions options = RestoreOptions.of(given);
        Plan made = plan.plan(snapshotId, caller.tenant(), caller.identity().username(), options, job::wake);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("snapshot_id", snapshotId);
        view.put("possible", made.refusals().isEmpty());
        view.put(
                "refusals",
                made.refusals().stream().map(RestoresResource::refusal).toList());
        view.put("replaces", made.holdings().stream().map(Holding::text).toList());
        view.put("restore", withDecisions(made.rehearsal()));
        return view;
    }

    private Map<String, Object> withDecisions(Restore restore) {
        Map<String, Object> view = RestoreViews.of(restore);
        view.put("decisions", RestoreViews.decisions(find.decisions(restore.id(), DECISIONS)));
        return view;
    }

    private static Map<String, Object> refusal(ManagerException refusal) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("error_code", refusal.code().wireCode());
        view.put("message", refusal.detail());
        view.put("hint", refusal.hint());
        return view;
    }
}
