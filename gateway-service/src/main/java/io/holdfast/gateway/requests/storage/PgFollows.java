package io.holdfast.gateway.requests.storage;

import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.requests.Followed;
import io.holdfast.gateway.requests.Follows;
import io.holdfast.gateway.requests.RequestLog;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code gateway_control.followed_execution}. */
@ApplicationScoped
public class PgFollows implements Follows {

    private static final String THIS = " WHERE client_id = ? AND message_id = ? AND told_status = ?";

    private final Jdbc jdbc;

    public PgFollows(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public int count(String clientId) {
        return jdbc.first(
                        "SELECT count(*) AS n FROM gateway_control.followed_execution WHERE client_id = ?",
                        row -> row.getInt("n"),
                        clientId)
                .orElseThrow();
    }

    @Override
    public void add(Followed followed, @Nullable Instant due, Duration longest) {
        jdbc.update(
                "INSERT INTO gateway_control.followed_execution (client_id, message_id, tenant_name, execution_id,"
                        + " reply_to, answered_as, told_status, follow_until) VALUES (?, ?, ?, ?, ?, ?, ?,"
                        + " greatest(?::timestamptz, statement_timestamp()) + ? * interval '1 second')"
                        + " ON CONFLICT DO NOTHING",
                followed.key().clientId(),
                followed.key().messageId(),
                followed.tenantName(),
                followed.executionId(),
                followed.replyTo(),
                followed.answeredAs(),
                followed.toldStatus(),
                due == null ? null : Timestamp.from(due),
                longest.toSeconds());
    }

    @Override
    public List<Followed> next(int most) {
        return jdbc.list(
                """
                UPDATE gateway_control.followed_execution f SET checked_at = statement_timestamp()
                  FROM (SELECT client_id, message_id FROM gateway_control.followed_execution
                         ORDER BY checked_at LIMIT ? FOR UPDATE SKIP LOCKED) n
                 WHERE f.client_id = n.client_id AND f.message_id = n.message_id
                RETURNING f.client_id, f.message_id, f.tenant_name, f.execution_id, f.reply_to, f.answered_as, f.told_status
                """,
                row -> new Followed(
                        new RequestLog.Key(row.getString("client_id"), row.getString("message_id")),
                        row.getString("tenant_name"),
                        row.getString("execution_id"),
                        row.getString("reply_to"),
                        row.getString("answered_as"),
                        row.getString("told_status")),
                most);
    }

    @Override
    public boolean told(Followed followed, String status) {
        return jdbc.update(
                        "UPDATE gateway_control.followed_execution SET told_status = ?" + THIS,
                        status,
                        followed.key().clientId(),
                        followed.key().messageId(),
                        followed.toldStatus())
                == 1;
    }

    @Override
    public boolean end(Followed followed) {
        return jdbc.update(
                        "DELETE FROM gateway_control.followed_execution" + THIS,
                        followed.key().clientId(),
                        followed.key().messageId(),
                        followed.toldStatus())
                == 1;
    }

    @Override
    public int giveUp() {
        return jdbc.update("DELETE FROM gateway_control.followed_execution WHERE follow_until < statement_timestamp()");
    }
}
