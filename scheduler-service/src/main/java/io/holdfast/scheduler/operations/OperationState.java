package io.holdfast.scheduler.operations;

import java.util.Map;
import java.util.Set;

/** What the states of operations mean. Workers may set others; these are the ones that have effects. Source: the Cloudify REST API v3.1. */
public final class OperationState {

    public static final String PENDING = "pending";
    public static final String SUCCEEDED = "succeeded";

    private static final Set<String> OVER = Set.of("rescheduled", SUCCEEDED, "failed");

    /** Types of operations that do nothing: they are not counted. */
    private static final Set<String> NOTHING = Set.of("NOPLocalWorkflowTask");

    /** Types of operations whose states users see as events. */
    private static final Set<String> TOLD = Set.of("RemoteWorkflowTask", "SubgraphTask");

    private static final Map<String, String> EVENT_TYPES = Map.of(
            "sending",
            "sending_task",
            "started",
            "task_started",
            SUCCEEDED,
            "task_succeeded",
            "rescheduled",
            "task_rescheduled",
            "failed",
            "task_failed");

    private static final Map<String, String> VERBS = Map.of(
            "sending",
            "Sending task",
            "started",
            "Task started",
            SUCCEEDED,
            "Task succeeded",
            "rescheduled",
            "Task rescheduled",
            "failed",
            "Task failed");

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

    /** {@code Task failed 'plugin.task' -> why} */
    public static String message(String state, String name, String more) {
        return VERBS.get(state) + " '" + name + "'" + (more.isEmpty() ? "" : " -> " + more);
    }
}
