package io.holdfast.messaging;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;

/** The configuration as it is when nothing is set. */
final class Defaults implements MessagingConfig {

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public Duration startupPatience() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Duration pollInterval() {
        return Duration.ofSeconds(1);
    }

    @Override
    public int relayBatch() {
        return 500;
    }

    @Override
    public Duration confirmTimeout() {
        return Duration.ofSeconds(10);
    }

    @Override
    public Duration inboxRetention() {
        return Duration.ofDays(14);
    }

    @Override
    public Duration sentRetention() {
        return Duration.ofHours(24);
    }

    @Override
    public MemorySize maxBody() {
        return new MemorySize(BigInteger.valueOf(4 << 20));
    }
}
