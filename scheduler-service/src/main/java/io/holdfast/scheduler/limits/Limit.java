package io.holdfast.scheduler.limits;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may run, or what may run of a tenant under one concurrency key.
 *
 * @param key null: of the tenant as a whole
 * @param maxRunning how many executions may be active at once; null: any number. Under a key it may be 0: all wait until it is raised
 * @param startsPerMinute of the tenant; null: any number
 * @param burst starts that may come at once before {@code startsPerMinute} holds; null: as many as one minute's
 */
public record Limit(
        String tenantName,
        @Nullable String key,
        @Nullable Integer maxRunning,
        @Nullable Integer startsPerMinute,
        @Nullable Integer burst) {

    /** More is a slip of the pen, and would be no limit. */
    private static final int MOST = 1_000_000;

    private static final int LONGEST_NAME = 200;

    /** @throws ManagerException BAD_PARAMETERS if it is no limit, or none that can be meant */
    public Limit {
        name("tenant", tenantName);
        number("max_running", maxRunning, key == null ? 1 : 0);
        number("starts_per_minute", startsPerMinute, 1);
        number("burst", burst, 1);
        if (key != null) {
            name("key", key);
            if (maxRunning == null || startsPerMinute != null || burst != null) {
                throw bad("A concurrency key takes max_running and nothing else", "give max_running alone");
            }
        } else if (maxRunning == null && startsPerMinute == null) {
            throw bad(
                    "A limit of tenant " + tenantName + " that limits nothing",
                    "give max_running or starts_per_minute, or delete the limit");
        } else if (burst != null && startsPerMinute == null) {
            throw bad("burst is " + burst + " but starts_per_minute is not given", "give both, or max_running alone");
        }
    }

    private static void name(String what, String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
            throw bad(
                    "The " + what + " has " + name.length() + " characters; expected 1 to " + LONGEST_NAME
                            + ", not only blanks",
                    null);
        }
    }

    private static void number(String what, @Nullable Integer number, int least) {
        if (number != null && (number < least || number > MOST)) {
            throw bad(what + " is " + number + "; expected " + least + " to " + MOST, "delete the limit to have none");
        }
    }

    private static ManagerException bad(String detail, @Nullable String hint) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, hint);
    }
}
