package io.holdfast.messaging;

import com.rabbitmq.client.PossibleAuthenticationFailureException;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Why a service cannot start without its database or its broker: what was found, and the way out. */
final class NotStarted {

    private NotStarted() {}

    /** @param url without parameters */
    static ManagerException database(String url, String username, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("28")) {
            return refused(
                    "the PostgreSQL at " + url + " refuses the user " + username + " (" + e.getMessage() + ")",
                    "correct user and password, or let the server take them (pg_hba.conf)",
                    e);
        }
        if (state.equals("3D000")) {
            return refused(
                    "the PostgreSQL at " + url + " has no database of this name (" + e.getMessage() + ")",
                    "create it for the user " + username + ", or correct the URL",
                    e);
        }
        if (state.startsWith("08")) {
            return refused(
                    "no PostgreSQL answers at " + url + " (" + reason(e) + ")", "start it, or correct the URL", e);
        }
        return refused("the PostgreSQL at " + url + " cannot be used (" + e.getMessage() + ")", null, e);
    }

    /** @param broker without the password */
    static ManagerException broker(String broker, Exception e) {
        if (e instanceof PossibleAuthenticationFailureException) {
            return refused(
                    "the AMQP broker at " + broker + " refuses the user or its password, or the virtual host",
                    "correct the URL, or let the broker take them",
                    e);
        }
        return refused(
                "no AMQP broker can be used at " + broker + " (" + reason(e) + ")", "start it, or correct the URL", e);
    }

    private static ManagerException refused(String detail, @Nullable String hint, Exception e) {
        return new ManagerException(ErrorCode.SERVICE_UNAVAILABLE, detail, hint, e);
    }

    /** Messages of exceptions of the network say nothing, or a name alone. */
    private static String reason(Exception e) {
        Throwable root = e;
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        if (root instanceof UnknownHostException) {
            return "the host " + root.getMessage() + " is not known";
        }
        @Nullable String message = root.getMessage();
        return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
    }
}
