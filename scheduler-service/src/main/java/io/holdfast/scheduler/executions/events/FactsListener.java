package io.holdfast.scheduler.executions.events;

import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.MaintenanceEvent;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.scheduler.SchedulerMessaging;
import io.holdfast.scheduler.executions.AfterExecution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.app.RearmAfterRestore;
import io.holdfast.scheduler.executions.app.RecordSystemExecution;
import io.holdfast.scheduler.executions.app.RecordSystemExecution.Report;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/** The queue {@code scheduler.events}: facts of other services that show as system executions or change what is due. */
@ApplicationScoped
public class FactsListener {

    private static final String CREATE_SNAPSHOT = "create_snapshot";
    private static final String RESTORE_SNAPSHOT = "restore_snapshot";

    private final MessageHandler facts;
    private final RecordSystemExecution systemExecutions;

    FactsListener(
            MessageHandlers handlers,
            RecordSystemExecution systemExecutions,
            RearmAfterRestore rearm,
            AfterExecution after) {
        this.systemExecutions = systemExecutions;
        this.facts = handlers.consuming(SchedulerMessaging.SERVICE, SchedulerMessaging.EVENTS)
                .on(SnapshotEvent.Requested.TYPE, SnapshotEvent.Requested.class, this::requested)
                .on(SnapshotEvent.Created.TYPE, SnapshotEvent.Created.class, this::created)
                .on(SnapshotEvent.Failed.TYPE, SnapshotEvent.Failed.class, this::failed)
                .on(RestoreEvent.Failed.TYPE, RestoreEvent.Failed.class, this::restoreFailed)
                .on(
                        RestoreEvent.Completed.TYPE,
                        RestoreEvent.Completed.class,
                        done -> rearm.stateReplaced(done.epoch()))
                .on(RestoreEvent.Undone.TYPE, RestoreEvent.Undone.class, undone -> rearm.stateReplaced(undone.epoch()))
                .on(MaintenanceEvent.Changed.TYPE, MaintenanceEvent.Changed.class, changed -> rearm.gateChanged())
                .on(
                        ExecutionEvent.Succeeded.TYPE,
                        ExecutionEvent.Succeeded.class,
                        done -> after.ended(done.tenantName(), done.executionId()))
                .on(
                        ExecutionEvent.Failed.TYPE,
                        ExecutionEvent.Failed.class,
                        done -> after.ended(done.tenantName(), done.executionId()))
                .on(
                        ExecutionEvent.Cancelled.TYPE,
                        ExecutionEvent.Cancelled.class,
                        done -> after.ended(done.tenantName(), done.executionId()))
                .ignoringOthers()
                .build();
    }

    @Incoming("scheduler-events")
    @Blocking
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return facts.receive(message);
    }

    private void requested(SnapshotEvent.Requested event) {
        systemExecutions.record(new Report(
                event.tenantName(),
                event.executionId(),
                CREATE_SNAPSHOT,
                ExecutionStatus.STARTED,
                Map.of(
                        "snapshot_id", event.snapshotId(),
                        "include_credentials", event.includeCredentials(),
                        "include_logs", event.includeLogs(),
                        "include_events", event.includeEvents()),
                null,
                event.requestedBy(),
                event.requestedAt(),
                event.requestedAt()));
    }

    private void created(SnapshotEvent.Created event) {
        end(
                event.executionId(),
                event.tenantName(),
                CREATE_SNAPSHOT,
                event.snapshotId(),
                ExecutionStatus.TERMINATED,
                null,
                event.createdAt());
    }

    private void failed(SnapshotEvent.Failed event) {
        end(
                event.executionId(),
                event.tenantName(),
                CREATE_SNAPSHOT,
                event.snapshotId(),
                ExecutionStatus.FAILED,
                event.reason(),
                event.failedAt());
    }

    private void restoreFailed(RestoreEvent.Failed event) {
        end(
                event.restoreId(),
                event.tenantName(),
                RESTORE_SNAPSHOT,
                event.snapshotId(),
                ExecutionStatus.FAILED,
                event.reason(),
                event.failedAt());
    }

    private void end(
            @Nullable String executionId,
            String tenantName,
            String workflowId,
            String snapshotId,
            ExecutionStatus status,
            @Nullable String error,
            Instant at) {
        if (executionId == null) {
            return;
        }
        systemExecutions.record(new Report(
                tenantName, executionId, workflowId, status, Map.of("snapshot_id", snapshotId), error, null, at, at));
    }
}
