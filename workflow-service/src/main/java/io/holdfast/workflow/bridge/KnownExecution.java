package io.holdfast.workflow.bridge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What listeners are told of an execution beside what happened to it, and who made it. */
public record KnownExecution(
        boolean systemWorkflow,
        @Nullable String blueprintId,
        @Nullable String deploymentId,
        Map<String, Object> parameters,
        @Nullable String createdBy) {}
