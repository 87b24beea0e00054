package io.holdfast.scheduler.directory.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.Rights;
import org.jspecify.annotations.Nullable;

/** The manager's users. */
public interface Directory {

    boolean hasUser(String name);

    /**
     * For things that are said to be somebody's.
     *
     * @param owner null: nobody is named
     * @throws ManagerException {@code forbidden_error} where the caller may name nobody, {@code bad_parameters_error} where there is no such
     *     user
     */
    default void requireOwner(@Nullable String owner, CallerIdentity caller) {
        if (owner == null) {
            return;
        }
        Rights.require(Rights.SET_OWNER, caller);
        if (!hasUser(owner)) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "User " + owner + " does not exist.", null);
        }
    }
}
