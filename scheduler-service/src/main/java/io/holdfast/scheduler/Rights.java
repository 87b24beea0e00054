package io.holdfast.scheduler;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;

/**
 * Rights that depend on what a request says, so that the gateway cannot know them. All are administrators' by default. Source: the
 * Cloudify REST API v3.1, which asks for them in no tenant.
 */
public final class Rights {

    public static final String SET_OWNER = "set_owner";
    public static final String SET_TIMESTAMP = "set_timestamp";
    public static final String SET_EXECUTION_DETAILS = "set_execution_details";
    public static final String SET_EXECUTION_GROUP_DETAILS = "set_execution_group_details";

    private Rights() {}

    /** @throws ManagerException {@code forbidden_error} */
    public static void require(String action, CallerIdentity caller) {
        if (!caller.admin()) {
            throw ManagerException.notPermitted(caller.username(), action, null);
        }
    }
}
