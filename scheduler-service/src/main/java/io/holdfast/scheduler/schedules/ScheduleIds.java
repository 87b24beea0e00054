package io.holdfast.scheduler.schedules;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.regex.Pattern;

/** What the id of a new schedule may be, with the API's own messages and in its order. Source: cloudify-api section 1.7. */
public final class ScheduleIds {

    private static final int MAX_LENGTH = 256;
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_.~-]+");
    private static final Pattern LETTER_FIRST = Pattern.compile("[A-Za-z].*");

    private ScheduleIds() {}

    /** @throws ManagerException {@code bad_parameters_error} */
    public static void check(String id) {
        if (id.isEmpty()) {
            throw bad("is empty");
        }
        if (id.length() > MAX_LENGTH) {
            throw bad("is too long. Maximum allowed length is " + MAX_LENGTH + " characters");
        }
        if (!LEGAL.matcher(id).matches()) {
            throw bad(
                    "contains illegal characters. Only letters, digits and the characters \"-\", \".\" and \"_\" are allowed");
        }
        if (!LETTER_FIRST.matcher(id).matches()) {
            throw bad("must begin with a letter");
        }
    }

    private static ManagerException bad(String what) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, "The `schedule_id` argument " + what, null);
    }
}
