package io.holdfast.scheduler.operations;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the states of operations mean. Workers may set others; these are the ones that have effects. Source: the Cloudify REST API v3.1. */
public final class OperationState {

    public static final String PENDING = "pending";
    public static final String SUCCEEDED = "succeeded";

    private static final String SENDING = "sending";

    private static final Set<String> UNDONE = Set.of("rescheduled", "failed");
    private static final Set<String> OVER = Set.of("rescheduled", SUCCEEDED, "failed");

    /** Types of operations that do nothing: they are not counted. */
    private static final Set<String> NOTHING = Set.of("NOPLocalWorkflowTask");

    /** An operation that consists of others. */
    private static final String PART = "SubgraphTask";

    /** Types of operations whose states users see as events. */
    private static final Set<String> TOLD = Set.of("RemoteWorkflowTask", PART);

    private static final Map<String, String> EVENT_TYPES = Map.of(
            SENDING,
            "sending_task",
            "started",
            "task_started",
            SUCCEEDED,
            "task_succeeded",
            "rescheduled",
            "task_rescheduled",
            "failed",
            "task_failed");

    private OperationState() {}

    public static boolean isOver(String state) {
        return OVER.contains(state);
    }

    public static boolean isCounted(String type) {
        return !NOTHING.contains(type);
    }

    public static boolean isTold(String type, String state) {
        return TOLD.contains(type) && EVENT_TYPES.containsKey(state);
    }

    /** @param state one that {@link #isTold} */
    public static String eventType(String state) {
        return String.valueOf(EVENT_TYPES.get(state));
    }

    /**
     * What is told of an operation, such as {@code Task failed 'plugin.task' -> why [retry 1/3]}.
     *
     * @param retry which try again it is; 0: the first
     * @param retries how many there may be; below 0: any number
     */
    public record Told(
            String type,
            String name,
            String state,
            @Nullable String result,
            @Nullable String exception,
            int retry,
            int retries) {

        /** Of a state that {@link #isTold}. */
        public String message() {
            StringBuilder message = new StringBuilder();
            if (state.equals(SENDING)) {
                message.append("Sending task");
            } else {
                message.append(type.equals(PART) ? "Subgraph " : "Task ").append(state);
            }
            message.append(" '").append(name).append('\'');
            if (state.equals(SUCCEEDED) && result != null) {
                message.append(" - ").append(result);
            } else if (UNDONE.contains(state) && exception != null && !exception.isEmpty()) {
                message.append(" -> ").append(exception);
            }
            if (retry > 0) {
                message.append(" [retry ").append(retry);
                if (retries >= 0) {
                    message.append('/').append(retries);
                }
                message.append(']');
            }
            return message.toString();
        }
    }
}
