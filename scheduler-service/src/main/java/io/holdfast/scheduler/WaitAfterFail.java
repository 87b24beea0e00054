package io.holdfast.scheduler;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.language.PythonText;
import org.jspecify.annotations.Nullable;

/** {@code wait_after_fail} of requests: seconds that a worker lets what runs of an execution go on after one of its operations failed. */
public final class WaitAfterFail {

    public static final String FIELD = "wait_after_fail";

    /** What counts where nothing is said, in the existing API and in its workers. */
    public static final int DEFAULT = StartExecution.DEFAULT_WAIT_AFTER_FAIL;

    private WaitAfterFail() {}

    /**
     * As executions keep it: null for the default, which is not sent to workers.
     *
     * @param sent a whole number or its text; null: nothing was said
     * @throws ManagerException {@code bad_parameters_error} for anything else
     */
    public static @Nullable Integer of(@Nullable Object sent) {
        if (sent == null) {
            return null;
        }
        Integer seconds = number(sent);
        if (seconds == null) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    FIELD + " is " + PythonText.str(sent) + "; expected a whole number of seconds from 0 to "
                            + Integer.MAX_VALUE,
                    null);
        }
        return seconds == DEFAULT ? null : seconds;
    }

    /** The same of a schedule that may have come from elsewhere: what no request could have said is the default. */
    public static @Nullable Integer ofKept(@Nullable Object kept) {
        Integer seconds = number(kept);
        return seconds == null || seconds == DEFAULT ? null : seconds;
    }

    private static @Nullable Integer number(@Nullable Object value) {
        String text = value instanceof Number || value instanceof String ? value.toString() : "";
        if (!text.matches("\\d{1,10}") || Long.parseLong(text) > Integer.MAX_VALUE) {
            return null;
        }
        return Integer.valueOf(text);
    }
}
