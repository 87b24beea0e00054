package io.holdfast.workflow.bridge;

import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages that make workers kill a workflow's process, of which each worker takes the one that it knows. Source: scheduler.md, section
 * 1.3.
 */
public final class CancelTask {

    private CancelTask() {}

    /** For workers of each age one: they call a function with what the message says, and refuse what it has no argument for. */
    public static List<Letter> of(StopExecution command, List<String> restHosts) {
        return List.of(
                letter(Letter.Kind.CANCEL, "execution_id", command.executionId(), command, restHosts),
                letter(Letter.Kind.CANCEL_LIST, "execution_ids", List.of(command.executionId()), command, restHosts));
    }

    private static Letter letter(
            Letter.Kind kind, String argument, Object value, StopExecution command, List<String> restHosts) {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("rest_host", restHosts);
        kwargs.put(argument, value);
        kwargs.put("tenant", Map.of("name", command.tenantName()));
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("task_name", "cancel-workflow");
        task.put("kwargs", kwargs);
        return new Letter(
                kind, command.tenantName(), command.executionId(), command.token(), null, Map.of("service_task", task));
    }
}
