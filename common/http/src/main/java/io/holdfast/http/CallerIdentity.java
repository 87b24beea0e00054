package io.holdfast.http;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, as the gateway found out; services trust it because it is signed ({@link IdentitySigner}).
 *
 * @param username name of the user, or {@code holdfast:<service>} for calls between services
 * @param admin whether every permission is held in every tenant
 * @param tenant the tenant of the request, null where the request names none
 * @param visibleTenants tenants that a list over all tenants may show; null means all of them
 * @param tenantRoles the user's roles in {@code tenant}
 * @param authMethod how the user proved it: {@code http_basic}, {@code token}, {@code execution_token}, {@code plugin_token}, {@code external}, {@code internal}, {@value #BROKER_USER}
 * @param issuedAt when it was signed; older than five minutes is refused
 * @param executionId the execution on whose behalf its worker calls; null for everybody else
 */
public record CallerIdentity(
        String username,
        boolean admin,
        @Nullable String tenant,
        @Nullable List<String> visibleTenants,
        List<String> tenantRoles,
        String authMethod,
        Instant issuedAt,
        @Nullable String executionId) {

    /** Of a caller that is no worker of an execution. */
    public CallerIdentity(
            String username,
            boolean admin,
            @Nullable String tenant,
            @Nullable List<String> visibleTenants,
            List<String> tenantRoles,
            String authMethod,
            Instant issuedAt) {
        this(username, admin, tenant, visibleTenants, tenantRoles, authMethod, issuedAt, null);
    }

    /**
     * The broker vouched for the user of a message. Never the method of an HTTP request, so that a service may trust the gateway with
     * more than it trusts a user with: the id of an execution is made of the message then.
     */
    public static final String BROKER_USER = "broker_user";

    /** How the usernames of the manager's own services begin. */
    private static final String SERVICE = "holdfast:";

    /** The method of the manager's own services. */
    public static final String INTERNAL = "internal";

    /** The role that holds the permission {@code administrators}: of one tenant what {@link #admin} is of all. */
    private static final String TENANT_ADMINISTRATOR = "manager";

    public CallerIdentity {
        Objects.requireNonNull(username);
        visibleTenants = visibleTenants == null ? null : List.copyOf(visibleTenants);
        tenantRoles = tenantRoles == null ? List.of() : List.copyOf(tenantRoles);
        Objects.requireNonNull(authMethod);
        Objects.requireNonNull(issuedAt);
    }

    /**
     * Whether what is private or hidden in {@link #tenant} is shown to the caller whoever has made it: to administrators, and to managers of
     * that tenant. Of other tenants it says nothing. Source: cloudify-api section 1.4.
     */
    public boolean seesPrivate() {
        return admin || tenantRoles.contains(TENANT_ADMINISTRATOR);
    }

    /** Whether a service calls on its own behalf. Not named as a property: what is signed has the fields of the record alone. */
    public boolean callsAsService() {
        return username.startsWith(SERVICE);
    }

    /** A service calling on its own behalf: all permissions, all tenants. */
    public static CallerIdentity ofService(String service, Instant now) {
        return new CallerIdentity(SERVICE + service, true, null, null, List.of(), INTERNAL, now);
    }

    /** The same caller, signed again later. */
    public CallerIdentity at(Instant now) {
        return new CallerIdentity(username, admin, tenant, visibleTenants, tenantRoles, authMethod, now, executionId);
    }

    /** The same caller, asking in another tenant. */
    public CallerIdentity in(@Nullable String otherTenant) {
        return new CallerIdentity(
                username, admin, otherTenant, visibleTenants, tenantRoles, authMethod, issuedAt, executionId);
    }

    /** Whether a list over all tenants may show things of this one. */
    public boolean sees(String tenantName) {
        return visibleTenants == null || visibleTenants.contains(tenantName);
    }
}
