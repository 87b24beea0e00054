package io.holdfast.gateway.authentication;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;

/** The texts of cloudify-api section 1.3, in one place. */
public final class AuthenticationFailure {

    private AuthenticationFailure() {}

    public static ManagerException nothingGiven() {
        return because("No authentication info provided");
    }

    public static ManagerException wrongCredentials(String username) {
        return because(
                "Authentication failed for <User username=`" + username + "`>. Wrong credentials or locked account");
    }

    public static ManagerException invalidExecutionToken() {
        return because("Authentication failed, invalid Execution Token");
    }

    public static ManagerException invalidTokenStructure() {
        return because("Invalid token structure");
    }

    public static ManagerException unknownToken() {
        return because("Unauthorized");
    }

    public static ManagerException expiredToken() {
        return because("Token is expired");
    }

    private static ManagerException because(String reason) {
        return new ManagerException(ErrorCode.UNAUTHORIZED, "User unauthorized: " + reason, null);
    }
}
