package io.holdfast.gateway.manager.storage;

import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.manager.RoleCatalogue;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code access.roles} and {@code access.permissions}. */
@ApplicationScoped
public class PgRoleCatalogue implements RoleCatalogue {

    private final Jdbc jdbc;

    public PgRoleCatalogue(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    private record Grant(String role, String permission) {}

    @Override
    public List<Role> roles() {
        return jdbc.list(
                "SELECT name, type, description FROM access.roles ORDER BY storage_id",
                row -> new Role(row.getString("name"), row.getString("type"), row.getString("description")));
    }

    @Override
    public Map<String, List<String>> rolesByPermission() {
        Map<String, List<String>> roles = new TreeMap<>();
        for (Grant grant : jdbc.list(
                "SELECT role, permission FROM access.permissions ORDER BY permission, role",
                row -> new Grant(row.getString("role"), row.getString("permission")))) {
            roles.computeIfAbsent(grant.permission(), permission -> new ArrayList<>())
                    .add(grant.role());
        }
        return roles;
    }
}
