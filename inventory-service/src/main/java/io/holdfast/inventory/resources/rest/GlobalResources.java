package io.holdfast.inventory.resources.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.resources.Visibility;
import org.jspecify.annotations.Nullable;

/** Who may make things that all tenants see. */
public final class GlobalResources {

    private GlobalResources() {}

    /**
     * @param visibility null: nothing is asked for
     * @throws ManagerException {@code forbidden_error} for the global visibility, unless the caller is an administrator
     */
    public static void requireRightTo(@Nullable Visibility visibility, CurrentCaller caller) {
        if (visibility == Visibility.GLOBAL && !caller.identity().admin()) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + caller.identity().username()
                            + "` is not permitted to perform the action create_global_resource in the tenant `"
                            + caller.tenant() + "`",
                    null);
        }
    }
}
