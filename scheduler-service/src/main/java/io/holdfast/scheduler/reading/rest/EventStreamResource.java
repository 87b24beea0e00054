package io.holdfast.scheduler.reading.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import io.holdfast.scheduler.reading.app.EventCatalogue;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/holdfast/v1/events/stream}: events and logs as server-sent events, as they are written. {@code id} is the event's
 * {@code _storage_id}; a client that comes back with it in {@code Last-Event-ID} misses nothing and gets nothing twice.
 */
@Path("/internal/scheduler/v1/events/stream")
public class EventStreamResource {

    private static final Duration EVERY = Duration.ofMillis(500);

    /** As many looks without anything to say are followed by a comment, so that nobody in between takes the connection for dead. */
    private static final int SILENT_ROUNDS = 30;

    /** Ids that one query looks at. */
    private static final long STEP = 5_000;

    private static final int STEPS_AT_ONCE = 20;

    private static final long RECONNECT_AFTER_MS = 2_000;

    /** Each asks the database twice a second. */
    private static final int MOST_STREAMS = 200;

    private final EventCatalogue events;
    private final CurrentCaller caller;
    private final AtomicInteger open = new AtomicInteger();

    public EventStreamResource(EventCatalogue events, CurrentCaller caller) {
        this.events = events;
        this.caller = caller;
    }

    /**
     * Filters are those of the list. It begins after {@code Last-Event-ID}, else after {@code _after}, else, where {@code _range} bounds
     * a time, with what is there, else with what is written from now on.
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Blocking
    public Multi<OutboundSseEvent> stream(
            @Context UriInfo uri, @HeaderParam("Last-Event-ID") @Nullable String lastEventId, @Context Sse sse) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters(), EventCatalogue.DEFAULT_SIZE, Set.of());
        CallerIdentity identity = caller.identity();
        caller.tenant();
        long after = Optional.ofNullable(lastEventId)
                .filter(text -> !text.isBlank())
                .map(text -> id("Last-Event-ID", text))
                .or(() -> request.special("_after").map(text -> id("_after", text)))
                .orElseGet(() -> request.special("_range").isPresent() ? 0L : events.given());
        // Refuses what cannot be filtered by while there is still an answer to refuse it with.
        events.between(request, identity, after, after);
        if (open.incrementAndGet() > MOST_STREAMS) {
            open.decrementAndGet();
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    MOST_STREAMS + " streams of events are open, which is as many as there may be",
                    "close one, or try again later");
        }
        Follower follower = new Follower(request, identity, sse, after);
        return Multi.createBy()
                .repeating()
                .uni(() ->
                        Uni.createFrom().item(follower::next).runSubscriptionOn(Infrastructure.getDefaultWorkerPool()))
                .withDelay(EVERY)
                .indefinitely()
                .onItem()
                .transformToMultiAndConcatenate(found -> Multi.createFrom().iterable(found))
                .onTermination()
                .invoke(() -> open.decrementAndGet());
    }

    /** @param where it was given, for the refusal */
    private static long id(String where, String text) {
        try {
            long id = Long.parseLong(text.strip());
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a negative one.
        }
        throw new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                where + " is `" + text + "`, expected the id of an event, which is a whole number",
                "leave it out to get what is written from now on");
    }

    /** One client's place among the events. Used by one thread at a time. */
    private final class Follower {
        private final ListRequest request;
        private final CallerIdentity identity;
        private final Sse sse;
        private long after;
        private boolean begun;
        private int silentRounds;

        Follower(ListRequest request, CallerIdentity identity, Sse sse, long after) {
            this.request = request;
            this.identity = identity;
            this.sse = sse;
            this.after = after;
        }

        synchronized List<OutboundSseEvent> next() {
            List<OutboundSseEvent> found = new ArrayList<>();
            if (!begun) {
                begun = true;
                found.add(sse.newEventBuilder()
                        .comment("events after " + after)
                        .reconnectDelay(RECONNECT_AFTER_MS)
                        .build());
            }
            long horizon = events.horizon();
            // As a rule only what was written within the last moments is above it.
            long given = after > horizon ? events.given() : after;
            if (after > given) {
                after = given;
                found.add(sse.newEventBuilder()
                        .comment("a restore has taken events back; those after " + after + " follow")
                        .build());
            }
            for (int step = 0; step < STEPS_AT_ONCE && after < horizon && found.size() < STEP; step++) {
                long upTo = Math.min(horizon, after + STEP);
                events.between(request, identity, after, upTo).forEach(row -> found.add(event(row)));
                after = upTo;
            }
            silentRounds = found.isEmpty() ? silentRounds + 1 : 0;
            if (silentRounds >= SILENT_ROUNDS) {
                silentRounds = 0;
                found.add(sse.newEventBuilder().comment("still here").build());
            }
            return found;
        }

        /** Without a media type of its own: RESTEasy writes one as a line that the standard has no field for. */
        private OutboundSseEvent event(Row row) {
            return sse.newEventBuilder()
                    .id(row.json().path("_storage_id").asText())
                    .name(row.json().path("type").asText())
                    .data(String.class, row.json().toString())
                    .build();
        }
    }
}
