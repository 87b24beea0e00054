package io.holdfast.cluster.node.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.cluster.node.ToldNodes;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code cluster_control.told_active} and {@code told_node}. */
@ApplicationScoped
class PgToldNodes implements ToldNodes {

    private final AgroalDataSource dataSource;

    PgToldNodes(@DataSource("cluster") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public LastActive lock() {
        return run("SELECT epoch, node FROM cluster_control.told_active FOR UPDATE", statement -> {
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException(
                            "cluster_control.told_active has lost its row; the migration makes it");
                }
                return new LastActive(row.getLong(1), row.getString(2));
            }
        });
    }

    @Override
    public void activeIs(long epoch, String active) {
        run("UPDATE cluster_control.told_active SET epoch = ?, node = ?", statement -> {
            statement.setLong(1, epoch);
            statement.setString(2, active);
            return statement.executeUpdate();
        });
    }

    @Override
    public Map<String, Boolean> nodes() {
        return run("SELECT name, up FROM cluster_control.told_node ORDER BY name", statement -> {
            Map<String, Boolean> nodes = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    nodes.put(rows.getString(1), rows.getBoolean(2));
                }
            }
            return nodes;
        });
    }

    @Override
    public void nodeIs(String name, boolean up) {
        run(
                "INSERT INTO cluster_control.told_node (name, up) VALUES (?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET up = excluded.up",
                statement -> {
                    statement.setString(1, name);
                    statement.setBoolean(2, up);
                    return statement.executeUpdate();
                });
    }

    @Override
    public void forget(String name) {
        run("DELETE FROM cluster_control.told_node WHERE name = ?", statement -> {
            statement.setString(1, name);
            return statement.executeUpdate();
        });
    }

    @Override
    public Map<String, Instant> silent() {
        return run(
                "SELECT name, silent_since FROM cluster_control.told_node WHERE silent_since IS NOT NULL",
                statement -> {
                    Map<String, Instant> silent = new LinkedHashMap<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            silent.put(
                                    rows.getString(1),
                                    rows.getObject(2, OffsetDateTime.class).toInstant());
                        }
                    }
                    return silent;
                });
    }

    @Override
    public void silentSince(String name, @Nullable Instant since) {
        run("UPDATE cluster_control.told_node SET silent_since = ? WHERE name = ?", statement -> {
            statement.setObject(1, since == null ? null : since.atOffset(ZoneOffset.UTC));
            statement.setString(2, name);
            return statement.executeUpdate();
        });
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.with(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read or write what was told of the nodes", e);
        }
    }
}
