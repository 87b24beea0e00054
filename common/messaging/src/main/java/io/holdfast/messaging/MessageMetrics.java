package io.holdfast.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What can be counted about messages. Names are documented in docs/events.md. */
final class MessageMetrics {

    private static final Map<String, AtomicLong> DEAD = new ConcurrentHashMap<>();

    private MessageMetrics() {}

    static void published(String service, int messages) {
        Metrics.counter("holdfast.outbox.published", "service", service).increment(messages);
    }

    static void refused(String service, int messages) {
        Metrics.counter("holdfast.outbox.refused", "service", service).increment(messages);
    }

    static void handled(String consumer) {
        Metrics.counter("holdfast.messages.handled", "consumer", consumer).increment();
    }

    static void duplicate(String consumer) {
        Metrics.counter("holdfast.messages.duplicate", "consumer", consumer).increment();
    }

    /** @param state {@code waiting} or {@code dead} */
    static void parked(String consumer, String state) {
        Metrics.counter("holdfast.messages.parked", "consumer", consumer, "state", state)
                .increment();
    }

    /** Sets the number of dead messages of a service and answers what it was before. */
    static long dead(String service, long count) {
        return DEAD.computeIfAbsent(service, name -> {
                    AtomicLong value = new AtomicLong();
                    Gauge.builder("holdfast.messages.dead", value, AtomicLong::doubleValue)
                            .tag("service", name)
                            .register(Metrics.globalRegistry);
                    return value;
                })
                .getAndSet(count);
    }
}
