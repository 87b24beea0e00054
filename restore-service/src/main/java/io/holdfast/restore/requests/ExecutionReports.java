package io.holdfast.restore.requests;

import org.jspecify.annotations.Nullable;

/**
 * Shows a restore as an execution of the live state, until the restored state brings its own. Best effort: nothing depends on it, and that a
 * restore has failed its event tells as well, a little later.
 */
public interface ExecutionReports {

    /**
     * Never takes an execution back that has ended.
     *
     * @param restore no dry run: these are no executions
     * @param status {@code pending}, {@code started} or {@code failed}
     * @param error null: none
     */
    void report(Restore restore, String status, @Nullable String error);
}
