package io.holdfast.workflow.builtin.storage;

import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.workflow.WorkflowMessaging;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The services that own what workflows read and change. */
@ApplicationScoped
class Neighbours {

    private final InternalHttp http;
    private final Clock clock;

    Neighbours(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    InternalHttp.Service inventory(String tenantName) {
        return inventory(tenantName, null);
    }

    /** @param creator whom new things are to be of; null: the manager */
    InternalHttp.Service inventory(String tenantName, @Nullable String creator) {
        return inventory(tenantName, creator, null);
    }

    /** @param executionId on whose behalf it is asked; null: of none */
    InternalHttp.Service inventory(String tenantName, @Nullable String creator, @Nullable String executionId) {
        return http.to("inventory").as(manager(tenantName, creator, executionId));
    }

    InternalHttp.Service scheduler(String tenantName) {
        return scheduler(tenantName, null);
    }

    /** @param creator as of {@link #inventory(String, String)} */
    InternalHttp.Service scheduler(String tenantName, @Nullable String creator) {
        return http.to("scheduler").as(manager(tenantName, creator, null));
    }

    private CallerIdentity manager(String tenantName, @Nullable String creator, @Nullable String executionId) {
        CallerIdentity manager = CallerIdentity.ofService(WorkflowMessaging.SERVICE, clock.instant())
                .in(tenantName);
        return new CallerIdentity(
                creator == null ? manager.username() : creator,
                manager.admin(),
                tenantName,
                null,
                List.of(),
                manager.authMethod(),
                manager.issuedAt(),
                executionId);
    }
}
