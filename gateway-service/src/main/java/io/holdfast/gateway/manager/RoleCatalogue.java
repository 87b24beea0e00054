package io.holdfast.gateway.manager;

import java.util.List;
import java.util.Map;

/** Roles and what they permit, as the configuration shows them to user interfaces. */
public interface RoleCatalogue {

    /** {@code type} is {@code system_role} or {@code tenant_role}. */
    record Role(String name, String type, String description) {}

    List<Role> roles();

    /** Roles by permission, both in order of names. */
    Map<String, List<String>> rolesByPermission();
}
