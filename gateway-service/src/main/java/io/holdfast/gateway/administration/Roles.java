package io.holdfast.gateway.administration;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The manager's roles, type by name, in their own order. */
public record Roles(Map<String, String> typeByName) {

    public static final String SYSTEM = "system_role";

    public static final String TENANT = "tenant_role";

    public Roles {
        typeByName = Collections.unmodifiableMap(new LinkedHashMap<>(typeByName));
    }

    /** The role if there is one of that name and type. Source of the texts: cloudify-api section 11. */
    public String checked(String name, String type) {
        String actual = typeByName.get(name);
        if (actual == null) {
            String valid = typeByName.entrySet().stream()
                    .filter(role -> role.getValue().equals(type))
                    .map(role -> "'" + role.getKey() + "'")
                    .collect(Collectors.joining(", ", "[", "]"));
            throw bad("Invalid role: `" + name + "`. Valid " + type + " roles are: " + valid);
        }
        if (!actual.equals(type)) {
            throw bad("Role `" + name + "` is a " + actual + " and cannot be assigned as a " + type);
        }
        return name;
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
