package io.holdfast.messaging;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How outbox, inbox and broker connections behave; the same for every service of a JVM. */
@ConfigMapping(prefix = "holdfast.messaging")
public interface MessagingConfig {

    /** False leaves database and broker alone: for tests that need neither. */
    @WithDefault("true")
    boolean enabled();

    /**
     * How long a start waits for a database or broker that is not up yet, before it gives up. Longer than a database needs to
     * recover after a crash.
     */
    @WithDefault("90s")
    Duration startupPatience();

    /**
     * How often outboxes and parked messages are looked at though nobody notified: one statement for all services of the JVM.
     * Notifications make it a safety net, so shorter only costs.
     */
    @WithDefault("2s")
    Duration pollInterval();

    /**
     * Messages that one relay transaction publishes and waits for. Two transactions overlap, so a crash can send twice as many again.
     */
    @WithDefault("500")
    int relayBatch();

    /** How long a relay waits for a batch's confirms before it rolls back and starts again. */
    @WithDefault("30s")
    Duration confirmTimeout();

    /** How long the inbox remembers a message. Longer than any message can wait in a queue. */
    @WithDefault("P14D")
    Duration inboxRetention();

    /**
     * How long published messages are kept, to be sent again to a broker that lost its data. Longer than any message waits in a
     * queue. Zero keeps none, and leaves what such a broker had to whoever can rebuild it.
     */
    @WithDefault("PT24H")
    Duration sentRetention();

    /** Bodies of more bytes are dead letters at once, and of them only as much is kept. Several times what the largest of ours has. */
    @WithDefault("4M")
    MemorySize maxBody();
}
