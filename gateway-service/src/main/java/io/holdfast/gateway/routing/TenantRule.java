package io.holdfast.gateway.routing;

/** How a route finds the tenant that its permission is asked in. */
public enum TenantRule {
    /** The header is required. */
    TENANT,
    /** The header is taken if given. */
    ANY,
    /** The path's {@code {tenant}} counts, whatever the header says. */
    PATH,
    /** The header counts; without it the path's {@code {tenant}}. Whether what the path names is of that tenant, its service finds out. */
    HEADER_OR_PATH,
    /** The body's {@code tenant_name} counts, whatever the header says. Only the route's resource reads bodies: it asks for the permission. */
    BODY,
    /** No authentication, so no tenant. */
    OPEN;

    /** Whether a tenant that the path names may count. */
    public boolean readsPath() {
        return this == PATH || this == HEADER_OR_PATH;
    }
}
