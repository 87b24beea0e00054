package io.holdfast.gateway.access;

import org.jspecify.annotations.Nullable;

/** What those are told who may not do something, each text once. Source: cloudify-api section 1.4. */
public final class Denials {

    private Denials() {}

    /** There is no such tenant. */
    public static String unknownTenant(@Nullable String tenant) {
        return "Authorization failed: Tried to authenticate with invalid tenant name: " + tenant;
    }
}
