package io.holdfast.restore.requests.storage;

import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.requests.Claims;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * A claim is an advisory lock on a connection of its own: PostgreSQL frees it when the process dies, so a stale claim is seen at once and
 * not after a time-out. The heartbeat in the record is for people.
 */
@ApplicationScoped
public class PgClaims implements Claims {

    private static final int ALIVE_SECONDS = 5;

    private final OwnerDatabase database;

    PgClaims(OwnerDatabase database) {
        this.database = new OwnerDatabase(
                database.url(),
                database.username(),
                database.password(),
                OwnerDatabase.APPLICATION + "-claim",
                database.sessionSql());
    }

    @Override
    public Optional<Claim> tryTake(String restoreId) {
        try {
            Connection connection = database.open();
            boolean taken = false;
            try (PreparedStatement lock =
                    connection.prepareStatement("SELECT pg_try_advisory_lock(hashtextextended(?, 0))")) {
                lock.setString(1, "holdfast-restore:" + restoreId);
                try (ResultSet row = lock.executeQuery()) {
                    taken = row.next() && row.getBoolean(1);
                }
            } finally {
                if (!taken) {
                    connection.close();
                }
            }
            return taken ? Optional.of(new Held(connection, UUID.randomUUID().toString())) : Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot claim restore " + restoreId, e);
        }
    }

    private record Held(Connection connection, String token) implements Claim {

        @Override
        public boolean isHeld() {
            try {
                return connection.isValid(ALIVE_SECONDS);
            } catch (SQLException e) {
                return false;
            }
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                // The database frees the lock of a broken connection by itself.
            }
        }
    }
}
