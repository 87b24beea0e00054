package io.holdfast.restore.cloudify;

import io.holdfast.restore.loading.StagingTarget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of the target manager's access data stays, because a Cloudify archive does not carry it: the roles, permissions that the
 * archive knows nothing of, and the bootstrap administrator with the password that he has here.
 */
public record KeptAccess(List<Role> roles, List<Permission> permissions, Optional<Administrator> administrator) {

    /** On a manager without live state: the roles that every manager has. */
    public static final KeptAccess NONE = new KeptAccess(
            List.of(
                    new Role("sys_admin", "system_role", "may do everything"),
                    new Role("default", "system_role", "may do nothing beyond the roles in tenants"),
                    new Role("manager", "tenant_role", "manages a tenant and its users"),
                    new Role("user", "tenant_role", "works with the resources of a tenant"),
                    new Role("operations", "tenant_role", "deploys and executes, but changes no blueprints or plugins"),
                    new Role("viewer", "tenant_role", "sees the resources of a tenant")),
            List.of(),
            Optional.empty());

    public KeptAccess {
        roles = List.copyOf(roles);
        permissions = List.copyOf(permissions);
    }

    /** @param type {@code system_role} or {@code tenant_role} */
    public record Role(String name, String type, String description) {}

    public record Permission(String role, String permission) {}

    /** The user that the manager was installed with. */
    public record Administrator(
            String username,
            @Nullable String passwordHash,
            @Nullable String passwordSalt,
            boolean showGettingStarted,
            @Nullable Instant createdAt,
            @Nullable Instant firstLoginAt,
            @Nullable Instant lastLoginAt) {

        @Override
        public String toString() {
            return "Administrator[" + username + "]";
        }
    }

    /** Where it is read. */
    @FunctionalInterface
    public interface Source {
        KeptAccess read(StagingTarget target);
    }
}
