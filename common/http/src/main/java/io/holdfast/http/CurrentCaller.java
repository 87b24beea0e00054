package io.holdfast.http;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The caller of the present request, put here by {@link InternalIdentityFilter}. Outside a signed request there is none. */
@RequestScoped
public class CurrentCaller {

    private @Nullable CallerIdentity identity;

    /** For the filter that has verified it, and for tests. */
    public void set(CallerIdentity verified) {
        this.identity = verified;
    }

    /** The caller; {@code unauthorized_error} where there is none. */
    public CallerIdentity identity() {
        return find().orElseThrow(() -> new ManagerException(
                ErrorCode.UNAUTHORIZED, "User unauthorized: No authentication info provided", null));
    }

    public Optional<CallerIdentity> find() {
        return Optional.ofNullable(identity);
    }

    /** The tenant of the request; {@code forbidden_error} with the API's own text where it names none. */
    public String tenant() {
        String tenant = identity().tenant();
        if (tenant == null) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "Authorization failed: tenant not provided",
                    "send the header `Tenant: <name>`");
        }
        return tenant;
    }

    /** Refuses everybody but the manager's own services with {@code forbidden_error}. */
    public void requireService() {
        if (!identity().callsAsService()) {
            throw servicesOnly();
        }
    }

    /** As {@link #requireService}, but administrators may ask, too. */
    public void requireServiceOrAdministrator() {
        if (!identity().callsAsService() && !identity().admin()) {
            throw servicesOnly();
        }
    }

    private static ManagerException servicesOnly() {
        return new ManagerException(ErrorCode.FORBIDDEN, "only services of the manager may ask this", null);
    }
}
