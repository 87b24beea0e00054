package io.holdfast.gateway.access;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;

/** What names of users, groups and tenants may look like. Source: cloudify-api section 1.7; the order of checks is the API's. */
public final class Names {

    private static final int MAX_LENGTH = 256;

    private Names() {}

    /** @param argument as the API calls it, for example {@code username} */
    public static String checked(String argument, String value) {
        String prefix = "The `" + argument + "` argument ";
        if (value.isEmpty()) {
            throw bad(prefix + "is empty");
        }
        if (value.length() > MAX_LENGTH) {
            throw bad(prefix + "is too long. Maximum allowed length is " + MAX_LENGTH + " characters");
        }
        if (!value.matches("[A-Za-z0-9_.~-]+")) {
            throw bad(prefix
                    + "contains illegal characters. Only letters, digits and the characters \"-\", \".\" and \"_\""
                    + " are allowed");
        }
        if (!value.matches("[A-Za-z].*")) {
            throw bad(prefix + "must begin with a letter");
        }
        return value;
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
