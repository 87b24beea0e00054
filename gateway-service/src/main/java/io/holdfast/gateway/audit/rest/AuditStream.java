package io.holdfast.gateway.audit.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.gateway.audit.app.AuditCatalogue;
import io.holdfast.gateway.audit.app.AuditCatalogue.Wanted;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.DatabaseAway;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * {@code GET /audit/stream}: entries as they are written, until the client goes. The API's own form, which is no server-sent event
 * although it says so: an entry's JSON and an empty line. An empty line alone shows that the stream lives.
 */
@ApplicationScoped
public class AuditStream {

    private static final Logger LOG = Logger.getLogger(AuditStream.class);

    private static final long EVERY_MS = 500;
    private static final int SILENT_ROUNDS = 20;
    private static final long FROM_NOW_ON = -1;
    private static final int PAGE_SIZE = 500;
    private static final long AGAIN_WITHOUT_DATABASE_MS = 1_000;

    /** How long an entry waits for the id of what its request makes, and those behind it with it. */
    private static final Duration NAMED_WITHIN = Duration.ofSeconds(10);

    private static final ListRequest PAGE = ListRequest.parse(
            Map.of("_size", List.of(Integer.toString(PAGE_SIZE)), "_sort", List.of("id")), PAGE_SIZE, Set.of());

    private final AuditCatalogue catalogue;
    private final Clock clock;

    public AuditStream(AuditCatalogue catalogue, Clock clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /** @param context of a request that was admitted; read to its end already or without a body */
    public void serve(RoutingContext context, CallerIdentity caller) {
        HttpServerRequest request = context.request();
        request.resume();
        Map<String, List<String>> parameters = new HashMap<>();
        request.params()
                .names()
                .forEach(name -> parameters.put(name, request.params().getAll(name)));
        Wanted wanted = new AuditQuery(parameters).wanted();
        HttpServerResponse response = context.response();
        response.setChunked(true);
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        Following following = new Following(context, caller, wanted);
        context.addEndHandler(ended -> following.gone = true);
        following.next();
    }

    /** One client's place in the log. Everything but the queries happens on the request's event loop. */
    private final class Following {
        private final RoutingContext context;
        private final CallerIdentity caller;
        private final Wanted wanted;
        private long after;
        private int silentRounds = SILENT_ROUNDS;
        private boolean away;
        private volatile boolean gone;

        /** @param wanted without a time: what is written from now on */
        Following(RoutingContext context, CallerIdentity caller, Wanted wanted) {
            this.context = context;
            this.caller = caller;
            this.wanted = wanted;
            this.after = wanted.since() == null ? FROM_NOW_ON : 0;
        }

        void next() {
            if (!gone) {
                context.vertx()
                        .executeBlocking(this::read, false)
                        .onSuccess(this::send)
                        .onFailure(this::failed);
            }
        }

        private List<Row> read() {
            if (after == FROM_NOW_ON) {
                after = catalogue.given();
            }
            long upTo = catalogue.horizon();
            if (after >= upTo) {
                return List.of();
            }
            List<Row> found =
                    catalogue.list(PAGE, wanted.between(after, upTo), caller).rows();
            List<Row> named = named(found);
            if (named.size() == found.size() && found.size() < PAGE_SIZE) {
                after = upTo; // what the filter leaves out is not looked at again
            } else if (!named.isEmpty()) {
                after = named.get(named.size() - 1).json().path("id").asLong();
            }
            return named;
        }

        /** Those before the first whose request may still say what it has made. */
        private List<Row> named(List<Row> found) {
            Instant since = clock.instant().minus(NAMED_WITHIN);
            for (int i = 0; i < found.size(); i++) {
                JsonNode entry = found.get(i).json();
                if (entry.path("ref_id").isNull()
                        && entry.path("status").isNull()
                        && ApiTime.parse(entry.path("created_at").asText()).isAfter(since)) {
                    return found.subList(0, i);
                }
            }
            return found;
        }

        private void send(List<Row> found) {
            if (gone) {
                return;
            }
            StringBuilder text = new StringBuilder();
            away = false;
            for (Row row : found) {
                text.append(row.json()).append("\n\n");
            }
            silentRounds++;
            if (text.isEmpty() && silentRounds > SILENT_ROUNDS) {
                text.append('\n');
            }
            if (!text.isEmpty()) {
                silentRounds = 0;
                context.response().write(text.toString());
            }
            if (context.response().writeQueueFull()) {
                context.response().drainHandler(drained -> next());
            } else {
                context.vertx().setTimer(EVERY_MS, again -> next());
            }
        }

        /** A database that is away for a moment, or taken over by another node, ends no stream. */
        private void failed(Throwable failure) {
            if (DatabaseAway.causes(failure)) {
                if (!away) {
                    LOG.warnf("an audit stream waits for the database: %s", failure.getMessage());
                }
                away = true;
                context.vertx().setTimer(AGAIN_WITHOUT_DATABASE_MS, again -> next());
                return;
            }
            LOG.warnf("an audit stream ends: %s", failure.toString());
            context.request().connection().close();
        }
    }
}
