package io.holdfast.snapshot;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows users what this service makes as executions: {@code PUT /internal/scheduler/system-executions/{id}}, which is idempotent. */
@ApplicationScoped
public class SystemExecutions {

    /** A client waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final InternalHttp http;

    SystemExecutions(InternalHttp http) {
        this.http = http;
    }

    /** An execution of one of the manager's own workflows. */
    public record Shown(String id, String workflow, String tenantName, String createdBy, Instant createdAt) {}

    /**
     * @param more fields that the scheduler takes besides: {@code parameters}, {@code error}, {@code at}
     * @return why the scheduler does not know it now; empty: it does
     */
    public Optional<String> report(Shown execution, String status, Map<String, ? extends @Nullable Object> more) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("workflow_id", execution.workflow());
        body.put("tenant_name", execution.tenantName());
        body.put("status", status);
        body.put("created_by", execution.createdBy());
        body.put("created_at", ApiTime.format(execution.createdAt()));
        body.putAll(more);
        try {
            http.to("scheduler").timeout(PATIENCE).send("PUT", "/system-executions/" + execution.id(), body);
            return Optional.empty();
        } catch (ManagerException e) {
            return Optional.of(e.detail());
        }
    }
}
