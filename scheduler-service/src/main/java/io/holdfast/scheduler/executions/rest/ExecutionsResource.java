package io.holdfast.scheduler.executions.rest;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.Made;
import io.holdfast.scheduler.Rights;
import io.holdfast.scheduler.WaitAfterFail;
import io.holdfast.scheduler.directory.app.Directory;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.executions.Submission;
import io.holdfast.scheduler.executions.Submission.CarryOver;
import io.holdfast.scheduler.executions.app.ChangeExecution;
import io.holdfast.scheduler.executions.app.FindExecutions;
import io.holdfast.scheduler.executions.app.SubmitExecution;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Submits and changes executions: {@code POST /executions}, {@code POST} and {@code PATCH /executions/{id}} of the manager API. */
@Path("/internal/scheduler/executions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class ExecutionsResource {

    private static final List<String> VISIBILITIES = List.of("private", "tenant", "global");

    private final SubmitExecution submit;
    private final ChangeExecution change;
    private final FindExecutions find;
    private final Directory directory;
    private final CurrentCaller caller;

    ExecutionsResource(
            SubmitExecution submit,
            ChangeExecution change,
            FindExecutions find,
            Directory directory,
            CurrentCaller caller) {
        this.find = find;
        this.submit = submit;
        this.change = change;
        this.directory = directory;
        this.caller = caller;
    }

    @POST
    public Response submit(@Nullable Map<String, Object> json) {
        Body body = Body.of(json);
        String deploymentId = body.requiredText("deployment_id");
        String workflowId = body.requiredText("workflow_id");
        CallerIdentity identity = caller.identity();
        requireRights(body, deploymentId, identity);
        CarryOver carryOver = carryOver(body);
        Submission submission = new Submission(
                caller.tenant(),
                identity.username(),
                deploymentId.isEmpty() ? null : deploymentId,
                workflowId,
                body.parameters(),
                body.flagIfGiven("allow_custom_parameters"),
                body.flagIfGiven("force"),
                body.flagIfGiven("dry_run"),
                body.flagIfGiven("queue"),
                body.text("scheduled_time"),
                WaitAfterFail.of(body.fields().get(WaitAfterFail.FIELD)),
                body.priority(),
                body.concurrencyKey(),
                identity.authMethod().equals(CallerIdentity.INTERNAL) ? body.text("blueprint_id") : null,
                carryOver);
        Map<String, Object> execution = ExecutionJson.of(submit.submit(submission, identity));
        // A header that is null is none: where the execution is made at its time only, there is no id yet.
        return Response.status(Response.Status.CREATED)
                .entity(execution)
                .header(Made.HEADER, execution.get("id"))
                .build();
    }

    /** For what only a tool that rebuilds a manager sets. The id of a request over the broker is the gateway's own. */
    private void requireRights(Body body, String deploymentId, CallerIdentity identity) {
        directory.requireOwner(body.given("created_by"), identity);
        if (body.given("created_at") != null || body.given("started_at") != null || body.given("ended_at") != null) {
            Rights.require(Rights.SET_TIMESTAMP, identity);
        }
        boolean ownId = body.given("id") != null && !identity.authMethod().equals(CallerIdentity.BROKER_USER);
        if (ownId
                || deploymentId.isEmpty()
                || body.given("error") != null
                || body.given("force_status") != null
                || body.flag("is_system_workflow")) {
            Rights.require(Rights.SET_EXECUTION_DETAILS, identity);
        }
    }

    /** {@code true} or {@code false}, for workers that ask before they begin. */
    @GET
    @Path("/{id}/should-start")
    public BooleanNode mayRun(@PathParam("id") String id) {
        return BooleanNode.valueOf(find.mayRun(caller.tenant(), id, caller.identity()));
    }

    @POST
    @Path("/{id}")
    public Map<String, Object> act(@PathParam("id") String id, @Nullable Map<String, Object> json) {
        Action action = Action.of(Body.of(json).requiredText("action"));
        return ExecutionJson.of(change.actAs(caller.identity(), caller.tenant(), id, action));
    }

    @PATCH
    @Path("/{id}")
    public Map<String, Object> report(@PathParam("id") String id, @Nullable Map<String, Object> json) {
        Body body = Body.of(json);
        return ExecutionJson.of(change.reportAs(
                caller.identity(), caller.tenant(), id, body.requiredText("status"), body.text("error"), reporter()));
    }

    /** With its execution token it is the worker that reports, whoever's execution it is. */
    private String reporter() {
        CallerIdentity identity = caller.identity();
        return identity.executionId() == null ? identity.username() : Executions.WORKER;
    }

    private static CarryOver carryOver(Body body) {
        String forced = body.given("force_status");
        ExecutionStatus forceStatus = null;
        if (forced != null) {
            forceStatus = ExecutionStatus.find(forced)
                    .orElseThrow(() -> new ManagerException(
                            ErrorCode.BAD_PARAMETERS,
                            "Force status was set to invalid state \"" + forced
                                    + "\". Valid states are: terminated,failed,cancelled,pending,started,cancelling,"
                                    + "force_cancelling,kill_cancelling,queued,scheduled",
                            null));
        }
        return new CarryOver(
                body.given("id"),
                forceStatus,
                body.given("created_by"),
                body.time("created_at"),
                body.time("started_at"),
                body.time("ended_at"),
                body.text("error"),
                body.flag("is_system_workflow"),
                visibility(body));
    }

    /** Of one without a deployment, whose visibility it would have. */
    private static @Nullable String visibility(Body body) {
        String visibility = body.given("visibility");
        if (visibility != null && !VISIBILITIES.contains(visibility)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Invalid visibility: `" + visibility + "`. Valid visibility's values are: " + VISIBILITIES,
                    null);
        }
        return visibility;
    }
}
