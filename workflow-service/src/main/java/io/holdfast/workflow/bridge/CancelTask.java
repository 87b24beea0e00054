package io.holdfast.workflow.bridge;

import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The message that makes workers kill a workflow's process. Source: scheduler.md, section 1.3. */
public final class CancelTask {

    private CancelTask() {}

    public static Letter of(StopExecution command, List<String> restHosts) {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("rest_host", restHosts);
        kwargs.put("execution_id", command.executionId());
        kwargs.put("tenant", Map.of("name", command.tenantName()));
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("task_name", "cancel-workflow");
        task.put("kwargs", kwargs);
        return new Letter(
                Letter.Kind.CANCEL,
                command.tenantName(),
                command.executionId(),
                command.token(),
                Map.of("service_task", task));
    }
}
