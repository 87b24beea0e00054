package io.holdfast.scheduler.directory.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;

/** The manager's users. */
public interface Directory {

    boolean hasUser(String name);

    /** @throws ManagerException {@code bad_parameters_error} where there is no such user; for things that are said to be theirs */
    default void requireUser(String name) {
        if (!hasUser(name)) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "User " + name + " does not exist.", null);
        }
    }
}
