package io.holdfast.scheduler.limits.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.limits.Limit;
import io.holdfast.scheduler.limits.Limits;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables {@code tenant_limits} and {@code concurrency_limits}. */
@ApplicationScoped
class PgLimits implements Limits {

    private static final String ALL =
            "SELECT * FROM (SELECT tenant_name, NULL AS key, max_running, starts_per_minute, burst"
                    + " FROM scheduler.tenant_limits UNION ALL SELECT tenant_name, key, max_running, NULL, NULL"
                    + " FROM scheduler.concurrency_limits) l";

    private final AgroalDataSource dataSource;

    PgLimits(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<Limit> list(@Nullable String tenantName) {
        return read(
                ALL + " WHERE ?::text IS NULL OR tenant_name = ? ORDER BY tenant_name, key NULLS FIRST",
                tenantName,
                tenantName);
    }

    @Override
    public Optional<Limit> find(String tenantName, @Nullable String key) {
        return read(ALL + " WHERE tenant_name = ? AND key IS NOT DISTINCT FROM ?", tenantName, key).stream()
                .findFirst();
    }

    @Override
    public void put(Limit limit) {
        String key = limit.key();
        if (key != null) {
            write(
                    "INSERT INTO scheduler.concurrency_limits (tenant_name, key, max_running) VALUES (?, ?, ?)"
                            + " ON CONFLICT (tenant_name, key) DO UPDATE SET max_running = excluded.max_running",
                    limit.tenantName(),
                    key,
                    limit.maxRunning());
            return;
        }
        write(
                "INSERT INTO scheduler.tenant_limits (tenant_name, max_running, starts_per_minute, burst) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (tenant_name) DO UPDATE SET max_running = excluded.max_running,"
                        + " starts_per_minute = excluded.starts_per_minute, burst = excluded.burst",
                limit.tenantName(),
                limit.maxRunning(),
                limit.startsPerMinute(),
                limit.burst());
        write("DELETE FROM scheduler_control.tenant_starts WHERE tenant_name = ?", limit.tenantName());
    }

    @Override
    public boolean remove(String tenantName, @Nullable String key) {
        if (key != null) {
            return write("DELETE FROM scheduler.concurrency_limits WHERE tenant_name = ? AND key = ?", tenantName, key)
                    == 1;
        }
        write("DELETE FROM scheduler_control.tenant_starts WHERE tenant_name = ?", tenantName);
        return write("DELETE FROM scheduler.tenant_limits WHERE tenant_name = ?", tenantName) == 1;
    }

    private List<Limit> read(String sql, @Nullable Object... binds) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, binds);
            try (ResultSet rows = statement.executeQuery()) {
                List<Limit> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(new Limit(
                            rows.getString("tenant_name"),
                            rows.getString("key"),
                            rows.getObject("max_running", Integer.class),
                            rows.getObject("starts_per_minute", Integer.class),
                            rows.getObject("burst", Integer.class)));
                }
                return found;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read limits", e);
        }
    }

    private int write(String sql, @Nullable Object... binds) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, binds);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write limits", e);
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... binds) throws SQLException {
        for (int i = 0; i < binds.length; i++) {
            if (binds[i] instanceof Integer number) {
                statement.setInt(i + 1, number);
            } else if (binds[i] == null) {
                statement.setObject(i + 1, null);
            } else {
                statement.setString(i + 1, String.valueOf(binds[i]));
            }
        }
    }
}
