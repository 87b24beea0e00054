package io.holdfast.snapshot.catalogue;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;

/** Which ids a snapshot may have, and what is said of others. Source: cloudify-api section 1.7, texts and order included. */
public final class SnapshotIds {

    private static final int MAX_LENGTH = 256;

    /** {@code PUT /snapshots/archive} uploads under a generated id, so nothing can have this one. */
    public static final String RESERVED = "archive";

    private SnapshotIds() {}

    /** @throws ManagerException {@code bad_parameters_error} */
    public static void validate(String id) {
        String argument = "The `snapshot_id` argument ";
        if (id.isEmpty()) {
            throw bad(argument + "is empty");
        }
        if (id.length() > MAX_LENGTH) {
            throw bad(argument + "is too long. Maximum allowed length is " + MAX_LENGTH + " characters");
        }
        if (!id.matches("[A-Za-z0-9_.~-]+")) {
            throw bad(argument
                    + "contains illegal characters. Only letters, digits and the characters \"-\", \".\" and \"_\""
                    + " are allowed");
        }
        if (!Character.isLetter(id.charAt(0))) {
            throw bad(argument + "must begin with a letter");
        }
        if (id.equals(RESERVED)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "The `snapshot_id` argument is `archive`, which is no id: it names the upload without one",
                    "choose another id, or PUT /snapshots/archive?snapshot_archive_url=URL to have one generated");
        }
    }

    private static ManagerException bad(String text) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, text, null);
    }
}
