package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.EntityType;
import io.holdfast.archive.cloudify.Item;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.cloudify.KeptAccess.Administrator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tenants, roles, permissions, users and groups. */
final class AccessMapping {

    private static final String DEFAULT_TENANT = "default_tenant";
    private static final String TENANT_ROLE = "tenant_role";
    private static final String SYSTEM_ROLE = "system_role";

    /** The user that every Cloudify manager is installed with. */
    private static final String CLOUDIFY_ADMINISTRATOR = "admin";

    private static final StateTable TENANTS =
            StateTable.of("access", "tenants", "name", "rabbitmq_password_enc", "created_at");
    private static final StateTable ROLES = StateTable.of("access", "roles", "name", "type", "description");
    private static final StateTable PERMISSIONS = StateTable.of("access", "permissions", "role", "permission");
    private static final StateTable USERS = StateTable.of(
            "access",
            "users",
            "username",
            "password_hash",
            "password_salt",
            "role",
            "is_bootstrap_admin",
            "show_getting_started",
            "created_at",
            "first_login_at",
            "last_login_at");
    private static final StateTable GROUPS = StateTable.of("access", "user_groups", "name", "ldap_dn", "role");
    private static final StateTable MEMBERS = StateTable.of("access", "user_group_members", "group_name", "username");
    private static final StateTable USER_TENANTS =
            StateTable.of("access", "user_tenants", "username", "tenant_name", "role");
    private static final StateTable GROUP_TENANTS =
            StateTable.of("access", "group_tenants", "group_name", "tenant_name", "role");

    private final Import run;
    private final KeptAccess kept;
    /** Roles that something names, by name; the type is told by where. */
    private final Map<String, String> rolesUsed = new LinkedHashMap<>();

    private final Set<String> groups = new HashSet<>();

    AccessMapping(Import run, KeptAccess kept) {
        this.run = run;
        this.kept = kept;
    }

    void run() {
        tenants();
        permissions();
        groups();
        users();
        roles();
    }

    private void tenants() {
        Set<String> names = new HashSet<>();
        run.each(EntityType.TENANTS, (entity, item) -> {
            String name = item.required("name");
            names.add(name);
            run.row(
                    TENANTS,
                    name,
                    run.seal(item.text("rabbitmq_password"), "tenants", name),
                    item.instant("created_at"));
        });
        Set<String> others = new LinkedHashSet<>(run.archive().tenants());
        others.addAll(run.survey().ownerTenants());
        others.removeAll(names);
        for (String name : others) {
            run.row(TENANTS, name, null, null);
            run.findings().add("tenants that own something in the archive but are not listed in it were added", name);
        }
        if (!names.contains(DEFAULT_TENANT) && !others.contains(DEFAULT_TENANT)) {
            run.row(TENANTS, DEFAULT_TENANT, null, null);
        }
    }

    /**
     * The archive's permissions hold. Those that it knows nothing of (of this product alone, or all, if it carries none) stay as they
     * are here; one that it knows is not given back to a role that it was taken from.
     */
    private void permissions() {
        Set<String> known = new HashSet<>();
        run.each(EntityType.PERMISSIONS, (entity, item) -> {
            String role = item.required("role");
            known.add(item.required("permission"));
            rolesUsed.putIfAbsent(role, TENANT_ROLE);
            run.row(PERMISSIONS, role, item.required("permission"));
        });
        for (KeptAccess.Permission permission : kept.permissions()) {
            if (!known.contains(permission.permission())) {
                run.row(PERMISSIONS, permission.role(), permission.permission());
            }
        }
    }

    private void groups() {
        run.each(EntityType.USER_GROUPS, (entity, item) -> {
            String name = item.required("name");
            String role = item.text("role", "default");
            groups.add(name);
            rolesUsed.put(role, SYSTEM_ROLE);
            run.row(GROUPS, name, item.text("ldap_dn"), role);
            Item tenants = item.object("tenants");
            for (String tenant : tenants.fieldNames()) {
                rolesUsed.putIfAbsent(tenants.required(tenant), TENANT_ROLE);
                run.row(GROUP_TENANTS, name, tenant, tenants.required(tenant));
            }
        });
    }

    private void users() {
        Map<String, String> names = new HashMap<>();
        String salt = run.options().hashSalt();
        run.each(EntityType.USERS, (entity, item) -> {
            String username = item.required("username");
            String same = names.put(username.toLowerCase(Locale.ROOT), username);
            if (same != null) {
                throw new ManagerException(
                        ErrorCode.INVALID_ARCHIVE,
                        "the users " + same + " and " + username + " differ only in upper and lower case",
                        "rename one of them on the source manager and take a new snapshot");
            }
            user(username, item, salt == null || salt.isEmpty() ? null : salt);
            tenantsOf(username, item.object("tenant_roles"));
        });
        kept.administrator()
                .filter(administrator ->
                        !names.containsKey(administrator.username().toLowerCase(Locale.ROOT)))
                .ifPresent(administrator -> {
                    administrator(administrator, null);
                    rolesUsed.putIfAbsent("user", TENANT_ROLE);
                    run.row(USER_TENANTS, administrator.username(), DEFAULT_TENANT, "user");
                });
    }

    private void user(String username, Item item, @Nullable String salt) {
        Administrator administrator = kept.administrator()
                .filter(here -> here.username().equalsIgnoreCase(username))
                .orElse(null);
        if (administrator != null) {
            administrator(administrator, item);
            return;
        }
        String role = item.text("role", "default");
        String hash = item.text("password_hash");
        rolesUsed.put(role, SYSTEM_ROLE);
        if (hash != null && salt == null) {
            run.findings()
                    .add(
                            "users who cannot log in with their password, because the archive does not carry the source"
                                    + " manager's hash_salt; restore again with it, or set new passwords",
                            username);
        } else if (hash == null) {
            run.findings().add("users without a password in the archive", username);
        }
        run.row(
                USERS,
                username,
                hash,
                hash == null ? null : salt,
                role,
                kept.administrator().isEmpty() && username.equals(CLOUDIFY_ADMINISTRATOR),
                item.bool("show_getting_started", true),
                item.instant("created_at"),
                item.instant("first_login_at"),
                item.instant("last_login_at"));
    }

    /** The one who restores must not be locked out: his password and role are those that he has here. */
    private void administrator(Administrator administrator, @Nullable Item item) {
        rolesUsed.put("sys_admin", SYSTEM_ROLE);
        run.row(
                USERS,
                administrator.username(),
                administrator.passwordHash(),
                administrator.passwordSalt(),
                "sys_admin",
                true,
                administrator.showGettingStarted(),
                item == null ? administrator.createdAt() : item.instant("created_at"),
                item == null ? administrator.firstLoginAt() : item.instant("first_login_at"),
                item == null ? administrator.lastLoginAt() : item.instant("last_login_at"));
        run.findings().add("the administrator " + administrator.username() + " keeps the password of this manager");
    }

    /** @param roles {@code {"direct": {tenant: role}, "groups": {tenant: {role: [group]}}}} */
    private void tenantsOf(String username, Item roles) {
        Item direct = roles.object("direct");
        for (String tenant : direct.fieldNames()) {
            rolesUsed.putIfAbsent(direct.required(tenant), TENANT_ROLE);
            run.row(USER_TENANTS, username, tenant, direct.required(tenant));
        }
        Set<String> memberOf = new LinkedHashSet<>();
        Item byTenant = roles.object("groups");
        for (String tenant : byTenant.fieldNames()) {
            Item byRole = byTenant.object(tenant);
            byRole.fieldNames().forEach(role -> memberOf.addAll(byRole.texts(role)));
        }
        for (String group : memberOf) {
            run.row(MEMBERS, group, username);
            if (!groups.contains(group)) {
                run.findings().add("users in groups that the archive does not carry", username + " in " + group);
            }
        }
    }

    private void roles() {
        Set<String> known = new HashSet<>();
        for (KeptAccess.Role role : kept.roles()) {
            known.add(role.name());
            run.row(ROLES, role.name(), role.type(), role.description());
        }
        rolesUsed.forEach((name, type) -> {
            if (known.add(name)) {
                run.row(ROLES, name, type, "");
                run.findings().add("roles that this manager did not know were added", name);
            }
        });
    }
}
