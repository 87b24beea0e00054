package io.holdfast.gateway.authentication.app;

import io.holdfast.gateway.authentication.ApiToken;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where tokens are. Users see their own, administrators all; secrets are never shown again. */
public interface Tokens {

    Listing list(ListRequest request, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code not_found_error} where the caller sees none of that id */
    Row get(String id, ListRequest request, CallerIdentity caller);

    void add(ApiToken token, String username, @Nullable String description, @Nullable Instant expiresAt, Instant now);

    void delete(String id);

    /** Forgets those of a user that expired by then. */
    void deleteExpired(String username, Instant now);
}
