package io.holdfast.gateway.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which roles hold which permission, and what follows for a user. Source: cloudify-api section 1.4. Immutable. */
public final class Permissions {

    /** Whoever holds it sees all tenants in lists over all tenants. */
    public static final String ALL_TENANTS = "all_tenants";

    private final Map<String, Set<String>> rolesByPermission;

    /** One row of the table. */
    public record Grant(String role, String permission) {}

    public Permissions(List<Grant> grants) {
        Map<String, Set<String>> roles = new HashMap<>();
        for (Grant grant : grants) {
            roles.computeIfAbsent(grant.permission(), permission -> new HashSet<>())
                    .add(grant.role());
        }
        roles.replaceAll((permission, holders) -> Set.copyOf(holders));
        this.rolesByPermission = Map.copyOf(roles);
    }

    public Set<String> rolesWith(String permission) {
        return rolesByPermission.getOrDefault(permission, Set.of());
    }

    /** @param tenant null where the request is about none: only system roles count then */
    public boolean permits(Account account, String permission, @Nullable String tenant) {
        if (account.isAdmin()) {
            return true;
        }
        Set<String> holders = rolesWith(permission);
        return account.systemRoles().stream().anyMatch(holders::contains)
                || (tenant != null && account.rolesIn(tenant).stream().anyMatch(holders::contains));
    }

    /** The tenants that a list over all tenants may show to this user; empty means all there are. */
    public Optional<List<String>> tenantsVisibleTo(Account account, String permission) {
        if (permits(account, ALL_TENANTS, null)) {
            return Optional.empty();
        }
        List<String> visible = new ArrayList<>();
        for (String tenant : account.tenants()) {
            if (permits(account, permission, tenant)) {
                visible.add(tenant);
            }
        }
        return Optional.of(visible);
    }
}
