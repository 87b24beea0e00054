package io.holdfast.gateway.authentication.storage;

import io.holdfast.gateway.access.storage.AccountRows;
import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.authentication.Accounts;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users and tokens in schema access: one query a request, with the user's roles and the tenant's existence in the same row. */
@ApplicationScoped
public class PgAccounts implements Accounts {

    private static final String TENANT_EXISTS =
            "(?::text IS NULL OR EXISTS (SELECT 1 FROM access.tenants t WHERE t.name = ?)) AS tenant_exists";

    private final Jdbc jdbc;
    private final AccountRows rows;

    public PgAccounts(Jdbc jdbc, AccountRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    @Override
    public Optional<ByName> findByName(String username, @Nullable String tenant) {
        return jdbc.first(
                "SELECT " + AccountRows.COLUMNS + ", u.password_hash, u.password_salt, " + TENANT_EXISTS
                        + " FROM access.users u WHERE lower(u.username) = lower(?)",
                row -> new ByName(
                        rows.read(row),
                        row.getString("password_hash"),
                        row.getString("password_salt"),
                        row.getBoolean("tenant_exists")),
                tenant,
                tenant,
                username);
    }

    @Override
    public Optional<ByToken> findByToken(String tokenId, @Nullable String tenant) {
        return jdbc.first(
                "SELECT " + AccountRows.COLUMNS + ", k.secret_hash, k.expiration_date, k.last_used, " + TENANT_EXISTS
                        + " FROM access.tokens k JOIN access.users u ON u.username = k.username WHERE k.id = ?",
                row -> new ByToken(
                        rows.read(row),
                        row.getString("secret_hash"),
                        Jdbc.instant(row, "expiration_date"),
                        Jdbc.instant(row, "last_used"),
                        row.getBoolean("tenant_exists")),
                tenant,
                tenant,
                tokenId);
    }

    @Override
    public void loggedIn(String username, Instant now) {
        jdbc.update("""
                UPDATE access.users SET failed_logins = 0, last_failed_login_at = NULL, last_login_at = ?,
                       first_login_at = coalesce(first_login_at, ?)
                WHERE username = ?
                """, now, now, username);
    }

    @Override
    public void failedToLogIn(String username, Instant now) {
        jdbc.update(
                "UPDATE access.users SET failed_logins = failed_logins + 1, last_failed_login_at = ? WHERE username = ?",
                now,
                username);
    }

    @Override
    public void usedToken(String tokenId, Instant now) {
        jdbc.update("UPDATE access.tokens SET last_used = ? WHERE id = ?", now, tokenId);
    }
}
