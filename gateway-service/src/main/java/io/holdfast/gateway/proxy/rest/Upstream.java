package io.holdfast.gateway.proxy.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.gateway.proxy.Admission.Caller;
import io.holdfast.gateway.proxy.Admission.Granted;
import io.holdfast.gateway.routing.RawQuery;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.Correlation;
import io.holdfast.http.IdentitySigner;
import io.holdfast.http.Made;
import io.holdfast.http.Problem;
import io.holdfast.http.ServiceUrls;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.streams.Pipe;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Streams a request to the service that it is for, or to the active node's gateway, and the answer back. Each side waits for the slower one, so memory does not grow with
 * the body; a client that goes away ends the service's work, and an upload that breaks off never looks complete.
 */
@ApplicationScoped
public class Upstream {

    private static final Logger LOG = Logger.getLogger(Upstream.class);

    /** As many requests at once to one service from each event loop; more wait for a connection. */
    private static final int MAX_CONNECTIONS = 512;

    private static final int CONNECT_TIMEOUT_MS = 5_000;

    /** RFC 9113 section 7; HTTP/1.1 just closes. */
    private static final long H2_INTERNAL_ERROR = 2;

    private static final long ANSWER_MAY_FOLLOW_MS = 1_000;

    /** Error answers are read whole to be rewritten; a problem is never longer. */
    private static final int MAX_PROBLEM_BYTES = 1 << 20;

    /** RFC 9110 section 7.6.1, and what the connection to the service decides for itself. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** What a service must not see (how the caller proved who it is) or must not believe (who it claims to be). */
    private static final Set<String> NOT_FOR_SERVICES = Set.of(
            "host",
            "accept",
            "expect",
            "authorization",
            "authentication-token",
            "execution-token",
            "cookie",
            "x-request-id",
            "holdfast-identity",
            "holdfast-signature");

    /** The other gateway is reached by another name, and this one has answered what the client expected. */
    private static final Set<String> NOT_FOR_ANOTHER_GATEWAY = Set.of("host", "expect", "x-request-id");

    private static final Set<String> NOT_FOR_CLIENTS = Set.of("x-request-id", Made.HEADER.toLowerCase(Locale.ROOT));

    private static final Set<HttpMethod> REPEATABLE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Vertx vertx;

    /**
     * One for each event loop, so that a connection and the requests on it share a thread: what has come over the connection, the request
     * knows of. See {@link Exchange#breakOff}.
     */
    private final Map<Thread, HttpClient> clients = new ConcurrentHashMap<>();

    private final ServiceUrls urls;
    private final IdentitySigner signer;
    private final Clock clock;
    private final Answers answers;

    public Upstream(Vertx vertx, ServiceUrls urls, IdentitySigner signer, Clock clock, Answers answers) {
        this.vertx = vertx;
        this.urls = urls;
        this.signer = signer;
        this.clock = clock;
        this.answers = answers;
    }

    @PreDestroy
    void close() {
        clients.values().forEach(HttpClient::close);
    }

    private HttpClient client() {
        if (!Context.isOnEventLoopThread()) {
            throw new IllegalStateException("requests are forwarded on their event loops");
        }
        return clients.computeIfAbsent(
                Thread.currentThread(),
                loop -> vertx.createHttpClient(new HttpClientOptions()
                        .setMaxPoolSize(MAX_CONNECTIONS)
                        .setConnectTimeout(CONNECT_TIMEOUT_MS)
                        .setKeepAliveTimeout(30)
                        .setDecompressionSupported(false)));
    }

    /** @param context of a paused request */
    void forward(RoutingContext context, Granted granted) {
        new ServiceExchange(context, granted).begin(true);
    }

    /**
     * Hands the whole request on as it came, credentials and all: the active node decides about it.
     *
     * @param context of a paused request
     * @param active base URL of the active node's gateway
     * @param node this node's name, for the other to see who forwards
     */
    void forwardToActive(RoutingContext context, URI active, String node) {
        new ActiveExchange(context, active, node).begin(true);
    }

    /** One request and its answer; everything happens on the request's event loop. */
    private abstract class Exchange {
        private final RoutingContext context;
        final HttpServerRequest in;
        private final HttpServerResponse out;
        private boolean clientGone;
        private boolean cutShort;
        private @Nullable HttpClientRequest sent;
        private @Nullable HttpClientResponse coming;
        /** The answer has come to its end. */
        private boolean whole;

        private @Nullable Pipe<Buffer> upload;

        Exchange(RoutingContext context) {
            this.context = context;
            this.in = context.request();
            this.out = in.response();
            out.closeHandler(closed -> clientWentAway());
            out.exceptionHandler(broken -> clientWentAway());
        }

        /** Base URL of the other side. */
        abstract URI base();

        /** Path and query there. */
        abstract String uri();

        /** Puts the headers on that the other side gets. */
        abstract void prepare(HttpClientRequest request);

        /** Answers in a shape of its own where that is due, and says so. */
        abstract boolean answered(HttpClientResponse response);

        /** Names the other side, for messages. */
        abstract String otherSide();

        /** Answers that the other side is not there. */
        abstract void answerUnavailable();

        private void clientWentAway() {
            clientGone = true;
            HttpClientRequest running = sent;
            if (running != null && !out.ended()) {
                breakOff(running);
            }
        }

        /**
         * Ends the other side's work. The client closes the connection of a request that is reset even if the answer has come whole and
         * the connection carries somebody else's request by now, which would fail with it. A client that goes away after the last byte is
         * nothing unusual, so what has come is read first, and only an answer that is still under way is broken off.
         */
        private void breakOff(HttpClientRequest running) {
            HttpClientResponse response = coming;
            if (response == null) {
                running.reset();
            } else {
                unlessWhole(() -> {
                    response.handler(bytes -> {});
                    response.resume();
                    unlessWhole(running::reset);
                });
            }
        }

        /** Does it after what is under way on this event loop. */
        private void unlessWhole(Runnable task) {
            context.vertx().runOnContext(later -> {
                if (!whole) {
                    task.run();
                }
            });
        }

        void begin(boolean mayRepeat) {
            client().request(options())
                    .onSuccess(request -> send(request, mayRepeat))
                    .onFailure(failure -> unavailable(failure));
        }

        private RequestOptions options() {
            URI base = base();
            boolean ssl = "https".equalsIgnoreCase(base.getScheme());
            String basePath = base.getRawPath() == null ? "" : base.getRawPath();
            return new RequestOptions()
                    .setMethod(in.method())
                    .setHost(base.getHost())
                    .setPort(base.getPort() >= 0 ? base.getPort() : ssl ? 443 : 80)
                    .setSsl(ssl)
                    .setFollowRedirects(false)
                    .setURI(basePath + uri());
        }

        /**
         * All of it comes to us as the failure of the answer or of a pipe, too; without a handler the client logs it as an error, also that
         * a client of ours went away.
         */
        private void expectTrouble(HttpClientRequest request) {
            request.exceptionHandler(broken -> LOG.debugf("a request to %s broke off: %s", otherSide(), broken));
        }

        /** A pipe that is closed takes its destination's handlers away. */
        private void expectTroubleAgain(HttpClientRequest request) {
            try {
                expectTrouble(request);
            } catch (IllegalStateException e) {
                // It was sent whole just before the answer came, and takes no handler any more.
                LOG.tracef("a request to %s was complete already", otherSide());
            }
        }

        private void send(HttpClientRequest request, boolean mayRepeat) {
            expectTrouble(request);
            if (clientGone) {
                request.reset();
                return;
            }
            sent = request;
            prepare(request);
            String correlation = Answers.correlationOf(in);
            if (correlation != null) {
                request.putHeader(Correlation.HEADER, correlation);
            }
            boolean hasBody = hasBody();
            request.response().onSuccess(this::answer).onFailure(failure -> {
                if (mayRepeat && !hasBody && REPEATABLE.contains(in.method()) && !clientGone) {
                    // A kept connection may have been closed by the service just as it was used again.
                    begin(false);
                } else {
                    unavailable(failure);
                }
            });
            if (hasBody) {
                upload(request);
            } else {
                request.end();
                in.resume();
            }
        }

        private boolean hasBody() {
            if (in.version() == HttpVersion.HTTP_2) {
                return !in.isEnded();
            }
            String length = in.getHeader(HttpHeaders.CONTENT_LENGTH);
            return in.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || (length != null && !length.equals("0"));
        }

        private void upload(HttpClientRequest request) {
            if (in.getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
                request.setChunked(true);
            }
            if ("100-continue".equalsIgnoreCase(in.getHeader(HttpHeaders.EXPECT))) {
                out.writeContinue();
            }
            // A broken upload must not be ended like a complete one: the service would store a torso.
            Pipe<Buffer> pipe = in.pipe().endOnFailure(false);
            upload = pipe;
            pipe.to(request).onSuccess(done -> upload = null).onFailure(broken -> {
                // Either side may have broken; if it was the service, its answer may be under way and says why.
                upload = null;
                cutShort = true;
                context.vertx().setTimer(ANSWER_MAY_FOLLOW_MS, later -> {
                    if (coming == null) {
                        request.reset();
                    }
                });
            });
        }

        private void answer(HttpClientResponse response) {
            coming = response;
            response.end().onSuccess(end -> whole = true);
            if (clientGone) {
                breakOff(sent());
                return;
            }
            Pipe<Buffer> running = upload;
            if (running != null) {
                // The service has made up its mind without the rest; the client must get to the point of reading that.
                upload = null;
                cutShort = true;
                running.close();
                expectTroubleAgain(sent());
                Draining.drain(in);
            }
            int status = response.statusCode();
            String made = response.getHeader(Made.HEADER);
            if (made != null) {
                context.put(Changed.KEY, Changed.of(made));
            }
            if (answered(response)) {
                return;
            }
            out.setStatusCode(status);
            copyAnswerHeaders(response, Set.of());
            boolean bodiless = in.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
            if (bodiless) {
                out.end();
                response.endHandler(end -> finished());
                response.resume();
                return;
            }
            if (!out.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
                out.setChunked(true);
            }
            response.pipe()
                    .endOnFailure(false)
                    .to(out)
                    .onSuccess(end -> finished())
                    .onFailure(broken -> {
                        breakOff(sent());
                        if (!clientGone) {
                            LOG.warnf("an answer of %s broke off: %s", otherSide(), broken.getMessage());
                            // The client must see that something is missing.
                            out.reset(H2_INTERNAL_ERROR);
                        }
                    });
        }

        /** A connection that still waits for the rest of a request cannot carry another one. */
        final void finished() {
            if (cutShort) {
                sent().connection().close();
            }
        }

        final void copyAnswerHeaders(HttpClientResponse response, Set<String> without) {
            copyHeaders(
                    response.headers(),
                    out.headers(),
                    Stream.concat(without.stream(), NOT_FOR_CLIENTS.stream()).collect(Collectors.toSet()));
        }

        private HttpClientRequest sent() {
            HttpClientRequest request = sent;
            if (request == null) {
                throw new IllegalStateException("an answer without a request");
            }
            return request;
        }

        final void unavailable(Throwable failure) {
            if (clientGone || out.ended()) {
                return;
            }
            if (out.headWritten()) {
                out.reset(H2_INTERNAL_ERROR);
                return;
            }
            Pipe<Buffer> running = upload;
            if (running != null) {
                upload = null;
                running.close();
            }
            LOG.warnf("%s does not answer: %s", otherSide(), failure.getMessage());
            answerUnavailable();
        }
    }

    /** With a service, which gets the caller's signed identity instead of the credentials. */
    private final class ServiceExchange extends Exchange {
        private final Granted granted;

        ServiceExchange(RoutingContext context, Granted granted) {
            super(context);
            this.granted = granted;
        }

        @Override
        URI base() {
            return URI.create(urls.of(granted.route().service()));
        }

        @Override
        String uri() {
            return granted.internalPath() + RawQuery.suffix(in.query());
        }

        @Override
        void prepare(HttpClientRequest request) {
            copyHeaders(in.headers(), request.headers(), NOT_FOR_SERVICES);
            // The shape of errors is the gateway's affair; a service would refuse to be asked for problems only.
            request.putHeader(HttpHeaders.ACCEPT, "*/*");
            IdentitySigner.Headers signature =
                    signer.sign(identity(granted.caller()), in.method().name(), request.path());
            request.putHeader(IdentitySigner.IDENTITY_HEADER, signature.identity());
            request.putHeader(IdentitySigner.SIGNATURE_HEADER, signature.signature());
        }

        @Override
        boolean answered(HttpClientResponse response) {
            boolean rewrite = response.statusCode() >= 400
                    && !in.method().equals(HttpMethod.HEAD)
                    && !Answers.wantsProblem(granted.dialect(), in.getHeader(HttpHeaders.ACCEPT))
                    && !isJson(response);
            if (rewrite) {
                answerRewritten(response);
            }
            return rewrite;
        }

        private void answerRewritten(HttpClientResponse response) {
            int status = response.statusCode();
            boolean problem = isProblem(response);
            Buffer body = Buffer.buffer();
            response.exceptionHandler(broken -> unavailable(broken));
            response.handler(bytes -> {
                if (body.length() < MAX_PROBLEM_BYTES) {
                    body.appendBuffer(bytes);
                }
            });
            response.endHandler(end -> {
                finished();
                copyAnswerHeaders(response, Set.of("content-length", "content-type"));
                answers.send(
                        in,
                        status,
                        problem
                                ? answers.rewritten(body.toString(), status, granted.route())
                                : answers.ofStatus(status));
            });
        }

        @Override
        String otherSide() {
            return "the " + granted.route().service() + " service";
        }

        @Override
        void answerUnavailable() {
            boolean asProblem = Answers.wantsProblem(granted.dialect(), in.getHeader(HttpHeaders.ACCEPT));
            answers.send(
                    in,
                    ErrorCode.SERVICE_UNAVAILABLE.httpStatus(),
                    answers.error(
                            asProblem,
                            ErrorCode.SERVICE_UNAVAILABLE,
                            "The " + granted.route().service() + " service does not answer",
                            "try again in a moment; `GET /api/v3.1/status` shows what is down",
                            null,
                            Answers.correlationOf(in)));
        }

        private CallerIdentity identity(@Nullable Caller caller) {
            if (caller == null) {
                return new CallerIdentity("anonymous", false, null, List.of(), List.of(), "none", clock.instant());
            }
            return identityOf(caller, clock);
        }
    }

    /** With the active node's gateway, which gets the request as it came. */
    private final class ActiveExchange extends Exchange {
        private final URI active;
        private final String node;

        ActiveExchange(RoutingContext context, URI active, String node) {
            super(context);
            this.active = active;
            this.node = node;
        }

        @Override
        URI base() {
            return active;
        }

        @Override
        String uri() {
            return in.uri();
        }

        @Override
        void prepare(HttpClientRequest request) {
            copyHeaders(in.headers(), request.headers(), NOT_FOR_ANOTHER_GATEWAY);
            request.putHeader(StandbyDoor.FORWARDED_BY, node);
            String client = in.remoteAddress().hostAddress();
            if (client != null) {
                request.headers().add("X-Forwarded-For", client);
            }
            String host = in.getHeader(HttpHeaders.HOST);
            if (host != null && !request.headers().contains("X-Forwarded-Host")) {
                request.putHeader("X-Forwarded-Host", host);
            }
            if (!request.headers().contains("X-Forwarded-Proto")) {
                request.putHeader("X-Forwarded-Proto", in.isSSL() ? "https" : "http");
            }
        }

        @Override
        boolean answered(HttpClientResponse response) {
            return false;
        }

        @Override
        String otherSide() {
            return "the active manager at " + active;
        }

        @Override
        void answerUnavailable() {
            answers.noActive(
                    in,
                    "The active manager at " + active + " does not answer",
                    "try again in a moment; if it stays so, `holdfast cluster status` shows why");
        }
    }

    static CallerIdentity identityOf(Caller caller, Clock clock) {
        return new CallerIdentity(
                caller.username(),
                caller.admin(),
                caller.tenant(),
                caller.visibleTenants(),
                caller.tenantRoles(),
                caller.authMethod(),
                clock.instant(),
                caller.executionId());
    }

    private static boolean isJson(HttpClientResponse response) {
        return mediaType(response).equals(Answers.JSON);
    }

    private static boolean isProblem(HttpClientResponse response) {
        return mediaType(response).equals(Problem.MEDIA_TYPE);
    }

    private static String mediaType(HttpClientResponse response) {
        String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null ? "" : type.split(";")[0].trim().toLowerCase(Locale.ROOT);
    }

    private static void copyHeaders(MultiMap from, MultiMap to, Set<String> without) {
        Set<String> named = namedByConnection(from);
        for (String name : from.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(lower) && !without.contains(lower) && !named.contains(lower)) {
                to.set(name, from.getAll(name));
            }
        }
    }

    private static Set<String> namedByConnection(MultiMap headers) {
        return headers.getAll(HttpHeaders.CONNECTION).stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}
