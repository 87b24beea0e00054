package io.holdfast.gateway.access;

import java.util.Map;
import java.util.Objects;

/**
 * A group that a user is in, with what it brings.
 *
 * @param role the system role that members get
 * @param tenantRoles tenant role by tenant
 */
public record GroupMembership(String group, String role, Map<String, String> tenantRoles) {

    public GroupMembership {
        Objects.requireNonNull(group);
        Objects.requireNonNull(role);
        tenantRoles = Map.copyOf(tenantRoles);
    }
}
