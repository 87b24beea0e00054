package io.holdfast.gateway.requests;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came in. Everything but {@code userId} is what the sender claims.
 *
 * @param userId the broker has made sure that the sender's connection is this user's
 * @param deadline ISO 8601 with an offset
 * @param expiration milliseconds as text, counted from {@code sentAt}
 * @param sentAt to the second
 */
public record RequestMessage(
        @Nullable String userId,
        @Nullable String messageId,
        @Nullable String type,
        @Nullable String correlationId,
        @Nullable String replyTo,
        String routingKey,
        @Nullable String deadline,
        @Nullable String expiration,
        @Nullable Instant sentAt,
        byte[] body) {

    /** AMQP's time stamps are cut to seconds. */
    private static final Duration STAMP_RESOLUTION = Duration.ofSeconds(1);

    /** What replies carry: the sender's own, or the message id where there is none. */
    public @Nullable String answeredAs() {
        return correlationId == null ? messageId : correlationId;
    }

    /**
     * From when on it must not be carried out any more; null: never.
     *
     * @throws DateTimeException if the deadline is none
     */
    public @Nullable Instant expiresAt() {
        Instant byDeadline =
                deadline == null ? null : OffsetDateTime.parse(deadline).toInstant();
        Instant byExpiration = byExpiration();
        if (byDeadline == null || byExpiration == null) {
            return byDeadline == null ? byExpiration : byDeadline;
        }
        return byDeadline.isBefore(byExpiration) ? byDeadline : byExpiration;
    }

    private @Nullable Instant byExpiration() {
        if (expiration == null || sentAt == null || !expiration.matches("[0-9]{1,15}")) {
            return null;
        }
        return sentAt.plus(STAMP_RESOLUTION).plusMillis(Long.parseLong(expiration));
    }

    /** SHA-256 of what makes two messages the same request: type, routing key and body. */
    public byte[] fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((type + "\n" + routingKey + "\n").getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
