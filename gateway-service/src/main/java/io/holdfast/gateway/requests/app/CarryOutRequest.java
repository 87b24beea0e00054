package io.holdfast.gateway.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.requests.Reply;
import io.holdfast.contracts.requests.Request;
import io.holdfast.gateway.audit.AuditEntry;
import io.holdfast.gateway.audit.AuditLog;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.gateway.requests.Call;
import io.holdfast.gateway.requests.RequestRefused;
import io.holdfast.gateway.requests.app.CheckRequest.Checked;
import io.holdfast.http.CallerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has the owning service do what a request asks for, at most once: where an earlier try may have got through before its gateway died,
 * a refusal is not believed before the thing itself was looked at.
 */
@ApplicationScoped
public class CarryOutRequest {

    private static final Set<String> CANCELLED =
            Set.of("cancelling", "force_cancelling", "kill_cancelling", "cancelled");

    private static final int DONE = 200;

    private final OwningServices services;
    private final AuditLog auditLog;

    public CarryOutRequest(OwningServices services, AuditLog auditLog) {
        this.services = services;
        this.auditLog = auditLog;
    }

    /**
     * @param repeated whether an earlier try of the same request may have got through
     * @throws ManagerException as the owning service refuses
     */
    Reply.Accepted carryOut(Checked checked, boolean repeated) {
        CallerIdentity caller = checked.caller();
        Optional<Long> audited = AuditEntry.of(
                        checked.call().method(),
                        checked.call().path(),
                        caller.tenant(),
                        new AuditEntry.Who(caller.username(), caller.authMethod(), caller.executionId()),
                        null,
                        checked.key().messageId())
                .map(auditLog::begin);
        try {
            Reply.Accepted accepted = carryOutOnce(checked, repeated);
            audited.ifPresent(entry -> auditLog.end(entry, DONE, changed(accepted)));
            return accepted;
        } catch (ManagerException e) {
            audited.ifPresent(entry -> auditLog.end(entry, e.code().httpStatus(), null));
            throw e;
        }
    }

    private static @Nullable Changed changed(Reply.Accepted accepted) {
        return accepted.executionId() == null ? null : Changed.of(accepted.executionId());
    }

    private Reply.Accepted carryOutOnce(Checked checked, boolean repeated) {
        try {
            return accepted(
                    checked, services.ask(checked.caller(), checked.service(), checked.call(), checked.internalPath()));
        } catch (ManagerException e) {
            boolean certain = e.code() != ErrorCode.SERVICE_UNAVAILABLE;
            if (certain && checked.request() instanceof Request.StartExecution start) {
                return earlierStart(checked, start).orElseThrow(() -> e);
            }
            if (certain && repeated) {
                return earlier(checked, e).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    /** Asked at every refusal, not only at repeated tries: two gateways may have the same message at the same time. */
    private Optional<Reply.Accepted> earlierStart(Checked checked, Request.StartExecution start) {
        Call question = new Call("GET", java.util.List.of("executions", checked.executionId()), null, null);
        return find(checked, question, "/internal/" + checked.service() + "/executions/" + checked.executionId())
                .map(execution -> {
                    if (!start.deployment().equals(execution.get("deployment_id"))
                            || !start.workflow().equals(execution.get("workflow_id"))) {
                        throw conflict(checked);
                    }
                    return ofExecution(execution);
                });
    }

    static RequestRefused conflict(Checked checked) {
        return new RequestRefused(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                "the message_id `" + checked.key().messageId() + "` was used for another request before",
                "use a new message_id for every request, and the same one only to send the same request again");
    }

    private Optional<Reply.Accepted> earlier(Checked checked, ManagerException refusal) {
        Request request = checked.request();
        if (request instanceof Request.DeleteSchedule && refusal.code() == ErrorCode.NOT_FOUND) {
            return Optional.of(accepted(checked, Map.of()));
        }
        if (request instanceof Request.CancelExecution) {
            return find(checked, checked.call().asQuestion(), checked.internalPath())
                    .filter(execution -> CANCELLED.contains(String.valueOf(execution.get("status"))))
                    .map(CarryOutRequest::ofExecution);
        }
        if (refusal.code() == ErrorCode.CONFLICT) {
            return find(checked, checked.call().asQuestion(), checked.internalPath())
                    .filter(thing -> checked.caller().username().equals(thing.get("created_by")))
                    .map(thing -> accepted(checked, thing));
        }
        return Optional.empty();
    }

    private Optional<Map<String, Object>> find(Checked checked, Call question, String internalPath) {
        try {
            return Optional.of(services.ask(checked.caller(), checked.service(), question, internalPath));
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Reply.Accepted accepted(Checked checked, Map<String, Object> answer) {
        Request request = checked.request();
        if (request instanceof Request.PutSchedule put) {
            return new Reply.Accepted(
                    null, null, put.schedule(), null, text(answer.get("next_occurrence")), null, false);
        }
        if (request instanceof Request.DeleteSchedule delete) {
            return new Reply.Accepted(null, null, delete.schedule(), "deleted", null, null, false);
        }
        if (request instanceof Request.CreateSnapshot create) {
            boolean isExecution = answer.containsKey("workflow_id");
            return new Reply.Accepted(
                    isExecution ? text(answer.get("id")) : null,
                    create.snapshot(),
                    null,
                    text(answer.get("status")),
                    null,
                    null,
                    false);
        }
        if (request instanceof Request.GetExecution) {
            Reply.Accepted execution = ofExecution(answer);
            return new Reply.Accepted(
                    execution.executionId(), null, null, execution.status(), execution.scheduledFor(), answer, false);
        }
        return ofExecution(answer);
    }

    private static Reply.Accepted ofExecution(Map<String, Object> execution) {
        return Reply.Accepted.execution(
                String.valueOf(execution.get("id")),
                text(execution.get("status")),
                text(execution.get("scheduled_for")));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
