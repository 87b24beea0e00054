package io.holdfast.gateway.administration.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.gateway.access.Denials;
import io.holdfast.gateway.administration.AccessRecords;
import io.holdfast.gateway.administration.Refusals;
import io.holdfast.gateway.administration.Roles;
import io.holdfast.gateway.administration.TenantContents;
import io.holdfast.gateway.bootstrap.ShippedFacts;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes and removes tenants, and gives users and groups their roles in them. */
@ApplicationScoped
public class ManageTenants {

    private static final Logger LOG = Logger.getLogger(ManageTenants.class);

    /** Their URLs are taken. */
    private static final Set<String> RESERVED = Set.of("users", "user-groups");

    private static final String DEFAULT_ROLE = "user";

    private static final String USER = "username";
    private static final String GROUP = "group_name";

    private final AccessRecords records;
    private final TenantContents contents;
    private final Clock clock;

    public ManageTenants(AccessRecords records, TenantContents contents, Clock clock) {
        this.records = records;
        this.contents = contents;
        this.clock = clock;
    }

    @Transactional
    public void create(String name) {
        ResourceId.check("tenant_name", name);
        if (RESERVED.contains(name)) {
            throw Refusals.reserved(name, "tenant");
        }
        if (records.tenantExists(name)) {
            throw Refusals.exists("Tenant", "name", name);
        }
        records.addTenant(name, clock.instant());
    }

    /**
     * Only an empty one: what it held would be nobody's. What does not count, as its executions that have ended, is removed with it; once
     * more when nobody can work in it any longer, for what came meanwhile. The next tenant of that name has nothing of it.
     */
    public void delete(String name) {
        QuarkusTransaction.requiringNew().run(() -> requireEmpty(name));
        contents.forget(name);
        QuarkusTransaction.requiringNew().run(() -> {
            requireEmpty(name);
            records.deleteTenant(name);
        });
        try {
            contents.forget(name);
        } catch (ManagerException e) {
            LOG.warnf("What came into the tenant %s while it was deleted may be left: %s", name, e.detail());
        }
    }

    private void requireEmpty(String name) {
        ResourceId.check("tenant_name", name);
        existingTenant(name);
        if (name.equals(ShippedFacts.TENANT)) {
            throw Refusals.illegal("Can't delete the default tenant `" + name + "`");
        }
        Map<String, Long> held = contents.of(name);
        if (!held.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Cannot delete tenant `" + name + "`, it holds resources: " + shown(held),
                    "delete them first");
        }
    }

    private static String shown(Map<String, Long> held) {
        return held.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(kind -> kind.getKey() + " (" + kind.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    @Transactional
    public void addUser(String username, String tenant, @Nullable String role) {
        requireNamed(tenant);
        ResourceId.check(USER, username);
        String tenantRole = tenantRole(role);
        String user = existingUser(username);
        if (!records.addUserToTenant(user, tenant, tenantRole)) {
            throw Refusals.already("User `" + user + "`", "tenant `" + tenant + "`");
        }
    }

    @Transactional
    public void changeUser(String username, String tenant, @Nullable String role) {
        requireNamed(tenant);
        ResourceId.check(USER, username);
        String tenantRole = tenantRole(role);
        String user = existingUser(username);
        if (!records.changeUserInTenant(user, tenant, tenantRole)) {
            throw Refusals.notAssociated("User `" + user + "`", "tenant `" + tenant + "`");
        }
    }

    @Transactional
    public void removeUser(String username, String tenant) {
        requireNamed(tenant);
        String user = existingUser(username);
        if (!records.removeUserFromTenant(user, tenant)) {
            throw Refusals.notAssociated("User `" + user + "`", "tenant `" + tenant + "`");
        }
    }

    @Transactional
    public void addGroup(String groupName, String tenant, @Nullable String role) {
        requireNamed(tenant);
        ResourceId.check(GROUP, groupName);
        String tenantRole = tenantRole(role);
        String group = existingGroup(groupName);
        if (!records.addGroupToTenant(group, tenant, tenantRole)) {
            throw Refusals.already("Group `" + group + "`", "tenant `" + tenant + "`");
        }
    }

    @Transactional
    public void changeGroup(String groupName, String tenant, @Nullable String role) {
        requireNamed(tenant);
        ResourceId.check(GROUP, groupName);
        String tenantRole = tenantRole(role);
        String group = existingGroup(groupName);
        if (!records.changeGroupInTenant(group, tenant, tenantRole)) {
            throw Refusals.notAssociated("Group `" + group + "`", "tenant `" + tenant + "`");
        }
    }

    @Transactional
    public void removeGroup(String groupName, String tenant) {
        requireNamed(tenant);
        String group = existingGroup(groupName);
        if (!records.removeGroupFromTenant(group, tenant)) {
            throw Refusals.notAssociated("Group `" + group + "`", "tenant `" + tenant + "`");
        }
    }

    private String tenantRole(@Nullable String role) {
        return records.roles().checked(role == null ? DEFAULT_ROLE : role, Roles.TENANT);
    }

    private String existingUser(String username) {
        ResourceId.check(USER, username);
        return records.findUser(username).orElseThrow(() -> Refusals.notFound("User", username));
    }

    /** A body's tenant is one that the caller asks to work in. An unknown one is {@code forbidden_error}, as in the header. */
    private void requireNamed(String name) {
        if (!records.tenantExists(name)) {
            throw new ManagerException(ErrorCode.FORBIDDEN, Denials.unknownTenant(name), null);
        }
    }

    private void existingTenant(String name) {
        if (!records.tenantExists(name)) {
            throw Refusals.notFound("Tenant", name);
        }
    }

    private String existingGroup(String name) {
        ResourceId.check(GROUP, name);
        return records.findGroup(name).orElseThrow(() -> Refusals.notFound("Group", name));
    }
}
