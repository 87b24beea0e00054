package io.holdfast.gateway.replay.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.replay.PublishedEvents;
import io.holdfast.gateway.replay.PublishedEvents.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishes events of all services again, after looking how many it would be. */
@ApplicationScoped
public class ReplayEvents {

    private static final int MOST = 100_000;

    private final PublishedEvents events;

    public ReplayEvents(PublishedEvents events) {
        this.events = events;
    }

    /** @param services events by the service that published them; those with none are left out */
    public record Replayed(long count, long refused, Map<String, Long> services) {}

    /**
     * @param service null: of all
     * @param filter names of the API to values
     * @param limit more than these are refused, and then nothing is published; 1 to 100,000
     * @param dryRun only count
     */
    public Replayed replay(@Nullable String service, Map<String, String> filter, int limit, boolean dryRun) {
        if (limit < 1 || limit > MOST) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "`limit` is " + limit + ", expected 1 to " + MOST, null);
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String asked : asked(service)) {
            long count = events.count(asked, filter);
            if (count > 0) {
                counts.put(asked, count);
            }
        }
        long found = counts.values().stream().mapToLong(Long::longValue).sum();
        if (dryRun) {
            return new Replayed(found, 0, counts);
        }
        if (found > limit) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    found + " events are meant, more than `limit`, which is " + limit + "; none was published",
                    "narrow from and to, or name type, aggregate_id or tenant_name; `limit` may be up to " + MOST);
        }
        long published = 0;
        long refused = 0;
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            Outcome outcome = events.publish(entry.getKey(), filter);
            entry.setValue(outcome.published());
            published += outcome.published();
            refused += outcome.refused();
        }
        return new Replayed(published, refused, counts);
    }

    private List<String> asked(@Nullable String service) {
        if (service == null) {
            return events.services();
        }
        if (!events.services().contains(service)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "there is no service `" + service + "`, expected one of " + String.join(", ", events.services()),
                    null);
        }
        return List.of(service);
    }
}
