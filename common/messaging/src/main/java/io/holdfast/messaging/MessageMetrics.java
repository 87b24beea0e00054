package io.holdfast.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What can be counted about messages. Names are documented in docs/events.md. */
final class MessageMetrics {

    private static final Map<String, AtomicLong> GAUGES = new ConcurrentHashMap<>();

    private MessageMetrics() {}

    static void published(String service, int messages) {
        Metrics.counter("holdfast.outbox.published", "service", service).increment(messages);
    }

    /** @param why as in {@code last_error}; returned by the broker, or not taken */
    static void refused(String service, String why) {
        String reason = why.startsWith(Confirms.UNROUTABLE) ? "returned" : "refused";
        Metrics.counter("holdfast.outbox.refused", "service", service, "reason", reason)
                .increment();
    }

    /** @param waited from publishing a batch to the last of its confirms */
    static void confirmed(String service, Duration waited) {
        Metrics.timer("holdfast.outbox.confirm", "service", service).record(waited);
    }

    /** A broker had lost its data. */
    static void rebuilt(String service) {
        Metrics.counter("holdfast.broker.rebuilt", "service", service).increment();
    }

    /** A reply to somebody outside that no queue took. */
    static void replyDropped(String service) {
        Metrics.counter("holdfast.replies.dropped", "service", service).increment();
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
        return gauge("holdfast.messages.dead", service).getAndSet(count);
    }

    /**
     * @param depth messages that wait to be published
     * @param ageSeconds how long the oldest of them has waited
     */
    static void outbox(String service, long depth, long ageSeconds) {
        gauge("holdfast.outbox.depth", service).set(depth);
        gauge("holdfast.outbox.age.seconds", service).set(ageSeconds);
    }

    private static AtomicLong gauge(String name, String service) {
        return GAUGES.computeIfAbsent(name + "/" + service, key -> {
            AtomicLong value = new AtomicLong();
            Gauge.builder(name, value, AtomicLong::doubleValue)
                    .tag("service", service)
                    .register(Metrics.globalRegistry);
            return value;
        });
    }
}
