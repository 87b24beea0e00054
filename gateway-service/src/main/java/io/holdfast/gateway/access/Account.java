package io.holdfast.gateway.access;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A user with everything that decides what it may do.
 *
 * @param role its own system role
 * @param bootstrapAdmin whether it is the user that the manager was made with; it may do everything, whatever its role
 * @param tenantRoles the role that it was given directly, by tenant
 */
public record Account(
        String username,
        String role,
        boolean active,
        boolean bootstrapAdmin,
        boolean showGettingStarted,
        @Nullable Instant createdAt,
        @Nullable Instant firstLoginAt,
        @Nullable Instant lastLoginAt,
        int failedLogins,
        @Nullable Instant lastFailedLoginAt,
        Map<String, String> tenantRoles,
        List<GroupMembership> groups) {

    /** The system role that may do everything. */
    public static final String SYS_ADMIN = "sys_admin";

    public Account {
        Objects.requireNonNull(username);
        Objects.requireNonNull(role);
        tenantRoles = Map.copyOf(tenantRoles);
        groups = List.copyOf(groups);
    }

    /** Its own system role first, then those of its groups. */
    public Set<String> systemRoles() {
        Set<String> roles = new LinkedHashSet<>();
        roles.add(role);
        groups.forEach(group -> roles.add(group.role()));
        return roles;
    }

    public boolean isAdmin() {
        return bootstrapAdmin || systemRoles().contains(SYS_ADMIN);
    }

    /** Roles in one tenant, the direct one first. */
    public Set<String> rolesIn(String tenant) {
        Set<String> roles = new LinkedHashSet<>();
        String direct = tenantRoles.get(tenant);
        if (direct != null) {
            roles.add(direct);
        }
        for (GroupMembership group : groups) {
            String viaGroup = group.tenantRoles().get(tenant);
            if (viaGroup != null) {
                roles.add(viaGroup);
            }
        }
        return roles;
    }

    /** Tenants that it has a role in, by name. */
    public Set<String> tenants() {
        Set<String> tenants = new TreeSet<>(tenantRoles.keySet());
        groups.forEach(group -> tenants.addAll(group.tenantRoles().keySet()));
        return tenants;
    }
}
