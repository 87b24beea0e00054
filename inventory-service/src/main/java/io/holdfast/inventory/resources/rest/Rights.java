package io.holdfast.inventory.resources.rest;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Visibility;
import org.jspecify.annotations.Nullable;

/** Rights that depend on what a request says, so that the gateway cannot know them. All are administrators' by default. */
public final class Rights {

    private Rights() {}

    /**
     * For things that all tenants see.
     *
     * @param visibility null: nothing is asked for
     * @throws io.holdfast.contracts.errors.ManagerException {@code forbidden_error}
     */
    public static void requireFor(@Nullable Visibility visibility, CallerIdentity caller) {
        if (visibility == Visibility.GLOBAL) {
            require("create_global_resource", caller);
        }
    }

    /** @param action {@code set_owner}, {@code set_timestamp}, … */
    public static void require(String action, CallerIdentity caller) {
        if (!caller.admin()) {
            throw ManagerException.notPermitted(caller.username(), action, caller.tenant());
        }
    }
}
