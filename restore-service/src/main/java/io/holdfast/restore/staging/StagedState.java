package io.holdfast.restore.staging;

import io.holdfast.restore.loading.ArchiveSummary;
import io.holdfast.restore.loading.LoadReport;
import java.util.Map;

/**
 * A staged state that is complete and verified.
 *
 * @param rows in each table, by {@code schema.table} under the live names; tables without rows are left out
 */
public record StagedState(ArchiveSummary summary, LoadReport report, Map<String, Long> rows) {

    public StagedState {
        rows = Map.copyOf(rows);
    }
}
