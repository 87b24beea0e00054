package io.holdfast.gateway.administration.storage;

import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.administration.AccessRecords;
import io.holdfast.gateway.administration.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Schema access. */
@ApplicationScoped
public class PgAccessRecords implements AccessRecords {

    private final Jdbc jdbc;

    public PgAccessRecords(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    private record Role(String name, String type) {}

    @Override
    public Roles roles() {
        Map<String, String> types = new LinkedHashMap<>();
        jdbc.list(
                        "SELECT name, type FROM access.roles ORDER BY storage_id",
                        row -> new Role(row.getString("name"), row.getString("type")))
                .forEach(role -> types.put(role.name(), role.type()));
        return new Roles(types);
    }

    @Override
    public Optional<String> findUser(String username) {
        return jdbc.first(
                "SELECT username FROM access.users WHERE lower(username) = lower(?)",
                row -> row.getString("username"),
                username);
    }

    @Override
    public boolean isBootstrapAdmin(String username) {
        return exists("SELECT 1 FROM access.users WHERE username = ? AND is_bootstrap_admin", username);
    }

    @Override
    public Optional<String> managerSalt() {
        return jdbc.first("""
                SELECT password_salt FROM access.users WHERE is_bootstrap_admin AND password_salt IS NOT NULL
                ORDER BY storage_id LIMIT 1
                """, row -> row.getString("password_salt"));
    }

    @Override
    public void addUser(NewUser user) {
        jdbc.update(
                """
                INSERT INTO access.users (username, password_hash, password_salt, role, created_at, first_login_at, last_login_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                user.username(),
                user.passwordHash(),
                user.passwordSalt(),
                user.role(),
                user.createdAt(),
                user.firstLoginAt(),
                user.lastLoginAt());
    }

    @Override
    public boolean addPermission(String role, String permission) {
        return jdbc.update(
                        "INSERT INTO access.permissions (role, permission) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        role,
                        permission)
                > 0;
    }

    @Override
    public boolean removePermission(String role, String permission) {
        return jdbc.update("DELETE FROM access.permissions WHERE role = ? AND permission = ?", role, permission) > 0;
    }

    @Override
    public boolean hasActiveAdministrator() {
        return exists("""
                SELECT 1 FROM access.users u WHERE u.active AND (u.is_bootstrap_admin OR u.role = 'sys_admin' OR EXISTS (
                    SELECT FROM access.user_group_members m JOIN access.user_groups g ON g.name = m.group_name
                    WHERE m.username = u.username AND g.role = 'sys_admin')) LIMIT 1
                """);
    }

    @Override
    public void setPassword(String username, String passwordHash, String passwordSalt) {
        jdbc.update(
                "UPDATE access.users SET password_hash = ?, password_salt = ? WHERE username = ?",
                passwordHash,
                passwordSalt,
                username);
    }

    @Override
    public void setRole(String username, String role) {
        jdbc.update("UPDATE access.users SET role = ? WHERE username = ?", role, username);
    }

    @Override
    public void setShowGettingStarted(String username, boolean show) {
        jdbc.update("UPDATE access.users SET show_getting_started = ? WHERE username = ?", show, username);
    }

    @Override
    public void setActive(String username, boolean active) {
        jdbc.update("UPDATE access.users SET active = ? WHERE username = ?", active, username);
    }

    @Override
    public void unlock(String username) {
        jdbc.update(
                "UPDATE access.users SET failed_logins = 0, last_failed_login_at = NULL WHERE username = ?", username);
    }

    @Override
    public void deleteUser(String username) {
        // Others wait who are giving it something, or it has gone by the time that they do.
        jdbc.first(
                "SELECT username FROM access.users WHERE username = ? FOR UPDATE", row -> row.getString(1), username);
        jdbc.update("DELETE FROM access.user_group_members WHERE username = ?", username);
        jdbc.update("DELETE FROM access.user_tenants WHERE username = ?", username);
        jdbc.update("DELETE FROM access.tokens WHERE username = ?", username);
        jdbc.update("DELETE FROM access.users WHERE username = ?", username);
    }

    @Override
    public boolean tenantExists(String name) {
        return exists("SELECT 1 FROM access.tenants WHERE name = ?", name);
    }

    @Override
    public void addTenant(String name, Instant now) {
        jdbc.update("INSERT INTO access.tenants (name, created_at) VALUES (?, ?)", name, now);
    }

    @Override
    public void deleteTenant(String name) {
        jdbc.update("DELETE FROM access.user_tenants WHERE tenant_name = ?", name);
        jdbc.update("DELETE FROM access.group_tenants WHERE tenant_name = ?", name);
        jdbc.update("DELETE FROM access.tenants WHERE name = ?", name);
    }

    @Override
    public boolean addUserToTenant(String username, String tenant, String role) {
        return jdbc.update(
                        "INSERT INTO access.user_tenants (username, tenant_name, role) VALUES (?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        username,
                        tenant,
                        role)
                > 0;
    }

    @Override
    public boolean changeUserInTenant(String username, String tenant, String role) {
        return jdbc.update(
                        "UPDATE access.user_tenants SET role = ? WHERE username = ? AND tenant_name = ?",
                        role,
                        username,
                        tenant)
                > 0;
    }

    @Override
    public boolean removeUserFromTenant(String username, String tenant) {
        return jdbc.update("DELETE FROM access.user_tenants WHERE username = ? AND tenant_name = ?", username, tenant)
                > 0;
    }

    @Override
    public Optional<String> findGroup(String name) {
        return jdbc.first(
                "SELECT name FROM access.user_groups WHERE lower(name) = lower(?) ORDER BY name <> ? LIMIT 1",
                row -> row.getString("name"),
                name,
                name);
    }

    @Override
    public Optional<String> findGroupOf(String ldapDn) {
        return jdbc.first(
                "SELECT name FROM access.user_groups WHERE lower(ldap_dn) = lower(?) LIMIT 1",
                row -> row.getString("name"),
                ldapDn);
    }

    @Override
    public void addGroup(String name, @Nullable String ldapDn, String role) {
        jdbc.update("INSERT INTO access.user_groups (name, ldap_dn, role) VALUES (?, ?, ?)", name, ldapDn, role);
    }

    @Override
    public void setGroupRole(String name, String role) {
        jdbc.update("UPDATE access.user_groups SET role = ? WHERE name = ?", role, name);
    }

    @Override
    public void deleteGroup(String name) {
        jdbc.update("DELETE FROM access.user_group_members WHERE group_name = ?", name);
        jdbc.update("DELETE FROM access.group_tenants WHERE group_name = ?", name);
        jdbc.update("DELETE FROM access.user_groups WHERE name = ?", name);
    }

    @Override
    public boolean addUserToGroup(String username, String group) {
        return jdbc.update(
                        "INSERT INTO access.user_group_members (group_name, username) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        group,
                        username)
                > 0;
    }

    @Override
    public boolean removeUserFromGroup(String username, String group) {
        return jdbc.update(
                        "DELETE FROM access.user_group_members WHERE group_name = ? AND username = ?", group, username)
                > 0;
    }

    @Override
    public boolean addGroupToTenant(String group, String tenant, String role) {
        return jdbc.update(
                        "INSERT INTO access.group_tenants (group_name, tenant_name, role) VALUES (?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        group,
                        tenant,
                        role)
                > 0;
    }

    @Override
    public boolean changeGroupInTenant(String group, String tenant, String role) {
        return jdbc.update(
                        "UPDATE access.group_tenants SET role = ? WHERE group_name = ? AND tenant_name = ?",
                        role,
                        group,
                        tenant)
                > 0;
    }

    @Override
    public boolean removeGroupFromTenant(String group, String tenant) {
        return jdbc.update("DELETE FROM access.group_tenants WHERE group_name = ? AND tenant_name = ?", group, tenant)
                > 0;
    }

    private boolean exists(String sql, Object... parameters) {
        return jdbc.first(sql, row -> true, parameters).isPresent();
    }
}
