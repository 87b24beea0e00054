package io.holdfast.gateway.administration.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.Denials;
import io.holdfast.gateway.access.PermissionStore;
import io.holdfast.gateway.authentication.Accounts;
import io.holdfast.http.CallerIdentity;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Asks about a tenant that a body names what the gate asks about others, in the same order: is it there, may the caller do this in it.
 * Roles in that tenant count, those in another do not.
 */
@ApplicationScoped
public class AdmitToTenant {

    private final Accounts accounts;
    private final PermissionStore permissions;

    public AdmitToTenant(Accounts accounts, PermissionStore permissions) {
        this.accounts = accounts;
        this.permissions = permissions;
    }

    /**
     * @param tenant empty: none, so that only system roles count
     * @throws ManagerException {@code forbidden_error}
     */
    public void admit(CallerIdentity caller, String permission, String tenant) {
        String named = tenant.isEmpty() ? null : tenant;
        Accounts.ByName found = accounts.findByName(caller.username(), named)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.UNAUTHORIZED,
                        "User unauthorized: the user `" + caller.username() + "` does not exist any more",
                        null));
        if (!found.tenantExists()) {
            throw new ManagerException(ErrorCode.FORBIDDEN, Denials.unknownTenant(tenant), null);
        }
        if (!permissions.current().permits(found.account(), permission, named)) {
            throw ManagerException.notPermitted(found.account().username(), permission, named);
        }
    }
}
