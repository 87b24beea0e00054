package io.holdfast.gateway.proxy;

import io.holdfast.gateway.authentication.Credentials;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides whether it is admitted.
 *
 * @param method upper case
 * @param rawPath as it came over the wire: encoded, without the query
 * @param tenant the header, null where absent or empty
 * @param bypassMaintenance whether the header that asks for it is there, whatever it says
 * @param allTenants whether the query asks for a list over all tenants
 */
public record Incoming(
        String method,
        String rawPath,
        Credentials credentials,
        @Nullable String tenant,
        boolean bypassMaintenance,
        boolean allTenants) {

    public Incoming {
        Objects.requireNonNull(method);
        Objects.requireNonNull(rawPath);
        Objects.requireNonNull(credentials);
    }
}
