package io.holdfast.gateway.proxy.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.audit.AuditEntry;
import io.holdfast.gateway.audit.AuditLog;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.gateway.audit.app.AnswersUnderWay;
import io.holdfast.gateway.audit.rest.AuditStream;
import io.holdfast.gateway.authentication.Credentials;
import io.holdfast.gateway.authentication.app.AuthenticationConfig;
import io.holdfast.gateway.proxy.Admission;
import io.holdfast.gateway.proxy.Admission.Caller;
import io.holdfast.gateway.proxy.Admission.Granted;
import io.holdfast.gateway.proxy.Admission.Refused;
import io.holdfast.gateway.proxy.Incoming;
import io.holdfast.gateway.proxy.app.AdmitRequest;
import io.holdfast.gateway.routing.ApiPath;
import io.holdfast.gateway.routing.RawQuery;
import io.holdfast.http.DatabaseAway;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where every request below {@code /api} and {@code /resources} comes in: asks {@link AdmitRequest} on a worker thread while the body waits, then answers a
 * refusal, leaves the gateway's own routes to the resources, or has the request streamed to the service that it is for.
 */
@ApplicationScoped
public class FrontDoor {

    /** Key in the routing context of requests that were admitted to one of the gateway's own routes. */
    static final String GRANTED = "holdfast.gateway.granted";

    /** Key of the id of the request's entry in the audit log. */
    private static final String AUDITED = "holdfast.gateway.audited";

    /** The one route that is answered without end, so by no resource. */
    private static final String AUDIT_STREAM = "audit/stream";

    /** The other one that has no end is answered by a service. */
    private static final String EVENT_STREAM = "/v1/events/stream";

    /** After the correlation id, before everything that would read a body. */
    private static final int PRIORITY = 500;

    /** What a request counts as whose client did not wait for the answer; the status that nginx made usual. */
    private static final int CLIENT_GONE = 499;

    private static final Refused UNDECIDED = new Refused(
            ApiPath.Dialect.MANAGER,
            "unknown",
            ErrorCode.INTERNAL_SERVER,
            "an unexpected error occurred",
            null,
            null,
            null);

    private static final Logger LOG = Logger.getLogger(FrontDoor.class);

    private final StandbyDoor standby;
    private final AdmitRequest admitRequest;
    private final Upstream upstream;
    private final Answers answers;
    private final RequestMetrics metrics;
    private final AuditLog auditLog;
    private final AnswersUnderWay answersUnderWay;
    private final AuditStream auditStream;
    private final AuthenticationConfig authentication;
    private final Clock clock;

    public FrontDoor(
            StandbyDoor standby,
            AdmitRequest admitRequest,
            Upstream upstream,
            Answers answers,
            RequestMetrics metrics,
            AuditLog auditLog,
            AnswersUnderWay answersUnderWay,
            AuditStream auditStream,
            AuthenticationConfig authentication,
            Clock clock) {
        this.standby = standby;
        this.admitRequest = admitRequest;
        this.upstream = upstream;
        this.answers = answers;
        this.metrics = metrics;
        this.auditLog = auditLog;
        this.answersUnderWay = answersUnderWay;
        this.auditStream = auditStream;
        this.authentication = authentication;
        this.clock = clock;
    }

    void register(@Observes Filters filters) {
        filters.register(this::enter, PRIORITY);
    }

    private void enter(RoutingContext context) {
        HttpServerRequest request = context.request();
        String rawPath = request.path();
        // Both, because the resources behind are matched by the normalised path: no way round this door by `/x/../api`.
        if (rawPath == null || (!ApiPath.concerns(rawPath) && !ApiPath.concerns(context.normalizedPath()))) {
            context.next();
            return;
        }
        request.pause();
        if (standby.takes(context)) {
            return;
        }
        RequestMetrics.Sample sample = metrics.start();
        Incoming incoming = incomingOf(request, rawPath);
        context.vertx()
                .executeBlocking(() -> admit(context, incoming), false)
                .onSuccess(admission -> decided(context, incoming, admission, sample))
                .onFailure(failure -> failed(context, incoming, failure, sample));
    }

    /** On a worker thread. What changes something is written down before it is carried out, and what was refused as refused. */
    private Admission admit(RoutingContext context, Incoming incoming) {
        Admission admission = admitRequest.admit(incoming);
        Caller caller = callerOf(admission);
        if (caller == null
                || !AuditEntry.mayChange(incoming.method())
                || !(ApiPath.parse(incoming.rawPath()) instanceof ApiPath.Found found)) {
            return admission;
        }
        HttpServerRequest request = context.request();
        SocketAddress address = request.remoteAddress();
        AuditEntry.of(
                        incoming.method(),
                        found.path().segments(),
                        caller.tenant(),
                        new AuditEntry.Who(caller.username(), caller.authMethod(), caller.executionId()),
                        address == null ? null : address.hostAddress(),
                        Answers.correlationOf(request))
                .ifPresent(entry -> context.put(AUDITED, auditLog.begin(entry)));
        return admission;
    }

    private static @Nullable Caller callerOf(Admission admission) {
        if (admission instanceof Granted granted) {
            return granted.caller();
        }
        return admission instanceof Refused refused ? refused.caller() : null;
    }

    /** Once, and aside: the client does not wait for it. */
    private void writeDown(RoutingContext context, int status) {
        Long entry = context.remove(AUDITED);
        if (entry != null) {
            Runnable written = answersUnderWay.begin();
            context.vertx()
                    .executeBlocking(
                            () -> {
                                auditLog.end(entry, status, context.get(Changed.KEY));
                                return true;
                            },
                            false)
                    .onFailure(failure ->
                            LOG.warnf("audit entry %d stays without its answer's status: %s", entry, failure))
                    .onComplete(done -> written.run());
        }
    }

    /** What the client was told, if it still was there to hear it. */
    private static int statusOf(HttpServerResponse response) {
        return response.headWritten() ? response.getStatusCode() : CLIENT_GONE;
    }

    private static Incoming incomingOf(HttpServerRequest request, String rawPath) {
        return new Incoming(
                request.method().name(),
                rawPath,
                new Credentials(
                        request.getHeader("Authorization"),
                        request.getHeader("Authentication-Token"),
                        request.getHeader("Execution-Token")),
                nullIfEmpty(request.getHeader("Tenant")),
                request.getHeader("X-BYPASS-MAINTENANCE") != null,
                RawQuery.asksForAllTenants(request.query()));
    }

    private static @Nullable String nullIfEmpty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private void decided(RoutingContext context, Incoming incoming, Admission admission, RequestMetrics.Sample sample) {
        HttpServerRequest request = context.request();
        if (request.response().closed()) {
            // Gone while it was decided about. Handlers that are set now would never hear of it.
            metrics.stop(sample, request.method().name(), admission, CLIENT_GONE);
            writeDown(context, CLIENT_GONE);
            return;
        }
        context.addHeadersEndHandler(
                head -> writeDown(context, request.response().getStatusCode()));
        context.addEndHandler(end -> {
            int status = statusOf(request.response());
            metrics.stop(sample, request.method().name(), admission, status);
            writeDown(context, status);
        });
        if (admission instanceof Refused refused) {
            audit(request.response(), refused.caller());
            refuse(request, refused);
        } else if (admission instanceof Granted granted) {
            audit(request.response(), granted.caller());
            Caller caller = granted.caller();
            if (caller != null && isEndless(granted)) {
                watch(context, incoming, caller);
            }
            if (caller != null && granted.route().template().equals(AUDIT_STREAM)) {
                stream(context, caller);
            } else if (granted.route().isOwn()) {
                context.put(GRANTED, granted);
                context.next();
            } else {
                upstream.forward(context, granted);
            }
        }
    }

    private static boolean isEndless(Granted granted) {
        return granted.route().template().equals(AUDIT_STREAM)
                || granted.internalPath().endsWith(EVENT_STREAM);
    }

    /**
     * Who follows a stream may do so as long as the same request would be let in again with the same rights. Else it breaks off: the client
     * comes back and learns why, or goes on with the rights that it has now.
     */
    private void watch(RoutingContext context, Incoming incoming, Caller caller) {
        Vertx vertx = context.vertx();
        long every = authentication.streamsCheckedEvery().toMillis();
        long timer = vertx.setPeriodic(
                every,
                tick -> vertx.executeBlocking(() -> admitRequest.admit(incoming), false)
                        .onSuccess(again -> {
                            if (isOver(again, caller)) {
                                LOG.infof(
                                        "the stream of %s ends: its credentials or rights are not the same",
                                        caller.username());
                                context.request().connection().close();
                            }
                        })
                        .onFailure(failure ->
                                LOG.debugf(failure, "whether a stream may go on could not be decided; it does")));
        context.addEndHandler(ended -> vertx.cancelTimer(timer));
    }

    /** Maintenance mode and the like end no stream that has begun. */
    private static boolean isOver(Admission again, Caller caller) {
        if (again instanceof Refused refused) {
            return refused.code() == ErrorCode.UNAUTHORIZED || refused.code() == ErrorCode.FORBIDDEN;
        }
        return !caller.equals(callerOf(again));
    }

    private void stream(RoutingContext context, Caller caller) {
        try {
            auditStream.serve(context, Upstream.identityOf(caller, clock));
        } catch (ManagerException e) {
            refuse(
                    context.request(),
                    new Refused(ApiPath.Dialect.MANAGER, AUDIT_STREAM, e.code(), e.detail(), e.hint(), null, caller));
        }
    }

    private void refuse(HttpServerRequest request, Refused refused) {
        boolean asProblem = Answers.wantsProblem(refused.dialect(), request.getHeader("Accept"));
        answers.send(
                request,
                refused.code().httpStatus(),
                answers.error(
                        asProblem,
                        refused.code(),
                        refused.message(),
                        refused.hint(),
                        refused.traceback(),
                        Answers.correlationOf(request)));
    }

    private void failed(RoutingContext context, Incoming incoming, Throwable failure, RequestMetrics.Sample sample) {
        if (DatabaseAway.causes(failure)) {
            LOG.warnf("a request could not be decided about because of the database: %s", failure);
            metrics.stop(sample, context.request().method().name(), UNDECIDED, 503);
            answers.noActive(context.request(), DatabaseAway.MESSAGE, DatabaseAway.HINT);
            return;
        }
        LOG.error("a request could not be decided about", failure);
        decided(context, incoming, UNDECIDED, sample);
    }

    private static void audit(HttpServerResponse response, @Nullable Caller caller) {
        if (caller == null) {
            return;
        }
        response.putHeader("X-Cloudify-Audit-Auth-Method", caller.authMethod());
        response.putHeader("X-Cloudify-Audit-Username", headerSafe(caller.username()));
        String tenant = caller.tenant();
        if (tenant != null) {
            response.putHeader("X-Cloudify-Audit-Tenant", headerSafe(tenant));
        }
    }

    /** Names may hold anything; a header may not. */
    private static String headerSafe(String name) {
        return name.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                ? name
                : URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
