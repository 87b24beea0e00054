package io.holdfast.gateway.administration;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept of users, groups and tenants, as far as it can be changed. Every change says whether there was what it changes. */
public interface AccessRecords {

    Roles roles();

    /** The name as it is stored, found without regard to case. */
    Optional<String> findUser(String username);

    boolean isBootstrapAdmin(String username);

    /** The salt that hashes of this manager are made with, if it has one. */
    Optional<String> managerSalt();

    void addUser(NewUser user);

    /**
     * A user to be kept.
     *
     * @param passwordSalt what {@code passwordHash} is keyed with
     */
    record NewUser(
            String username,
            String passwordHash,
            String passwordSalt,
            String role,
            Instant createdAt,
            @Nullable Instant firstLoginAt,
            @Nullable Instant lastLoginAt) {}

    void setPassword(String username, String passwordHash, String passwordSalt);

    void setRole(String username, String role);

    void setShowGettingStarted(String username, boolean show);

    void setActive(String username, boolean active);

    void unlock(String username);

    /** With its memberships, tenant roles and tokens. */
    void deleteUser(String username);

    boolean tenantExists(String name);

    void addTenant(String name, Instant now);

    /** With the roles that users and groups have in it. */
    void deleteTenant(String name);

    /** False where the user has a role there already. */
    boolean addUserToTenant(String username, String tenant, String role);

    boolean changeUserInTenant(String username, String tenant, String role);

    boolean removeUserFromTenant(String username, String tenant);

    /** A group's name as it is written, by its name in any case. */
    Optional<String> findGroup(String name);

    /** A group's name, by its LDAP name in any case. */
    Optional<String> findGroupOf(String ldapDn);

    void addGroup(String name, @Nullable String ldapDn, String role);

    void setGroupRole(String name, String role);

    /** With its memberships and tenant roles. */
    void deleteGroup(String name);

    /** False where the user is in it already. */
    boolean addUserToGroup(String username, String group);

    boolean removeUserFromGroup(String username, String group);

    /** False where the role holds it already. */
    boolean addPermission(String role, String permission);

    boolean removePermission(String role, String permission);

    /** Whether anybody is left who may do everything. */
    boolean hasActiveAdministrator();

    /**
     * To be called after a change: the refusal undoes it.
     *
     * @param action what would leave the manager without an administrator
     * @throws io.holdfast.contracts.errors.ManagerException {@code illegal_action_error}
     */
    default void keepAnAdministrator(String action) {
        if (!hasActiveAdministrator()) {
            throw Refusals.lastAdministrator(action);
        }
    }

    /** False where the group has a role there already. */
    boolean addGroupToTenant(String group, String tenant, String role);

    boolean changeGroupInTenant(String group, String tenant, String role);

    boolean removeGroupFromTenant(String group, String tenant);
}
