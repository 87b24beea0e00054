package io.holdfast.snapshot.catalogue.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.ApiTime;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.StoredArchive;
import java.time.Duration;

/** A snapshot as clients see it: in the compatible API, and with everything in our own. */
public final class SnapshotJson {

    private static final String VISIBILITY = "private";

    private SnapshotJson() {}

    /** Source: cloudify-api section 16. */
    public static ObjectNode compatible(Snapshot snapshot) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("created_at", ApiTime.format(snapshot.createdAt()));
        json.put("id", snapshot.id());
        json.put("visibility", VISIBILITY);
        json.put("status", snapshot.status().wireName());
        json.put("error", snapshot.error());
        json.put("tenant_name", snapshot.tenantName());
        json.put("created_by", snapshot.createdBy());
        json.put("resource_availability", VISIBILITY);
        json.put("private_resource", true);
        return json;
    }

    /** The compatible fields and: options, execution, archive, progress. */
    public static ObjectNode full(Snapshot snapshot) {
        ObjectNode json = compatible(snapshot);
        json.put("execution_id", snapshot.executionId());
        json.put("finished_at", ApiTime.formatOrNull(snapshot.finishedAt()));
        json.put(
                "duration_seconds",
                snapshot.finishedAt() == null
                        ? null
                        : Duration.between(snapshot.createdAt(), snapshot.finishedAt())
                                        .toMillis()
                                / 1000.0);
        json.putObject("options")
                .put("include_credentials", snapshot.options().includeCredentials())
                .put("include_logs", snapshot.options().includeLogs())
                .put("include_events", snapshot.options().includeEvents());
        StoredArchive archive = snapshot.archive();
        json.put("layout", archive == null ? null : archive.layout());
        json.put("size_bytes", archive == null ? null : archive.bytes());
        json.put("sha256", archive == null ? null : archive.sha256());
        ObjectNode contents = json.putObject("contents");
        if (archive != null) {
            archive.contents().forEach(contents::put);
        }
        Snapshot.Progress progress = snapshot.progress();
        json.putObject("progress")
                .put("phase", progress.phase())
                .put("attempt", progress.attempt())
                .put("bytes", progress.rawBytes())
                .put("rows", progress.rows())
                .put("estimated_bytes", progress.estimatedBytes());
        return json;
    }
}
