package io.holdfast.scheduler.executions.rest;

import io.holdfast.http.CurrentCaller;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.app.CountOperations;
import io.holdfast.scheduler.executions.app.FindExecutions;
import io.holdfast.scheduler.executions.app.RecordSystemExecution;
import io.holdfast.scheduler.executions.app.RecordSystemExecution.Report;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What only other services ask: system executions, what is unfinished. Not reachable through the gateway. */
@Path("/internal/scheduler")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class ServicesResource {

    private final RecordSystemExecution record;
    private final FindExecutions find;
    private final CountOperations count;
    private final CurrentCaller caller;
    private final Clock clock;

    ServicesResource(
            RecordSystemExecution record,
            FindExecutions find,
            CountOperations count,
            CurrentCaller caller,
            Clock clock) {
        this.record = record;
        this.find = find;
        this.count = count;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * Body: {@code workflow_id}, {@code tenant_name} (default: the caller's), {@code status} (default pending), {@code parameters},
     * {@code created_by}, {@code created_at}, {@code error}. Idempotent; a later status than the reported one stays.
     */
    @PUT
    @Path("/system-executions/{id}")
    public Map<String, Object> recordSystemExecution(@PathParam("id") String id, @Nullable Map<String, Object> json) {
        caller.requireServiceOrAdministrator();
        Body body = Body.of(json);
        String tenant = body.text("tenant_name");
        String status = body.text("status");
        String createdBy = body.text("created_by");
        Instant now = clock.instant();
        Instant at = body.time("at");
        return ExecutionJson.of(record.record(new Report(
                tenant == null ? caller.tenant() : tenant,
                id,
                body.requiredText("workflow_id"),
                status == null ? ExecutionStatus.PENDING : ExecutionStatus.of(status),
                body.parameters(),
                body.text("error"),
                createdBy == null ? caller.identity().username() : createdBy,
                body.time("created_at"),
                at == null ? now : at)));
    }

    /** Body: {@code total_operations} and {@code finished_operations} of an execution of the caller's tenant. */
    @PUT
    @Path("/operation-counts/{id}")
    public void countOperations(@PathParam("id") String id, @Nullable Map<String, Object> json) {
        caller.requireServiceOrAdministrator();
        Body body = Body.of(json);
        count.count(caller.tenant(), id, body.count("total_operations"), body.count("finished_operations"));
    }

    /** Executions of all tenants that are neither ended nor scheduled, as {@code {"items": [...]}}. */
    @GET
    @Path("/unfinished")
    public Map<String, Object> unfinished() {
        caller.requireServiceOrAdministrator();
        return Map.of("items", find.unfinished().stream().map(ExecutionJson::of).toList());
    }
}
