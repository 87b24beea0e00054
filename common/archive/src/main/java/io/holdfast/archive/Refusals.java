package io.holdfast.archive;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import org.jspecify.annotations.Nullable;

/** What readers of archives answer to bad ones: always {@code INVALID_ARCHIVE}, with what was found and what was expected. */
public final class Refusals {

    private static final String HINT_DAMAGED =
            "download or copy the archive again; compare its SHA-256 with the one of its source";

    private Refusals() {}

    public static ManagerException invalid(String found, @Nullable String hint) {
        return new ManagerException(ErrorCode.INVALID_ARCHIVE, found, hint);
    }

    public static ManagerException invalid(String found, @Nullable String hint, Throwable cause) {
        return new ManagerException(ErrorCode.INVALID_ARCHIVE, found, hint, cause);
    }

    /** The file was whole once and is not now. */
    public static ManagerException damaged(String found) {
        return invalid(found, HINT_DAMAGED);
    }

    public static ManagerException damaged(String found, Throwable cause) {
        return invalid(found, HINT_DAMAGED, cause);
    }

    /** Made on purpose: no writer of archives makes such a file. */
    public static ManagerException hostile(String found) {
        return invalid(found, "no manager makes such an archive; do not trust where it comes from");
    }
}
