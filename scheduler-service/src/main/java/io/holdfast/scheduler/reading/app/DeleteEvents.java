package io.holdfast.scheduler.reading.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Deletes events and logs of one deployment. */
@ApplicationScoped
public class DeleteEvents {

    private static final String EVENT = "cloudify_event";

    private final EventCatalogue events;

    DeleteEvents(EventCatalogue events) {
        this.events = events;
    }

    /**
     * @param request its filters must name a deployment and, among the types, {@code cloudify_event}
     * @return how many there were
     */
    @Transactional
    public int delete(ListRequest request, CallerIdentity caller) {
        if (!request.filters().containsKey("type")) {
            throw bad("Filter by type is expected");
        }
        if (!request.filters().getOrDefault("type", List.of()).contains(EVENT)) {
            throw bad("At least `type=" + EVENT + "` filter is expected");
        }
        if (request.filters().getOrDefault("deployment_id", List.of()).isEmpty()) {
            throw bad("A `deployment_id` filter is expected: events are deleted by deployment");
        }
        return events.delete(request, caller);
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
