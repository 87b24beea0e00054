package io.holdfast.messaging;

import io.holdfast.contracts.events.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event of nobody's. */
record Sample(String id, @Nullable String note, Instant at, String key) implements Event {

    static final String TYPE = "sample.happened.v1";

    static Sample of(String id) {
        return new Sample(id, null, Instant.parse("2026-01-02T03:04:05.678Z"), "sample.happened.v1._");
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String subject() {
        return id;
    }

    @Override
    public String routingKey() {
        return key;
    }
}
