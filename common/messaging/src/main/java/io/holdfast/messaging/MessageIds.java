package io.holdfast.messaging;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** Makes UUIDs of version 7 (RFC 9562, section 5.7): ordered by time to the millisecond, then random. Thread-safe. */
public final class MessageIds {

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public MessageIds(Clock clock) {
        this.clock = clock;
    }

    public UUID next() {
        long high = clock.millis() << 16 | 0x7000L | random.nextInt(1 << 12);
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
