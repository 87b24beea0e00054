package io.holdfast.gateway.audit.rest;

import io.holdfast.gateway.audit.app.AuditCatalogue;
import io.holdfast.gateway.audit.app.AuditCatalogue.Wanted;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
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

    private static final ListRequest PAGE =
            ListRequest.parse(Map.of("_size", List.of("500"), "_sort", List.of("id")), 500, Set.of());

    private final AuditCatalogue catalogue;

    public AuditStream(AuditCatalogue catalogue) {
        this.catalogue = catalogue;
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
            return after >= upTo
                    ? List.of()
                    : catalogue.list(PAGE, wanted.between(after, upTo), caller).rows();
        }

        private void send(List<Row> found) {
            if (gone) {
                return;
            }
            StringBuilder text = new StringBuilder();
            for (Row row : found) {
                after = Math.max(after, row.json().path("id").asLong());
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

        private void failed(Throwable failure) {
            LOG.warnf("an audit stream ends: %s", failure.toString());
            context.request().connection().close();
        }
    }
}
