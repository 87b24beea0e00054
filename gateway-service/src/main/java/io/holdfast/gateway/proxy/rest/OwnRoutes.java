package io.holdfast.gateway.proxy.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.proxy.Admission.Caller;
import io.holdfast.gateway.proxy.Admission.Granted;
import io.holdfast.gateway.routing.ApiPath;
import io.holdfast.gateway.routing.RawQuery;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.JsonContent;
import io.holdfast.http.Problem;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Clock;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Leads an admitted request to the gateway's own resource ({@code /internal/gateway/…}) with its caller, and gives what the resource
 * throws the manager API's shape. Other requests pass untouched.
 */
@ApplicationScoped
public class OwnRoutes {

    /** Its body is a file of any kind. */
    private static final String LICENSE = "license";

    private final CurrentCaller current;
    private final Answers answers;
    private final Clock clock;

    public OwnRoutes(CurrentCaller current, Answers answers, Clock clock) {
        this.current = current;
        this.answers = answers;
        this.clock = clock;
    }

    @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION + 1)
    public void lead(ContainerRequestContext request, RoutingContext context) {
        Granted granted = context.get(FrontDoor.GRANTED);
        if (granted == null) {
            return;
        }
        if (mustBeJson(granted, context.request())) {
            JsonContent.require(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
        }
        Caller caller = granted.caller();
        if (caller != null) {
            current.set(Upstream.identityOf(caller, clock));
        }
        // Which shape an error has is decided here; the resources know one only, and would refuse to be asked for
        // another.
        request.getHeaders().putSingle(HttpHeaders.ACCEPT, MediaType.WILDCARD);
        try {
            request.setRequestUri(URI.create(
                    granted.internalPath() + RawQuery.suffix(context.request().query())));
        } catch (HttpException e) {
            // The framework reads the query as it came by the way.
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "Invalid URL: the query is not properly percent-encoded", null, e);
        }
    }

    /** Only what is there can be of the wrong kind: many requests carry nothing. Source: cloudify-api section 1.2. */
    private static boolean mustBeJson(Granted granted, HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean empty = length == null ? request.getHeader("Transfer-Encoding") == null : length.equals("0");
        return !empty
                && granted.dialect() == ApiPath.Dialect.MANAGER
                && !granted.route().template().equals(LICENSE);
    }

    @ServerResponseFilter
    public void translate(ContainerResponseContext response, RoutingContext context) {
        Granted granted = context.get(FrontDoor.GRANTED);
        MediaType type = response.getMediaType();
        if (granted == null
                || type == null
                || !MediaType.valueOf(Problem.MEDIA_TYPE).isCompatible(type)
                || !(response.getEntity() instanceof String problem)
                || Answers.wantsProblem(granted.dialect(), context.request().getHeader("Accept"))) {
            return;
        }
        Answers.Body body = answers.rewritten(problem, response.getStatus(), granted.route());
        response.setEntity(body.text(), null, MediaType.APPLICATION_JSON_TYPE);
    }
}
