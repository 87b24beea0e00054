package io.holdfast.http;

import java.sql.SQLException;
import java.util.Set;

/** Tells a failure that passes, because the database is not there or is not the active one, from others. */
public final class DatabaseAway {

    /** What to say of it. */
    public static final String MESSAGE = "The database does not answer, or is being taken over by another node";

    public static final String HINT = "try again in a moment; `GET /api/v3.1/status` shows what is down";

    /**
     * Shutting down, starting, too many connections, and a transaction that may not write, which a database that is not the active one
     * any more says. Source: PostgreSQL, appendix A.
     */
    private static final Set<String> STATES = Set.of("57P01", "57P02", "57P03", "57P05", "53300", "25006");

    /** Connection exceptions. */
    private static final String CONNECTION_CLASS = "08";

    private DatabaseAway() {}

    /** Whether anything in the chain of causes says so. */
    public static boolean causes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused) {
                String state = refused.getSQLState();
                if (state == null
                        ? String.valueOf(refused.getMessage()).contains("Acquisition timeout")
                        : state.startsWith(CONNECTION_CLASS) || STATES.contains(state)) {
                    return true;
                }
            }
        }
        return false;
    }
}
