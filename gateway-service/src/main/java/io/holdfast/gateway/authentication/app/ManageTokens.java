package io.holdfast.gateway.authentication.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.gateway.authentication.ApiToken;
import io.holdfast.gateway.authentication.Expiry;
import io.holdfast.gateway.authentication.NewPasswords;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes and removes tokens of the caller. */
@ApplicationScoped
public class ManageTokens {

    private final Tokens tokens;
    private final Clock clock;

    public ManageTokens(Tokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** The new token as the API shows it, for once with its secret. The caller's expired ones go. */
    @Transactional
    public ObjectNode create(CallerIdentity caller, @Nullable String description, @Nullable String expiration) {
        Instant now = clock.instant();
        tokens.deleteExpired(caller.username(), now);
        Instant expiresAt = expiration == null || expiration.isBlank() ? null : Expiry.parse(expiration, now);
        ApiToken token = new ApiToken(
                NewPasswords.randomText(ApiToken.ID_LENGTH), NewPasswords.randomText(ApiToken.SECRET_LENGTH));
        tokens.add(token, caller.username(), description, expiresAt, now);
        ObjectNode shown = tokens.get(token.id(), ListRequest.all(), caller).json();
        shown.put("value", token.value());
        return shown;
    }

    @Transactional
    public void delete(CallerIdentity caller, String id) {
        tokens.get(id, ListRequest.all(), caller);
        tokens.delete(id);
    }
}
