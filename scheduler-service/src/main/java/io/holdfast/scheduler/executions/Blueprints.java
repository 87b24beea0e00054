package io.holdfast.scheduler.executions;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The blueprints of the manager, as far as executions need them. */
public interface Blueprints {

    /** @param executionId of the execution that uploaded it; null: not known */
    record Upload(@Nullable String executionId) {}

    /** How a tenant's blueprint was uploaded; empty if the tenant has no such blueprint. */
    Optional<Upload> upload(String tenantName, String blueprintId);

    /** Writes down with a tenant's blueprint which execution uploaded it. */
    void uploadedBy(String tenantName, String blueprintId, String executionId);
}
