package io.holdfast.gateway.proxy.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.gateway.errors.ErrorBody;
import io.holdfast.gateway.routing.ApiPath;
import io.holdfast.gateway.routing.Route;
import io.holdfast.http.Correlation;
import io.holdfast.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Error answers in the shape that a client expects: the manager API's, or a problem where that is asked for or the API is our own. */
@ApplicationScoped
public class Answers {

    static final String JSON = "application/json";

    /** An election takes about a second. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final String PUBLIC_PREFIX = "/api/v3.1/";

    private static final TypeReference<Map<String, @Nullable Object>> MEMBERS = new TypeReference<>() {};

    private final ObjectMapper json;

    public Answers(ObjectMapper json) {
        this.json = json;
    }

    /** An error's media type and body. */
    record Body(String mediaType, String text) {}

    /** Whether a client gets problems as they are. */
    static boolean wantsProblem(ApiPath.Dialect dialect, @Nullable String accept) {
        return dialect == ApiPath.Dialect.HOLDFAST || (accept != null && accept.contains(Problem.MEDIA_TYPE));
    }

    Body error(
            boolean asProblem,
            ErrorCode code,
            String message,
            @Nullable String hint,
            @Nullable String traceback,
            @Nullable String correlationId) {
        return asProblem
                ? new Body(Problem.MEDIA_TYPE, write(Problem.of(code, message, hint, correlationId)))
                : new Body(JSON, write(ErrorBody.of(message, code.wireCode(), traceback)));
    }

    /** A service's problem in the manager API's shape. What is no problem, although it should be, becomes one of the status. */
    Body rewritten(String problem, int status, Route route) {
        // Where the service has the resource is nobody's business outside.
        String outside = problem.replace("/internal/" + route.service() + "/", PUBLIC_PREFIX);
        try {
            return new Body(JSON, write(ErrorBody.ofProblem(json.readValue(outside, MEMBERS), status)));
        } catch (JsonProcessingException e) {
            return ofStatus(status);
        }
    }

    /** For an error answer without a body that could be used. */
    Body ofStatus(int status) {
        ErrorCode code = ErrorBody.codeFor(status);
        return new Body(JSON, write(ErrorBody.of(code.title(), code.wireCode(), null)));
    }

    /** Sends an error and lets a client that is still uploading finish, so that it reads the answer instead of a broken pipe. */
    void send(HttpServerRequest request, int status, Body body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status);
        response.putHeader(HttpHeaders.CONTENT_TYPE, body.mediaType());
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body.text());
        }
        Draining.drain(request);
    }

    /** Refuses what only an active manager can answer; to be tried again soon. */
    void noActive(HttpServerRequest request, String message, String hint) {
        ApiPath.Dialect dialect = ApiPath.dialectOf(String.valueOf(request.path()));
        if (!request.response().ended() && !request.response().closed()) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        send(
                request,
                ErrorCode.SERVICE_UNAVAILABLE.httpStatus(),
                error(
                        wantsProblem(dialect, request.getHeader(HttpHeaders.ACCEPT)),
                        ErrorCode.SERVICE_UNAVAILABLE,
                        message,
                        hint,
                        null,
                        correlationOf(request)));
    }

    static @Nullable String correlationOf(HttpServerRequest request) {
        return request.response().headers().get(Correlation.HEADER);
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an error is always JSON", e);
        }
    }
}
