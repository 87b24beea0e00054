package io.holdfast.snapshot.building;

import io.holdfast.snapshot.catalogue.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows a build as an execution at once. Best effort: the events of the outbox tell the same reliably, and a little later, so a failure
 * here is nothing.
 */
public interface ExecutionReports {

    /**
     * @param status {@code pending} or {@code started}
     * @param parameters of the execution, or null to leave them as they are
     */
    void report(Snapshot snapshot, String status, @Nullable Map<String, @Nullable Object> parameters);
}
