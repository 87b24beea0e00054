package io.holdfast.gateway.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestMessageTest {

    private static final Instant SENT = Instant.parse("2026-03-13T04:00:00Z");

    private static RequestMessage message(
            @Nullable String deadline, @Nullable String expiration, @Nullable Instant sentAt, String body) {
        return new RequestMessage(
                "acme",
                "m1",
                "t",
                null,
                null,
                "k",
                deadline,
                expiration,
                sentAt,
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void expiresAtTheEarlierOfDeadlineAndExpiration() {
        assertThat(message(null, null, SENT, "").expiresAt()).isNull();
        assertThat(message("2026-03-13T05:00:00+01:00", null, null, "").expiresAt())
                .isEqualTo(SENT);
        assertThat(message(null, "500", SENT, "").expiresAt()).isEqualTo("2026-03-13T04:00:01.500Z");
        assertThat(message("2026-03-13T04:00:01Z", "500", SENT, "").expiresAt()).isEqualTo("2026-03-13T04:00:01Z");
        assertThat(message("2026-03-13T04:00:02Z", "500", SENT, "").expiresAt()).isEqualTo("2026-03-13T04:00:01.500Z");
    }

    @Test
    void expirationWithoutATimeOrOfNoSenseIsNone() {
        assertThat(message(null, "500", null, "").expiresAt()).isNull();
        assertThat(message(null, "soon", SENT, "").expiresAt()).isNull();
        assertThat(message(null, "-1", SENT, "").expiresAt()).isNull();
        assertThatThrownBy(() -> message("soon", null, null, "").expiresAt()).isInstanceOf(DateTimeException.class);
    }

    @Test
    void sameRequestHasTheSameFingerprintAndNoOtherHas() {
        assertThat(message(null, null, null, "a").fingerprint())
                .isEqualTo(message("x", null, SENT, "a").fingerprint())
                .isNotEqualTo(message(null, null, null, "b").fingerprint());
    }

    @Test
    void repliesGoToTheProducersOwnQueuesOnly() {
        Producer producer = new Producer("acme", "acme", "alice", List.of("t"), 1, "admin", SENT);
        assertThat(List.of("reply.acme", "reply.acme.", "reply.acme.x.y")).allMatch(producer::mayBeAnsweredAt);
        assertThat(List.of("reply.acme2", "reply", "", "reply.acmeX", "xreply.acme", "reply.acme." + "x".repeat(250)))
                .noneMatch(producer::mayBeAnsweredAt);
    }

    @Test
    void tenantIsWhatIsBetweenTheRoutingKeysEnds() {
        RequestKind kind = RequestKind.START_EXECUTION;
        assertThat(kind.tenantOf("request.a.execution.start")).contains("a");
        assertThat(kind.tenantOf("request.a.b.execution.start")).contains("a.b");
        assertThat(List.of("request.execution.start", "request..execution.start", "request.a.execution.stop", "a", ""))
                .allMatch(key -> kind.tenantOf(key).isEmpty());
    }
}
