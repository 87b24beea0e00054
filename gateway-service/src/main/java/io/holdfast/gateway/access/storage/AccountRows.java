package io.holdfast.gateway.access.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.access.Account;
import io.holdfast.gateway.access.GroupMembership;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a user with its tenants and groups out of one row, so that no list asks again for each user. */
@ApplicationScoped
public class AccountRows {

    /** Columns of {@code access.users u} that {@link #read} needs. */
    public static final String COLUMNS = """
            u.username, u.role, u.active, u.is_bootstrap_admin, u.show_getting_started, u.created_at, u.first_login_at,
            u.last_login_at, u.failed_logins, u.last_failed_login_at,
            (SELECT jsonb_object_agg(ut.tenant_name, ut.role) FROM access.user_tenants ut WHERE ut.username = u.username)
                AS direct_roles,
            (SELECT jsonb_agg(jsonb_build_object('group', g.name, 'role', g.role, 'tenantRoles', coalesce(
                        (SELECT jsonb_object_agg(gt.tenant_name, gt.role) FROM access.group_tenants gt
                         WHERE gt.group_name = g.name), '{}'::jsonb)) ORDER BY g.name)
                 FROM access.user_group_members m JOIN access.user_groups g ON g.name = m.group_name
                 WHERE m.username = u.username) AS memberships
            """;

    private static final TypeReference<Map<String, String>> ROLES = new TypeReference<>() {};
    private static final TypeReference<List<GroupMembership>> MEMBERSHIPS = new TypeReference<>() {};

    private final ObjectMapper json;

    public AccountRows(ObjectMapper json) {
        this.json = json;
    }

    public Account read(ResultSet row) throws SQLException {
        return new Account(
                row.getString("username"),
                row.getString("role"),
                row.getBoolean("active"),
                row.getBoolean("is_bootstrap_admin"),
                row.getBoolean("show_getting_started"),
                Jdbc.instant(row, "created_at"),
                Jdbc.instant(row, "first_login_at"),
                Jdbc.instant(row, "last_login_at"),
                row.getInt("failed_logins"),
                Jdbc.instant(row, "last_failed_login_at"),
                parse(row.getString("direct_roles"), ROLES, Map.of()),
                parse(row.getString("memberships"), MEMBERSHIPS, List.of()));
    }

    private <T> T parse(@Nullable String text, TypeReference<T> type, T absent) throws SQLException {
        if (text == null) {
            return absent;
        }
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new SQLException("unreadable aggregate of roles", e);
        }
    }
}
