package io.holdfast.gateway.administration;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;

/** The errors of this feature, each text once. */
public final class Refusals {

    private Refusals() {}

    public static ManagerException notFound(String model, String name) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `" + model + "` with ID `" + name + "` was not found", null);
    }

    public static ManagerException exists(String model, String key, String name) {
        return new ManagerException(
                ErrorCode.CONFLICT, "<" + model + " " + key + "=`" + name + "`> already exists", null);
    }

    public static ManagerException already(String what, String where) {
        return new ManagerException(ErrorCode.CONFLICT, what + " is already associated with " + where, null);
    }

    public static ManagerException notAssociated(String what, String where) {
        return new ManagerException(ErrorCode.NOT_FOUND, what + " is not associated with " + where, null);
    }

    /** A name whose URL is taken by another call. */
    public static ManagerException reserved(String name, String kind) {
        return bad("'" + name + "' is not allowed as a " + kind
                + " name because it wouldn't be possible to remove it later due to a" + " conflict with the remove "
                + name + " from " + kind + " endpoint");
    }

    /** @param action what would leave the manager without an administrator */
    public static ManagerException lastAdministrator(String action) {
        return new ManagerException(
                ErrorCode.ILLEGAL_ACTION,
                "Can't " + action + ": no active administrator would be left",
                "make another user a sys_admin first");
    }

    public static ManagerException illegal(String detail) {
        return new ManagerException(ErrorCode.ILLEGAL_ACTION, detail, null);
    }

    public static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
