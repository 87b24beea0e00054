package io.holdfast.restore.requests.rest;

import io.holdfast.http.ApiTime;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.rule.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Restores as JSON. */
final class RestoreViews {

    private RestoreViews() {}

    /** The execution of a restore in the fields of a snapshot, as the API answers it. */
    static Map<String, Object> asSnapshot(Restore restore) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", restore.id());
        view.put("created_at", ApiTime.format(restore.requestedAt()));
        view.put("status", "pending");
        view.put("error", "");
        view.put("visibility", "private");
        view.put("resource_availability", "private");
        view.put("private_resource", true);
        view.put("tenant_name", restore.tenantName());
        view.put("created_by", restore.requestedBy());
        return view;
    }

    static Map<String, Object> of(Restore restore) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", restore.id());
        view.put("snapshot_id", restore.snapshotId());
        view.put("tenant_name", restore.tenantName());
        view.put("requested_by", restore.requestedBy());
        view.put("requested_at", ApiTime.format(restore.requestedAt()));
        view.put("options", restore.options().parameters());
        view.put("dry_run", restore.options().dryRun());
        view.put("status", restore.status().wireName());
        view.put("phase", restore.phase());
        view.put("progress", restore.progress());
        view.put("bytes_expected", restore.bytesExpected());
        view.put("bytes_done", restore.bytesDone());
        view.put("rows_done", restore.rowsDone());
        view.put("source", restore.source());
        view.put("counts", restore.counts());
        view.put("warnings", restore.warnings());
        view.put("error", restore.error());
        view.put("error_code", restore.errorCode());
        view.put("hint", restore.hint());
        view.put("t0", ApiTime.formatOrNull(restore.t0()));
        view.put(
                "overdue_grace_ms",
                restore.overdueGrace() == null ? null : restore.overdueGrace().toMillis());
        view.put("epoch", restore.epoch());
        view.put("started_at", ApiTime.formatOrNull(restore.startedAt()));
        view.put("ended_at", ApiTime.formatOrNull(restore.endedAt()));
        view.put("undo", restore.undoState());
        return view;
    }

    static List<Map<String, Object>> decisions(List<Decision> decisions) {
        return decisions.stream().map(RestoreViews::decision).toList();
    }

    private static Map<String, Object> decision(Decision decision) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("execution_id", decision.executionId());
        view.put("tenant_name", decision.tenantName());
        view.put("workflow_id", decision.workflowId());
        view.put("status_in_snapshot", decision.fromStatus());
        view.put("fate", decision.fate().wireName());
        view.put("scheduled_for", ApiTime.formatOrNull(decision.scheduledFor()));
        view.put("text", decision.text());
        return view;
    }
}
