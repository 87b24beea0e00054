package io.holdfast.gateway.authentication;

import io.holdfast.gateway.access.Account;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What authentication needs to know of users and tokens, and what it leaves behind. */
public interface Accounts {

    /**
     * A user found by its name.
     *
     * @param passwordSalt null where the hash came from a manager whose salt is not known: no password fits then
     * @param tenantExists whether there is the tenant that the request names; true where it names none
     */
    record ByName(
            Account account,
            @Nullable String passwordHash,
            @Nullable String passwordSalt,
            boolean tenantExists) {}

    /** A user found by a token's id; the token is still to be checked. */
    record ByToken(
            Account account,
            String secretHash,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsed,
            boolean tenantExists) {}

    /** Names compare without regard to case. */
    Optional<ByName> findByName(String username, @Nullable String tenant);

    Optional<ByToken> findByToken(String tokenId, @Nullable String tenant);

    /** Forgives former failures and notes the time. */
    void loggedIn(String username, Instant now);

    /** Counts a wrong password. */
    void failedToLogIn(String username, Instant now);

    void usedToken(String tokenId, Instant now);
}
