package io.holdfast.contracts.ids;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What ids of things, and names of users, groups and tenants, may look like. Source: cloudify-api section 1.7, with its texts and its order of checks. */
public final class ResourceId {

    private static final int LONGEST = 256;
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_.~-]+");
    private static final Pattern LETTER_FIRST = Pattern.compile("[A-Za-z].*");

    private ResourceId() {}

    /** @param argument its name in the API: {@code blueprint_id} */
    public static String check(String argument, @Nullable String id) {
        checkCharacters(argument, id);
        if (id == null || !LETTER_FIRST.matcher(id).matches()) {
            throw bad(argument, "must begin with a letter");
        }
        return id;
    }

    /** As the other, but a digit may come first, as in ids of deployments. */
    public static String checkCharacters(String argument, @Nullable String id) {
        if (id == null || id.isEmpty()) {
            throw bad(argument, "is empty");
        }
        if (id.length() > LONGEST) {
            throw bad(argument, "is too long. Maximum allowed length is " + LONGEST + " characters");
        }
        if (!LEGAL.matcher(id).matches()) {
            throw bad(
                    argument,
                    "contains illegal characters. Only letters, digits and the characters \"-\", \".\" and \"_\" are allowed");
        }
        return id;
    }

    /** Whether {@link #checkCharacters} would take it. */
    public static boolean isLegal(@Nullable String id) {
        return id != null && id.length() <= LONGEST && LEGAL.matcher(id).matches();
    }

    private static ManagerException bad(String argument, String text) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, "The `" + argument + "` argument " + text, null);
    }
}
