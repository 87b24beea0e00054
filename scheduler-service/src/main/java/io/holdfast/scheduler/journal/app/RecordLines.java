package io.holdfast.scheduler.journal.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.journal.Journal;
import io.holdfast.scheduler.journal.Line;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Writes down what workers report. */
@ApplicationScoped
public class RecordLines {

    private final Journal journal;

    RecordLines(Journal journal) {
        this.journal = journal;
    }

    /** {@code not_found_error} where the tenant has no such execution that the caller sees. Its own worker sees it always. */
    @Transactional
    public void ofExecution(String tenantName, String executionId, List<Line> lines, CallerIdentity caller) {
        boolean seen = caller.seesPrivate() || executionId.equals(caller.executionId());
        if (!journal.addToExecution(tenantName, executionId, lines, seen ? null : caller.username())) {
            throw missing("Execution", executionId);
        }
    }

    /** {@code not_found_error} where the tenant has no such group that the caller sees. */
    @Transactional
    public void ofGroup(String tenantName, String groupId, List<Line> lines, CallerIdentity caller) {
        if (!journal.addToGroup(tenantName, groupId, lines, caller.seesPrivate() ? null : caller.username())) {
            throw missing("ExecutionGroup", groupId);
        }
    }

    private static ManagerException missing(String what, String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `" + what + "` with ID `" + id + "` was not found", null);
    }
}
