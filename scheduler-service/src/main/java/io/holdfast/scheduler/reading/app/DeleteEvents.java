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
    private final KeptEvents kept;

    DeleteEvents(EventCatalogue events, KeptEvents kept) {
        this.events = events;
        this.kept = kept;
    }

    /**
     * @param request its filters must name a deployment and, among the types, {@code cloudify_event}
     * @param keep whether a file keeps them; it is complete before they are gone
     * @return how many there were
     */
    @Transactional
    public int delete(ListRequest request, CallerIdentity caller, boolean keep) {
        if (!request.filters().containsKey("type")) {
            throw bad("Filter by type is expected");
        }
        if (!request.filters().getOrDefault("type", List.of()).contains(EVENT)) {
            throw bad("At least `type=" + EVENT + "` filter is expected");
        }
        List<String> deployments = request.filters().getOrDefault("deployment_id", List.of());
        if (deployments.isEmpty()) {
            throw bad("A `deployment_id` filter is expected: events are deleted by deployment");
        }
        if (!keep) {
            return events.delete(request, caller);
        }
        try (KeptEvents.KeptFile file = kept.begin(String.valueOf(caller.tenant()), deployments.get(0))) {
            int deleted = events.delete(request, caller, file::add);
            file.complete();
            return deleted;
        }
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
