package io.holdfast.gateway.bootstrap;

import java.time.Instant;
import java.util.List;

/** Where the first rows go. Nothing here changes a row that is there. */
public interface FirstState {

    /** A role of a new manager. {@code type} is {@code system_role} or {@code tenant_role}. */
    record Role(String name, String type, String description) {}

    /** A role and a permission that it holds in a new manager. */
    record Grant(String role, String permission) {}

    /** Holds until the end of the transaction, so that two gateways that start at once do not both fill the manager. */
    void lock();

    void addTenantIfThereIsNone(String name, Instant now);

    void addRolesThatAreMissing(List<Role> roles);

    /** Does nothing once there is any permission: an operator may have taken some away. */
    void addPermissionsIfThereAreNone(List<Grant> grants);

    boolean hasBootstrapAdmin();

    /** Returns false where a user of that name is there already. */
    boolean addBootstrapAdmin(String username, String passwordHash, String passwordSalt, String tenant, Instant now);
}
