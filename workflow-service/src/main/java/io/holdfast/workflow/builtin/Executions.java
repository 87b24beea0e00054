package io.holdfast.workflow.builtin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executions of the manager, as far as workflows look at them and write in their journal. Every method asks another service. */
public interface Executions {

    /** The status of an execution; null where it is not there any more. */
    @Nullable
    String status(String tenantName, String executionId);

    /**
     * Starts a workflow, by and by: what has to wait is queued.
     *
     * @return the execution's id
     */
    String start(String tenantName, Start start);

    /** Cancels it, as far as it has not ended. */
    void cancel(String tenantName, String executionId);

    /**
     * What to start.
     *
     * @param force whether it runs beside others of the deployment, and whatever depends on that
     * @param blueprintId what the deployment is being updated to, whose the execution is; null: that of the deployment
     * @param creator whom the execution is of; null: the manager
     */
    record Start(
            String deploymentId,
            String workflowId,
            Map<String, ?> parameters,
            boolean force,
            @Nullable String blueprintId,
            @Nullable String creator) {}

    /** How far an attempt before this one has come, as it was counted. */
    Progress progress(String tenantName, String executionId);

    /** Says how far it is, in the place of what was said before. */
    void count(String tenantName, String executionId, Progress progress);

    /** Of the tasks of an execution, how many there are and how many are done. */
    record Progress(int total, int finished) {}

    /** Writes in the journal; when it returns, the lines can be read. */
    void write(String tenantName, String executionId, List<Line> lines);
}
