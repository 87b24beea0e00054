package io.holdfast.restore.cloudify.storage;

import io.holdfast.restore.cloudify.KeptAccess;
import io.holdfast.restore.cloudify.KeptAccess.Administrator;
import io.holdfast.restore.cloudify.KeptAccess.Permission;
import io.holdfast.restore.cloudify.KeptAccess.Role;
import io.holdfast.restore.loading.StagingTarget;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the live {@code access} schema. */
@ApplicationScoped
public class PgKeptAccess implements KeptAccess.Source {

    @Override
    public KeptAccess read(StagingTarget target) {
        try (Connection connection = target.connection();
                Statement statement = connection.createStatement()) {
            if (!isThere(statement)) {
                return KeptAccess.NONE;
            }
            List<Role> roles = new ArrayList<>();
            try (ResultSet row =
                    statement.executeQuery("SELECT name, type, description FROM access.roles ORDER BY storage_id")) {
                while (row.next()) {
                    roles.add(new Role(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
            List<Permission> permissions = new ArrayList<>();
            try (ResultSet row =
                    statement.executeQuery("SELECT role, permission FROM access.permissions ORDER BY storage_id")) {
                while (row.next()) {
                    permissions.add(new Permission(row.getString(1), row.getString(2)));
                }
            }
            return new KeptAccess(
                    roles.isEmpty() ? KeptAccess.NONE.roles() : roles, permissions, administrator(statement));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read roles and administrator of the live manager", e);
        }
    }

    private static boolean isThere(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT to_regclass('access.users') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static Optional<Administrator> administrator(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT username, password_hash, password_salt, show_getting_started, created_at,"
                        + " first_login_at, last_login_at FROM access.users WHERE is_bootstrap_admin"
                        + " ORDER BY storage_id LIMIT 1")) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new Administrator(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getBoolean(4),
                    instant(row, 5),
                    instant(row, 6),
                    instant(row, 7)));
        }
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
