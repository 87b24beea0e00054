package io.holdfast.scheduler.history.app;

import io.holdfast.scheduler.history.History;
import io.holdfast.scheduler.history.HistoryStep;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** The history of an execution. Whether the caller may see that execution is asked before. */
@ApplicationScoped
public class ReadHistory {

    private final History history;

    ReadHistory(History history) {
        this.history = history;
    }

    /** @param total how many there are without size and offset */
    public record Page(List<HistoryStep> steps, long total) {}

    @Transactional
    public Page of(String tenantName, String executionId, int size, int offset) {
        return new Page(history.of(tenantName, executionId, size, offset), history.count(tenantName, executionId));
    }
}
