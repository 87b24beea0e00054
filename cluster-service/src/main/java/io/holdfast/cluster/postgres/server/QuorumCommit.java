package io.holdfast.cluster.postgres.server;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;

/**
 * A commit that counts only if a quorum has it. PostgreSQL reports success when the wait for the standbys is cut short, by a query's
 * cancellation for instance, and says so in a warning only: the transaction is visible on this node and perhaps nowhere else.
 */
public final class QuorumCommit {
    private QuorumCommit() {}

    /** @throws ManagerException if the outcome is unknown: the caller must not take it for done, nor for not done */
    public static void commit(Connection connection) throws SQLException {
        connection.clearWarnings();
        connection.commit();
        @Nullable SQLWarning warning = connection.getWarnings();
        if (warning != null) {
            throw new ManagerException(
                    ErrorCode.STORAGE,
                    "it is unknown whether the commit will last: " + warning.getMessage(),
                    "see on the active node whether it is there, and repeat it if not",
                    warning);
        }
    }
}
