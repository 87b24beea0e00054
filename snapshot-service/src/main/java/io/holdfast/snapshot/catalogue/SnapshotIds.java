package io.holdfast.snapshot.catalogue;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;

/** Which ids a snapshot may have, and what is said of others. Source: cloudify-api section 1.7, texts and order included. */
public final class SnapshotIds {

    /** {@code PUT /snapshots/archive} uploads under a generated id, so nothing can have this one. */
    public static final String RESERVED = "archive";

    private SnapshotIds() {}

    /** @throws ManagerException {@code bad_parameters_error} */
    public static void validate(String id) {
        ResourceId.check("snapshot_id", id);
        if (id.equals(RESERVED)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "The `snapshot_id` argument is `archive`, which is no id: it names the upload without one",
                    "choose another id, or PUT /snapshots/archive?snapshot_archive_url=URL to have one generated");
        }
    }

    /**
     * For what is uploaded, whose id may begin with a digit, as a date does. Source: the product's own uploads of snapshots.
     *
     * @throws ManagerException {@code bad_parameters_error}
     */
    public static void validateUploaded(String id) {
        ResourceId.checkCharacters("snapshot_id", id);
        if (!Character.isDigit(id.charAt(0))) {
            validate(id);
        }
    }
}
