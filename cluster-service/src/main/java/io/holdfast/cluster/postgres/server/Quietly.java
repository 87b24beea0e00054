package io.holdfast.cluster.postgres.server;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Ends connections that are of no further use, where a failure to do so changes nothing. */
final class Quietly {
    private Quietly() {}

    /** Without a word to the server, which may not answer. */
    static void abort(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            System.getLogger(Quietly.class.getName()).log(System.Logger.Level.DEBUG, "was closed already", e);
        }
    }

    static void close(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger(Quietly.class.getName()).log(System.Logger.Level.DEBUG, "was closed already", e);
        }
    }
}
