package io.holdfast.gateway.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be done at one URL.
 *
 * @param method upper case; {@code *} for all of them
 * @param template path below the API's prefix, with {@code {names}}; what metrics count by
 * @param service short name of the service that answers; {@link #GATEWAY} for this one
 * @param permission the permission that is needed; null where every user has it
 */
public record Route(
        String method,
        String template,
        String service,
        @Nullable String permission,
        TenantRule tenantRule) {

    /** The service that this is. */
    public static final String GATEWAY = "gateway";

    /** Stands for a permission that only administrators hold, because it is in no role. */
    public static final String ADMINISTRATORS_ONLY = "unlisted_resource";

    public Route {
        Objects.requireNonNull(method);
        Objects.requireNonNull(template);
        Objects.requireNonNull(service);
        Objects.requireNonNull(tenantRule);
    }

    /** Whether this service answers it itself. */
    public boolean isOwn() {
        return service.equals(GATEWAY);
    }

    /**
     * Whether {@code _all_tenants} may stand for the tenant that the caller lacks a role in: only where many things are read, never
     * where one is, and never where anything is changed. Source: cloudify-api section 1.4.
     */
    public boolean readsAllTenants() {
        boolean search = method.equals("POST") && template.startsWith("searches/");
        return (method.equals("GET") || search)
                && !template.replace("{kind}", "").contains("{");
    }

    /** Whether nobody needs to say who they are. */
    public boolean isOpen() {
        return tenantRule == TenantRule.OPEN;
    }
}
