package io.holdfast.gateway.authentication.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.authentication.ApiToken;
import io.holdfast.gateway.authentication.AuthenticationFailure;
import io.holdfast.gateway.authentication.app.Tokens;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code access.tokens}. */
@ApplicationScoped
public class PgTokens implements Tokens {

    private static final Entity TOKEN = Entity.of(
                    "Token", "access.tokens e LEFT JOIN access.users u ON u.username = e.username")
            .texts("id", "username")
            .text("value", "'ctok-' || e.id || '-********'")
            .text("role", "u.role")
            .times("expiration_date", "last_used")
            .texts("description")
            .counted("access", "tokens")
            .searchBy("_search", "e.id")
            .build();

    private final Jdbc jdbc;
    private final Lister lister;

    public PgTokens(Jdbc jdbc, @DataSource("gateway") AgroalDataSource dataSource) {
        this.jdbc = jdbc;
        this.lister = new Lister(dataSource);
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return lister.list(TOKEN, request, caller, seenBy(caller));
    }

    @Override
    public Row get(String id, ListRequest request, CallerIdentity caller) {
        return lister.find(TOKEN, id, request, caller, seenBy(caller))
                .orElseThrow(() -> new ManagerException(ErrorCode.NOT_FOUND, "Could not find token " + id, null));
    }

    private static Condition[] seenBy(CallerIdentity caller) {
        return caller.admin() ? new Condition[0] : new Condition[] {Condition.of("e.username = ?", caller.username())};
    }

    @Override
    public void add(
            ApiToken token, String username, @Nullable String description, @Nullable Instant expiresAt, Instant now) {
        // Who is deleted meanwhile gets none: it would be good again for the next user of that name.
        int added = jdbc.update("""
                INSERT INTO access.tokens (id, username, secret_hash, description, expiration_date, created_at)
                SELECT ?, owner.username, ?, ?, ?, ?
                FROM (SELECT username FROM access.users WHERE username = ? FOR KEY SHARE) owner
                """, token.id(), token.secretHash(), description, expiresAt, now, username);
        if (added == 0) {
            throw AuthenticationFailure.wrongCredentials(username);
        }
    }

    @Override
    public void delete(String id) {
        jdbc.update("DELETE FROM access.tokens WHERE id = ?", id);
    }

    @Override
    public void deleteExpired(String username, Instant now) {
        jdbc.update("DELETE FROM access.tokens WHERE username = ? AND expiration_date <= ?", username, now);
    }
}
