package io.holdfast.gateway.requests.storage;

import io.holdfast.contracts.requests.Reply;
import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.requests.RequestLog;
import io.holdfast.gateway.requests.app.RequestJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** {@code gateway_control.request}. */
@ApplicationScoped
public class PgRequestLog implements RequestLog {

    private final Jdbc jdbc;

    public PgRequestLog(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Instant now() {
        return jdbc.first(
                        "SELECT statement_timestamp() AS now", row -> Objects.requireNonNull(Jdbc.instant(row, "now")))
                .orElseThrow();
    }

    @Override
    public Optional<Known> lock(Key key) {
        return jdbc.first(
                "SELECT sha256, reply_type, reply FROM gateway_control.request WHERE client_id = ? AND message_id = ?"
                        + " FOR UPDATE",
                row -> {
                    String type = row.getString("reply_type");
                    return new Known(
                            row.getBytes("sha256"),
                            type == null ? null : RequestJson.readReply(type, row.getString("reply")));
                },
                key.clientId(),
                key.messageId());
    }

    @Override
    public boolean add(Key key, byte[] fingerprint, String type, String tenant) {
        return jdbc.update(
                        "INSERT INTO gateway_control.request (client_id, message_id, sha256, type, tenant_name)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        key.clientId(),
                        key.messageId(),
                        fingerprint,
                        type,
                        tenant)
                == 1;
    }

    @Override
    public void tryAgain(Key key) {
        jdbc.update(
                "UPDATE gateway_control.request SET attempts = attempts + 1 WHERE client_id = ? AND message_id = ?",
                key.clientId(),
                key.messageId());
    }

    @Override
    public void answer(Key key, Reply reply) {
        jdbc.update(
                "UPDATE gateway_control.request SET answered_at = statement_timestamp(), reply_type = ?, reply ="
                        + " ?::jsonb WHERE client_id = ? AND message_id = ?",
                reply.type(),
                RequestJson.write(reply),
                key.clientId(),
                key.messageId());
    }

    @Override
    public int forget(Duration age, int most) {
        return jdbc.update("""
            DELETE FROM gateway_control.request WHERE (client_id, message_id) IN (
                SELECT client_id, message_id FROM gateway_control.request
                WHERE received_at < statement_timestamp() - ? * interval '1 second'
                ORDER BY received_at LIMIT ? FOR UPDATE SKIP LOCKED)
            """, age.toSeconds(), most);
    }
}
