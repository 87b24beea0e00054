package io.holdfast.gateway.proxy.rest;

import io.holdfast.gateway.proxy.Admission;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;

/** Counts and times requests by route template: never by path, which would make a series of every id. */
@ApplicationScoped
public class RequestMetrics {

    /** Name of the timer; tags method, route, service, status. */
    static final String NAME = "holdfast.gateway.requests";

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
                        .tag("method", method)
                        .tag("route", admission.template())
                        .tag("service", service)
                        .tag("status", Integer.toString(status))
                        .register(registry));
    }
}
