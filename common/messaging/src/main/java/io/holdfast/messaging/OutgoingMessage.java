package io.holdfast.messaging;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One outbox row on its way out. CloudEvents 1.0 attributes as AMQP headers {@code cloudEvents_*} (binary mode), the usual ones also
 * as message properties.
 */
record OutgoingMessage(
        long seq,
        UUID messageId,
        String type,
        String subject,
        @Nullable Integer aggregateVersion,
        @Nullable String tenantName,
        String exchange,
        String routingKey,
        Map<String, Object> moreHeaders,
        String payload,
        Instant createdAt,
        int attempts) {

    private static final int PERSISTENT = 2;

    byte[] body() {
        return payload.getBytes(StandardCharsets.UTF_8);
    }

    BasicProperties properties(String service) {
        Map<String, Object> headers = new HashMap<>();
        headers.put("cloudEvents_id", messageId.toString());
        headers.put("cloudEvents_source", "/holdfast/" + service);
        headers.put("cloudEvents_type", "io.holdfast." + type);
        headers.put("cloudEvents_specversion", "1.0");
        headers.put("cloudEvents_subject", subject);
        headers.put("cloudEvents_time", DateTimeFormatter.ISO_INSTANT.format(createdAt));
        if (tenantName != null) {
            headers.put("cloudEvents_tenant", tenantName);
        }
        if (aggregateVersion != null) {
            headers.put("cloudEvents_sequence", aggregateVersion);
        }
        moreHeaders.forEach((name, value) -> {
            if (name.startsWith("cloudEvents_")) {
                headers.put(name, String.valueOf(value));
            }
        });
        BasicProperties.Builder properties = new BasicProperties.Builder()
                .messageId(messageId.toString())
                .type(type)
                .timestamp(Date.from(createdAt))
                .contentType("application/json")
                .deliveryMode(PERSISTENT)
                .appId("holdfast." + service)
                .headers(headers);
        if (moreHeaders.get("correlationId") instanceof String correlationId) {
            properties.correlationId(correlationId);
        }
        return properties.build();
    }
}
