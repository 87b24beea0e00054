package io.holdfast.workflow.builtin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Executions of the manager, as far as workflows look at them and write in their journal. Every method asks another service. */
public interface Executions {

    /** The status of an execution; null where it is not there any more. */
    @Nullable
    String status(String tenantName, String executionId);

    /** Writes in the journal; when it returns, the lines can be read. */
    void write(String tenantName, String executionId, List<Line> lines);
}
