package io.holdfast.restore.requests;

import java.util.Optional;

/** Who runs a restore: a lock that the database takes back at once when its holder dies. */
public interface Claims {

    /** Empty while a living instance holds it. */
    Optional<Claim> tryTake(String restoreId);

    /** Held until closed or until the connection dies. */
    interface Claim extends AutoCloseable {

        /** Fences: changes under an older token are refused. */
        String token();

        /** Asks the database. */
        boolean isHeld();

        @Override
        void close();
    }
}
