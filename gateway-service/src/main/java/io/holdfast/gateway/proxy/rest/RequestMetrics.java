package io.holdfast.gateway.proxy.rest;

import io.holdfast.gateway.proxy.Admission;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Counts and times requests by route template: never by path, which would make a series of every id. */
@ApplicationScoped
public class RequestMetrics {

    /** Name of the timer; tags method, route, service, status. */
    static final String NAME = "holdfast.gateway.requests";

    /** Those that some route has. A client may send any other word: each would be a series of its own, for ever. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final String OTHER_METHOD = "OTHER";

    private final MeterRegistry registry;

    public RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** One request's beginning. */
    record Sample(Timer.Sample started) {}

    Sample start() {
        return new Sample(Timer.start(registry));
    }

    void stop(Sample sample, String method, Admission admission, int status) {
        String service =
                admission instanceof Admission.Granted granted ? granted.route().service() : "none";
        sample.started()
                .stop(Timer.builder(NAME)
                        .description("Requests from the outside, until the last byte of the answer")
                        .tag("method", METHODS.contains(method) ? method : OTHER_METHOD)
                        .tag("route", admission.template())
                        .tag("service", service)
                        .tag("status", Integer.toString(status))
                        .register(registry));
    }
}
