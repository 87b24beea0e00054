package io.holdfast.gateway.bootstrap.storage;

import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.bootstrap.FirstState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Schema access. */
@ApplicationScoped
public class PgFirstState implements FirstState {

    /** Any number that nobody else locks: "gateway" in ASCII. */
    private static final long LOCK = 0x67617465776179L;

    private final Jdbc jdbc;

    public PgFirstState(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void lock() {
        jdbc.first("SELECT pg_advisory_xact_lock(?)::text", row -> "", LOCK);
    }

    @Override
    public void addTenantIfThereIsNone(String name, Instant now) {
        jdbc.update(
                "INSERT INTO access.tenants (name, created_at) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM access.tenants)",
                name,
                now);
    }

    @Override
    public void addRolesThatAreMissing(List<Role> roles) {
        for (Role role : roles) {
            jdbc.update(
                    "INSERT INTO access.roles (name, type, description) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    role.name(),
                    role.type(),
                    role.description());
        }
    }

    @Override
    public void addPermissionsIfThereAreNone(List<Grant> grants) {
        jdbc.update(
                """
                INSERT INTO access.permissions (role, permission)
                SELECT * FROM unnest(?, ?) WHERE NOT EXISTS (SELECT 1 FROM access.permissions)
                """,
                grants.stream().map(Grant::role).toList(),
                grants.stream().map(Grant::permission).toList());
    }

    @Override
    public boolean hasBootstrapAdmin() {
        return jdbc.first("SELECT 1 FROM access.users WHERE is_bootstrap_admin", row -> true)
                .isPresent();
    }

    @Override
    public boolean addBootstrapAdmin(
            String username, String passwordHash, String passwordSalt, String tenant, Instant now) {
        int added = jdbc.update("""
                INSERT INTO access.users (username, password_hash, password_salt, role, is_bootstrap_admin, created_at)
                VALUES (?, ?, ?, 'sys_admin', true, ?) ON CONFLICT DO NOTHING
                """, username, passwordHash, passwordSalt, now);
        if (added == 0) {
            return false;
        }
        jdbc.update("""
                INSERT INTO access.user_tenants (username, tenant_name, role)
                SELECT ?, name, 'user' FROM access.tenants WHERE name = ? ON CONFLICT DO NOTHING
                """, username, tenant);
        return true;
    }
}
