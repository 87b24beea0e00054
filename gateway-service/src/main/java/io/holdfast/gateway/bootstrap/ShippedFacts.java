package io.holdfast.gateway.bootstrap;

import io.holdfast.gateway.bootstrap.FirstState.Grant;
import io.holdfast.gateway.bootstrap.FirstState.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What every new manager has, as the manager API 7.1 has it. Source of the permissions: {@code permissions.txt} beside this class. */
public final class ShippedFacts {

    /** The tenant of a new manager. */
    public static final String TENANT = "default_tenant";

    /** The user of a new manager. */
    public static final String ADMIN = "admin";

    private static final String PERMISSIONS = "permissions.txt";

    private ShippedFacts() {}

    public static List<Role> roles() {
        return List.of(
                new Role("sys_admin", "system_role", "may do everything"),
                new Role("default", "system_role", "may log in"),
                new Role("manager", "tenant_role", "manages a tenant"),
                new Role("user", "tenant_role", "works with the resources of a tenant"),
                new Role("operations", "tenant_role", "deploys and operates in a tenant"),
                new Role("viewer", "tenant_role", "looks at the resources of a tenant"));
    }

    public static List<Grant> permissions() {
        try (InputStream in = Objects.requireNonNull(ShippedFacts.class.getResourceAsStream(PERMISSIONS), PERMISSIONS);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<Grant> grants = new ArrayList<>();
            for (String line : reader.lines().toList()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] words = line.split(" ");
                for (int i = 1; i < words.length; i++) {
                    grants.add(new Grant(words[i], words[0]));
                }
            }
            return grants;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + PERMISSIONS, e);
        }
    }
}
