package io.holdfast.gateway.administration;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;

/** What a new password may look like. Source: cloudify-api section 11. */
public final class PasswordRules {

    private static final int MIN_LENGTH = 5;
    private static final int MAX_LENGTH = 256;

    private PasswordRules() {}

    public static String checked(String password) {
        if (password.isEmpty()) {
            throw bad("The password is empty");
        }
        if (password.length() > MAX_LENGTH) {
            throw bad("The password is too long. Maximum allowed length is " + MAX_LENGTH + " characters");
        }
        if (password.length() < MIN_LENGTH) {
            throw bad("The password is too short. Minimum allowed length is " + MIN_LENGTH + " characters");
        }
        return password;
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
