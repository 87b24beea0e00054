package io.holdfast.gateway.requests.storage;

import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.Producers;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code gateway_control.producer}. */
@ApplicationScoped
public class PgProducers implements Producers {

    private static final String SELECT =
            "SELECT client_id, broker_user, username, tenants, rate_per_second, created_by, created_at"
                    + " FROM gateway_control.producer ";

    /** What the bucket holds by now. */
    private static final String FILLED = "least(rate_per_second, tokens"
            + " + greatest(0, extract(epoch FROM statement_timestamp() - tokens_at)) * rate_per_second)";

    private final Jdbc jdbc;

    public PgProducers(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Producer> findByBrokerUser(String brokerUser) {
        if (brokerUser.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        return jdbc.first(SELECT + "WHERE broker_user = ?", PgProducers::read, brokerUser);
    }

    @Override
    public Optional<Producer> find(String clientId) {
        return jdbc.first(SELECT + "WHERE client_id = ?", PgProducers::read, clientId);
    }

    @Override
    public List<Producer> all() {
        return jdbc.list(SELECT + "ORDER BY client_id", PgProducers::read);
    }

    @Override
    public boolean add(Producer producer) {
        return jdbc.update(
                        """
                        INSERT INTO gateway_control.producer
                            (client_id, broker_user, username, tenants, rate_per_second, tokens, created_by, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """,
                        producer.clientId(),
                        producer.brokerUser(),
                        producer.username(),
                        producer.tenants(),
                        producer.ratePerSecond(),
                        (double) producer.ratePerSecond(),
                        producer.createdBy(),
                        producer.createdAt())
                == 1;
    }

    @Override
    public boolean remove(String clientId) {
        return jdbc.update("DELETE FROM gateway_control.producer WHERE client_id = ?", clientId) == 1;
    }

    @Override
    public Optional<Duration> takeToken(String clientId) {
        int taken = jdbc.update(
                "UPDATE gateway_control.producer SET tokens = " + FILLED
                        + " - 1, tokens_at = statement_timestamp() WHERE client_id = ? AND " + FILLED + " >= 1",
                clientId);
        if (taken == 1) {
            return Optional.empty();
        }
        return jdbc.first(
                        "SELECT greatest(0, (1 - " + FILLED + ") / rate_per_second * 1000) AS wait_ms"
                                + " FROM gateway_control.producer WHERE client_id = ?",
                        row -> Duration.ofMillis((long) Math.ceil(row.getDouble("wait_ms"))),
                        clientId)
                .or(() -> Optional.of(Duration.ZERO));
    }

    private static Producer read(ResultSet row) throws SQLException {
        return new Producer(
                row.getString("client_id"),
                row.getString("broker_user"),
                row.getString("username"),
                List.of((String[]) row.getArray("tenants").getArray()),
                row.getInt("rate_per_second"),
                row.getString("created_by"),
                Objects.requireNonNull(Jdbc.instant(row, "created_at")));
    }
}
