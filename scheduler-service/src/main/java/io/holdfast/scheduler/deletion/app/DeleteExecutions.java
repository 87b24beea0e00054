package io.holdfast.scheduler.deletion.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Deletes executions that have ended, the oldest first. Many are deleted in many transactions, so that no lock is held for long. */
@ApplicationScoped
public class DeleteExecutions {

    private static final int AT_ONCE = 500;

    private static final List<String> ENDED = Stream.of(ExecutionStatus.values())
            .filter(ExecutionStatus::isEnded)
            .map(ExecutionStatus::wireName)
            .toList();

    private final EndedExecutions executions;

    DeleteExecutions(EndedExecutions executions) {
        this.executions = executions;
    }

    /**
     * @param request filters, as lists of executions take them
     * @param keepLast how many stay; null: no limit
     * @param before those that were made before it; null: no limit
     * @return how many it deleted
     */
    public long delete(
            ListRequest request, CallerIdentity caller, @Nullable Integer keepLast, @Nullable Instant before) {
        for (String status : request.filters().getOrDefault("status", List.of())) {
            if (!ENDED.contains(status)) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "Can't filter by execution status `" + status + "`. Allowed statuses are: ['"
                                + String.join("', '", ENDED) + "']",
                        "cancel the execution first");
            }
        }
        long left = keepLast == null
                ? Long.MAX_VALUE
                : QuarkusTransaction.requiringNew().call(() -> executions.count(request, caller)) - keepLast;
        long deleted = 0;
        while (left > 0) {
            int most = (int) Math.min(left, AT_ONCE);
            int now = QuarkusTransaction.requiringNew()
                    .call(() -> executions.deleteOldest(request, caller, before, most));
            deleted += now;
            left -= now;
            if (now < most) {
                break;
            }
        }
        return deleted;
    }
}
