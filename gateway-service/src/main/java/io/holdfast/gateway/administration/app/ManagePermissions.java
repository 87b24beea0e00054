package io.holdfast.gateway.administration.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.administration.AccessRecords;
import io.holdfast.gateway.administration.Refusals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Gives roles permissions and takes them away. Administrators keep all of them, whatever the table says of their role. */
@ApplicationScoped
public class ManagePermissions {

    private static final int LONGEST = 256;

    private final AccessRecords records;

    public ManagePermissions(AccessRecords records) {
        this.records = records;
    }

    @Transactional
    public void add(String role, String permission) {
        existing(role);
        requireName(permission);
        if (!records.addPermission(role, permission)) {
            throw new ManagerException(ErrorCode.CONFLICT, role + " already has permission " + permission, null);
        }
    }

    @Transactional
    public void remove(String role, String permission) {
        existing(role);
        if (!records.removePermission(role, permission)) {
            throw new ManagerException(ErrorCode.NOT_FOUND, role + " does not have " + permission, null);
        }
    }

    /** Any text: a permission that nothing asks for does nothing. */
    private static void requireName(String permission) {
        if (permission.isBlank()
                || permission.length() > LONGEST
                || permission.codePoints().anyMatch(Character::isISOControl)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "a permission's name has 1 to " + LONGEST + " characters, none of them control characters",
                    null);
        }
    }

    private void existing(String role) {
        if (!records.roles().typeByName().containsKey(role)) {
            throw Refusals.notFound("Role", role);
        }
    }
}
