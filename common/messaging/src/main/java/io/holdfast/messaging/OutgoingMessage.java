package io.holdfast.messaging;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One outbox row, or message of an {@link OutgoingSource}, on its way out. CloudEvents 1.0 attributes as AMQP headers {@code
 * cloudEvents_*} (binary mode), the usual ones also as message properties. The same as another only if it is the very object.
 */
public final class OutgoingMessage {

    /** Key in {@code headers} of the outbox: the message is for somebody outside, see {@link Outbox#appendReply}. */
    static final String DROP_WHEN_RETURNED = "dropWhenReturned";

    private static final int PERSISTENT = 2;
    private static final String NO_HEADERS = "{}";

    /** Of what was never a row of the outbox. */
    static final long NO_SEQ = 0;

    private final long seq;
    private final String messageId;
    private final String type;
    private final String subject;
    private final @Nullable Integer aggregateVersion;
    private final @Nullable String tenantName;
    private final String exchange;
    private final String routingKey;
    private final String headers;
    private final byte[] payload;
    private final Instant createdAt;
    private final int attempts;
    private final boolean rebuildable;

    private OutgoingMessage(ResultSet row) throws SQLException {
        seq = row.getLong(1);
        messageId = row.getString(2);
        type = row.getString(3);
        subject = row.getString(4);
        aggregateVersion = row.getObject(5, Integer.class);
        tenantName = row.getString(6);
        exchange = row.getString(7);
        routingKey = row.getString(8);
        headers = row.getString(9);
        // The text of the JSON as it came over the wire: it need not become characters in between.
        payload = row.getBytes(10);
        createdAt = row.getTimestamp(11).toInstant();
        attempts = row.getInt(12);
        rebuildable = row.getBoolean(13);
    }

    private OutgoingMessage(
            String messageId,
            String type,
            String subject,
            String exchange,
            String routingKey,
            byte[] payload,
            Instant createdAt) {
        this.seq = NO_SEQ;
        this.messageId = messageId;
        this.type = type;
        this.subject = subject;
        this.aggregateVersion = null;
        this.tenantName = null;
        this.exchange = exchange;
        this.routingKey = routingKey;
        this.headers = NO_HEADERS;
        this.payload = payload;
        this.createdAt = createdAt;
        this.attempts = 0;
        this.rebuildable = true;
    }

    /**
     * Of an {@link OutgoingSource}. It has no optional attribute but subject and time: each header costs the broker a twentieth of a
     * message, and the body says the rest.
     *
     * @param messageId a UUID, the same each time
     * @param type wire name
     * @param payload JSON in UTF-8; not to be changed any more
     */
    public static OutgoingMessage rebuildable(
            String messageId,
            String type,
            String subject,
            String exchange,
            String routingKey,
            byte[] payload,
            Instant createdAt) {
        return new OutgoingMessage(messageId, type, subject, exchange, routingKey, payload, createdAt);
    }

    /** @param row in the order of the relay's statement */
    static OutgoingMessage of(ResultSet row) throws SQLException {
        return new OutgoingMessage(row);
    }

    BasicProperties properties(String service) {
        Map<String, Object> all = new HashMap<>(24);
        all.put("cloudEvents_id", messageId);
        all.put("cloudEvents_source", "/holdfast/" + service);
        all.put("cloudEvents_type", "io.holdfast." + type);
        all.put("cloudEvents_specversion", "1.0");
        all.put("cloudEvents_subject", subject);
        all.put("cloudEvents_time", DateTimeFormatter.ISO_INSTANT.format(createdAt));
        if (tenantName != null) {
            all.put("cloudEvents_tenant", tenantName);
        }
        if (aggregateVersion != null) {
            all.put("cloudEvents_sequence", aggregateVersion);
        }
        BasicProperties.Builder properties = new BasicProperties.Builder()
                .messageId(messageId)
                .type(type)
                .timestamp(Date.from(createdAt))
                .contentType("application/json")
                .deliveryMode(PERSISTENT)
                .appId("holdfast." + service);
        if (!headers.equals(NO_HEADERS)) {
            Map<String, Object> more = EventJson.map(headers);
            more.forEach((name, value) -> {
                if (name.startsWith("cloudEvents_")) {
                    all.put(name, String.valueOf(value));
                }
            });
            if (more.get("correlationId") instanceof String correlationId) {
                properties.correlationId(correlationId);
            }
        }
        return properties.headers(all).build();
    }

    /** Whether nobody waits for it to be routable some day. */
    boolean droppedWhenReturned() {
        return headers.contains(DROP_WHEN_RETURNED)
                && Boolean.TRUE.equals(EventJson.map(headers).get(DROP_WHEN_RETURNED));
    }

    long seq() {
        return seq;
    }

    public String messageId() {
        return messageId;
    }

    String type() {
        return type;
    }

    public String subject() {
        return subject;
    }

    @Nullable
    Integer aggregateVersion() {
        return aggregateVersion;
    }

    @Nullable
    String tenantName() {
        return tenantName;
    }

    String exchange() {
        return exchange;
    }

    String routingKey() {
        return routingKey;
    }

    /** JSON of more headers. */
    String headers() {
        return headers;
    }

    /** UTF-8; not to be changed. */
    public byte[] payload() {
        return payload;
    }

    Instant createdAt() {
        return createdAt;
    }

    int attempts() {
        return attempts;
    }

    boolean rebuildable() {
        return rebuildable;
    }
}
