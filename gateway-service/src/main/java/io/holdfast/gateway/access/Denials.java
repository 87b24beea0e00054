package io.holdfast.gateway.access;

import org.jspecify.annotations.Nullable;

/** What those are told who may not do something, each text once. Source: cloudify-api section 1.4. */
public final class Denials {

    private Denials() {}

    /** There is no such tenant. */
    public static String unknownTenant(@Nullable String tenant) {
        return "Authorization failed: Tried to authenticate with invalid tenant name: " + tenant;
    }

    /** @param tenant null: system roles alone were asked */
    public static String notPermitted(String username, @Nullable String permission, @Nullable String tenant) {
        return "User `" + username + "` is not permitted to perform the action " + permission
                + (tenant == null ? "" : " in the tenant `" + tenant + "`");
    }
}
