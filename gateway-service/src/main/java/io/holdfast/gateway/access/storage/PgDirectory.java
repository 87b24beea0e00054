package io.holdfast.gateway.access.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.gateway.access.LockPolicies;
import io.holdfast.gateway.access.LockPolicy;
import io.holdfast.gateway.access.app.Directory;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Schema access. Expanded data is aggregated by the database, so that a list is one query, however long. */
@ApplicationScoped
public class PgDirectory implements Directory {

    /** A user's roles in tenants, its own and its groups'. */
    private static final String ROLES = """
            (SELECT username, tenant_name, role, true AS direct FROM access.user_tenants
             UNION ALL
             SELECT m.username, t.tenant_name, t.role, false FROM access.user_group_members m
             JOIN access.group_tenants t ON t.group_name = m.group_name)
            """;

    private static final String TENANTS_OF_USER = """
            (SELECT coalesce(jsonb_object_agg(x.tenant_name, x.entry), '{}'::jsonb) FROM
                (SELECT r.tenant_name, jsonb_build_object('tenant-role', max(r.role) FILTER (WHERE r.direct),
                        'roles', jsonb_agg(DISTINCT r.role)) AS entry
                 FROM %s r WHERE r.username = e.username GROUP BY r.tenant_name) x)
            """.formatted(ROLES);

    private static final String TENANT_ROLES_OF_USER = """
            jsonb_build_object(
                'direct', coalesce((SELECT jsonb_object_agg(d.tenant_name, d.role) FROM access.user_tenants d
                                    WHERE d.username = e.username), '{}'::jsonb),
                'groups', coalesce((SELECT jsonb_object_agg(x.tenant_name, x.roles) FROM
                    (SELECT y.tenant_name, jsonb_object_agg(y.role, y.groups) AS roles FROM
                        (SELECT t.tenant_name, t.role, jsonb_agg(t.group_name ORDER BY t.group_name) AS groups
                         FROM access.user_group_members m JOIN access.group_tenants t ON t.group_name = m.group_name
                         WHERE m.username = e.username GROUP BY t.tenant_name, t.role) y
                     GROUP BY y.tenant_name) x), '{}'::jsonb))
            """;

    private static final String GROUP_SYSTEM_ROLES_OF_USER = """
            coalesce((SELECT jsonb_object_agg(x.role, x.groups) FROM
                (SELECT g.role, jsonb_agg(g.name ORDER BY g.name) AS groups
                 FROM access.user_group_members m JOIN access.user_groups g ON g.name = m.group_name
                 WHERE m.username = e.username GROUP BY g.role) x), '{}'::jsonb)
            """;

    private static final String GROUPS_OF_USER = """
            coalesce((SELECT jsonb_agg(m.group_name ORDER BY m.group_name) FROM access.user_group_members m
                      WHERE m.username = e.username), '[]'::jsonb)
            """;

    private static final String USERS_OF_TENANT = """
            (SELECT coalesce(jsonb_object_agg(x.username, x.entry), '{}'::jsonb) FROM
                (SELECT r.username, jsonb_build_object('tenant-role', max(r.role) FILTER (WHERE r.direct),
                        'roles', jsonb_agg(DISTINCT r.role)) AS entry
                 FROM %s r WHERE r.tenant_name = e.name GROUP BY r.username) x)
            """.formatted(ROLES);

    private static final String USER_ROLES_OF_TENANT = """
            jsonb_build_object(
                'direct', coalesce((SELECT jsonb_object_agg(d.username, d.role) FROM access.user_tenants d
                                    WHERE d.tenant_name = e.name), '{}'::jsonb),
                'groups', coalesce((SELECT jsonb_object_agg(t.group_name, jsonb_build_object('role', t.role, 'users',
                    coalesce((SELECT jsonb_agg(m.username ORDER BY m.username) FROM access.user_group_members m
                              WHERE m.group_name = t.group_name), '[]'::jsonb)))
                    FROM access.group_tenants t WHERE t.tenant_name = e.name), '{}'::jsonb))
            """;

    private static final String GROUPS_OF_TENANT = """
            coalesce((SELECT jsonb_object_agg(t.group_name, t.role) FROM access.group_tenants t
                      WHERE t.tenant_name = e.name), '{}'::jsonb)
            """;

    private static final Entity TENANT = tenant().integer(
                    "groups", "(SELECT count(*) FROM access.group_tenants t WHERE t.tenant_name = e.name)")
            .integer("users", "(SELECT count(DISTINCT r.username) FROM " + ROLES + " r WHERE r.tenant_name = e.name)")
            .json("user_roles", "NULL::text")
            .build();

    private static final Entity TENANT_WITH_DATA = tenant().json("groups", GROUPS_OF_TENANT)
            .json("users", USERS_OF_TENANT)
            .json("user_roles", USER_ROLES_OF_TENANT)
            .build();

    private static final Entity GROUP = group().integer(
                    "tenants", "(SELECT count(*) FROM access.group_tenants t WHERE t.group_name = e.name)")
            .integer("users", "(SELECT count(*) FROM access.user_group_members m WHERE m.group_name = e.name)")
            .build();

    private static final Entity GROUP_WITH_DATA = group().json(
                    "tenants",
                    "coalesce((SELECT jsonb_object_agg(t.tenant_name, t.role) FROM access.group_tenants t"
                            + " WHERE t.group_name = e.name), '{}'::jsonb)")
            .json(
                    "users",
                    "coalesce((SELECT jsonb_agg(m.username ORDER BY m.username) FROM access.user_group_members m"
                            + " WHERE m.group_name = e.name), '[]'::jsonb)")
            .build();

    private static final Entity PERMISSION = Entity.of("Permission", "access.permissions e")
            .id("e.permission")
            .texts("role", "permission")
            .build();

    private static final Entity ROLE =
            Entity.of("Role", "access.roles e").id("e.name").texts("name").build();

    private static final LockPolicy NEVER = new LockPolicy(0, Duration.ZERO);

    private final Lister lister;
    private final LockPolicies lockPolicies;
    private volatile UserEntities userEntities;

    public PgDirectory(@DataSource("gateway") AgroalDataSource dataSource, LockPolicies lockPolicies) {
        this.lister = new Lister(dataSource);
        this.lockPolicies = lockPolicies;
        this.userEntities = UserEntities.of(NEVER);
    }

    /** A user's four shapes, whose {@code is_locked} has the policy in it. */
    private record UserEntities(
            LockPolicy policy, Entity plain, Entity withData, Entity withHash, Entity withDataAndHash) {

        static UserEntities of(LockPolicy policy) {
            return new UserEntities(
                    policy,
                    PgDirectory.user(policy, false, false),
                    PgDirectory.user(policy, true, false),
                    PgDirectory.user(policy, false, true),
                    PgDirectory.user(policy, true, true));
        }
    }

    private static Entity.Builder tenant() {
        // Tenants have no broker accounts of their own here; the names are there for clients that read them.
        return Entity.of("Tenant", "access.tenants e")
                .id("e.name")
                .texts("name")
                .text("rabbitmq_username", "NULL::text")
                .text("rabbitmq_password", "NULL::text")
                .text("rabbitmq_vhost", "NULL::text")
                .counted("access", "tenants")
                .searchBy("_search", "e.name");
    }

    private static Entity.Builder group() {
        return Entity.of("Group", "access.user_groups e")
                .id("e.name")
                .texts("name", "ldap_dn", "role")
                .counted("access", "user_groups")
                .searchBy("_search", "e.name");
    }

    private static Entity user(LockPolicy lockPolicy, boolean withData, boolean withHash) {
        Entity.Builder builder = Entity.of("User", "access.users e")
                .id("e.username")
                .texts("username", "role")
                .json("group_system_roles", GROUP_SYSTEM_ROLES_OF_USER)
                .bools("active", "show_getting_started")
                .bool("is_locked", isLocked(lockPolicy))
                .times("created_at", "first_login_at", "last_login_at")
                .text("password_hash", withHash ? "e.password_hash" : "NULL::text")
                .counted("access", "users")
                .searchBy("_search", "e.username")
                .sortBy("created_at");
        if (withData) {
            builder.json("tenants", TENANTS_OF_USER)
                    .json("groups", GROUPS_OF_USER)
                    .json("tenant_roles", TENANT_ROLES_OF_USER);
        } else {
            builder.integer(
                            "tenants",
                            "(SELECT count(DISTINCT r.tenant_name) FROM " + ROLES + " r WHERE r.username = e.username)")
                    .integer(
                            "groups",
                            "(SELECT count(*) FROM access.user_group_members m WHERE m.username = e.username)")
                    .json("tenant_roles", "NULL::text");
        }
        return builder.build();
    }

    private static String isLocked(LockPolicy policy) {
        return "coalesce(e.failed_logins > " + policy.allowedFailures()
                + " AND e.last_failed_login_at > now() - interval '"
                + policy.period().toSeconds() + " seconds', false)";
    }

    @Override
    public Listing tenants(ListRequest request, CallerIdentity caller) {
        Entity entity = request.getData() ? TENANT_WITH_DATA : TENANT;
        List<String> visible = caller.visibleTenants();
        return visible == null
                ? lister.list(entity, request, caller)
                : lister.list(entity, request, caller, Condition.of("e.name = ANY (?)", visible));
    }

    @Override
    public Row tenant(String name, ListRequest request, CallerIdentity caller) {
        return lister.get(request.getData() ? TENANT_WITH_DATA : TENANT, name, request, caller);
    }

    @Override
    public Listing users(ListRequest request, CallerIdentity caller, boolean withHashes) {
        return lister.list(userEntity(request.getData(), withHashes), request, caller);
    }

    @Override
    public Row user(String username, ListRequest request, CallerIdentity caller) {
        return lister.get(userEntity(request.getData(), false), username, request, caller);
    }

    private Entity userEntity(boolean withData, boolean withHash) {
        LockPolicy policy = lockPolicies.current();
        UserEntities entities = userEntities;
        if (!entities.policy().equals(policy)) {
            entities = UserEntities.of(policy);
            userEntities = entities;
        }
        if (withData) {
            return withHash ? entities.withDataAndHash() : entities.withData();
        }
        return withHash ? entities.withHash() : entities.plain();
    }

    @Override
    public Listing groups(ListRequest request, CallerIdentity caller) {
        // names are told apart by their letters, not by the case of these, as the API has it
        ListRequest others = request;
        List<Condition> named = new ArrayList<>();
        for (String field : List.of("name", "ldap_dn")) {
            List<String> values = request.filters().get(field);
            if (values != null) {
                others = others.withoutFilter(field);
                named.add(Condition.of(
                        "lower(e." + field + ") = ANY (?)",
                        values.stream()
                                .map(value -> value.toLowerCase(Locale.ROOT))
                                .toList()));
            }
        }
        return lister.list(
                request.getData() ? GROUP_WITH_DATA : GROUP, others, caller, named.toArray(Condition[]::new));
    }

    @Override
    public Row group(String name, ListRequest request, CallerIdentity caller) {
        // its name may be asked for in any case, as the API has it
        Condition named = Condition.of("lower(e.name) = lower(?)", name);
        String written = lister.list(GROUP, ListRequest.all(), caller, named).rows().stream()
                .map(Row::id)
                .sorted(Comparator.comparing(id -> !id.equals(name)))
                .findFirst()
                .orElse(name);
        return lister.get(request.getData() ? GROUP_WITH_DATA : GROUP, written, request, caller);
    }

    @Override
    public Listing permissions(ListRequest request, CallerIdentity caller) {
        return lister.list(PERMISSION, request, caller);
    }

    @Override
    public Listing permissionsOf(String role, ListRequest request, CallerIdentity caller) {
        lister.get(ROLE, role, ListRequest.all(), caller);
        return lister.list(PERMISSION, request, caller, Condition.of("e.role = ?", role));
    }
}
