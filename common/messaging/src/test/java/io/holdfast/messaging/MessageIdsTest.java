package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MessageIdsTest {

    @Test
    void idsAreOfVersionSevenAndBeginWithTheTime() {
        // given
        Instant at = Instant.parse("2026-11-20T12:00:00.123Z");
        // when
        UUID id = new MessageIds(Clock.fixed(at, ZoneOffset.UTC)).next();
        // then
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(at.toEpochMilli());
    }

    @Test
    void idlessMessageGetsTheSameIdAtEachDelivery() {
        byte[] body = {1, 2, 3};
        assertThat(MessageHandler.messageId(null, body)).isEqualTo(MessageHandler.messageId(null, body));
        assertThat(MessageHandler.messageId("order-7", body))
                .isEqualTo(MessageHandler.messageId("order-7", new byte[0]));
    }
}
