package io.holdfast.cluster.maintenance.remote;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.holdfast.cluster.maintenance.UnfinishedExecution;
import io.holdfast.cluster.maintenance.UnfinishedExecutions;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /internal/scheduler/unfinished}: {@code {"items": [...]}}. */
@ApplicationScoped
class SchedulerExecutions implements UnfinishedExecutions {

    /** Someone waits for the answer at a prompt; not knowing is an answer, too. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final InternalHttp http;

    SchedulerExecutions(InternalHttp http) {
        this.http = http;
    }

    private record Row(
            String id,
            String status,
            @JsonProperty("deployment_id") @Nullable String deploymentId,
            @JsonProperty("workflow_id") @Nullable String workflowId) {}

    private record Rows(List<Row> items) {}

    @Override
    public List<UnfinishedExecution> list() {
        return http.to("scheduler").timeout(PATIENCE).get("/unfinished", Rows.class).items().stream()
                .map(row -> new UnfinishedExecution(row.id(), row.status(), row.deploymentId(), row.workflowId()))
                .toList();
    }
}
