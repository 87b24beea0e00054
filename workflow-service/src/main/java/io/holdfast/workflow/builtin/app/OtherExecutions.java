package io.holdfast.workflow.builtin.app;

import io.holdfast.workflow.builtin.Executions;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executions that one starts and waits for. Meanwhile it gives up its place. */
final class OtherExecutions {

    static final String WELL = "terminated";

    private static final Set<String> ENDS = Set.of(WELL, "failed", "cancelled");

    private static final long LOOK_MILLIS = 1_000;

    private final String tenant;
    private final Executions executions;
    private final Ours ours;
    private final Places places;
    private final Clock clock;

    OtherExecutions(String tenant, Executions executions, Ours ours, Places places, Clock clock) {
        this.tenant = tenant;
        this.executions = executions;
        this.ours = ours;
        this.places = places;
        this.clock = clock;
    }

    String start(Executions.Start start) {
        return ours.patiently(() -> executions.start(tenant, start));
    }

    /** Also of an execution that is to stop. */
    void cancel(String execution) {
        ours.evenStopped(() -> executions.cancel(tenant, execution));
    }

    /**
     * The status with which it ends, or which it has when the time is over.
     *
     * @param until null: for ever
     * @return null where it is not there any more
     */
    @Nullable
    String await(String execution, @Nullable Instant until) {
        String status = status(execution);
        return isOver(status, until) ? status : places.whileOthersRun(() -> awaitEnd(execution, until));
    }

    private @Nullable String awaitEnd(String execution, @Nullable Instant until) {
        String status;
        do {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Ours.Left();
            }
            status = status(execution);
        } while (!isOver(status, until));
        return status;
    }

    private boolean isOver(@Nullable String status, @Nullable Instant until) {
        return isEnd(status) || until != null && clock.instant().isAfter(until);
    }

    static boolean isEnd(@Nullable String status) {
        return status == null || ENDS.contains(status);
    }

    private @Nullable String status(String execution) {
        return ours.patiently(() -> executions.status(tenant, execution));
    }
}
