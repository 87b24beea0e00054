package io.holdfast.scheduler.executions;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The life of an execution, with the names of the manager API. Which step may follow which is in {@link Transitions}. */
public enum ExecutionStatus {
    TERMINATED(Kind.ENDED),
    FAILED(Kind.ENDED),
    CANCELLED(Kind.ENDED),
    PENDING(Kind.ACTIVE),
    STARTED(Kind.ACTIVE),
    CANCELLING(Kind.ACTIVE),
    FORCE_CANCELLING(Kind.ACTIVE),
    KILL_CANCELLING(Kind.ACTIVE),
    QUEUED(Kind.WAITING),
    SCHEDULED(Kind.WAITING);

    /** Ended: nothing follows but a resume. Active: a worker has it or is about to. Waiting: for its time or its turn. */
    enum Kind {
        ENDED,
        ACTIVE,
        WAITING
    }

    private final Kind kind;

    ExecutionStatus(Kind kind) {
        this.kind = kind;
    }

    public boolean isEnded() {
        return kind == Kind.ENDED;
    }

    public boolean isActive() {
        return kind == Kind.ACTIVE;
    }

    public boolean isWaiting() {
        return kind == Kind.WAITING;
    }

    /** As in the API and the database, for example {@code kill_cancelling}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As people are shown it: {@code completed} instead of {@code terminated}. */
    public String displayName() {
        return this == TERMINATED ? "completed" : wireName();
    }

    public static Optional<ExecutionStatus> find(String wireName) {
        return Stream.of(values())
                .filter(status -> status.wireName().equals(wireName))
                .findFirst();
    }

    /** @throws ManagerException BAD_PARAMETERS if there is no such status */
    public static ExecutionStatus of(String wireName) {
        return find(wireName)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "Invalid execution status: " + wireName,
                        "one of " + wireNames(List.of(values()))));
    }

    static String wireNames(List<ExecutionStatus> statuses) {
        return String.join(",", statuses.stream().map(ExecutionStatus::wireName).toList());
    }
}
