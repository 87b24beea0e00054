package io.holdfast.gateway.requests;

import io.holdfast.contracts.requests.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was asked under which key, so that asking again changes nothing. */
public interface RequestLog {

    /** A producer's own name for one request. */
    record Key(String clientId, String messageId) {}

    /**
     * A request that is known.
     *
     * @param reply null while nothing final is known
     */
    record Known(byte[] fingerprint, @Nullable Reply reply) {
        public Known {
            fingerprint = fingerprint.clone();
        }

        @Override
        public byte[] fingerprint() {
            return fingerprint.clone();
        }
    }

    /** The database's clock: what has expired is decided by one clock for all gateways. */
    Instant now();

    /** Locked for the transaction at hand. */
    Optional<Known> lock(Key key);

    /** False if somebody else has added it meanwhile. */
    boolean add(Key key, byte[] fingerprint, String type, String tenant);

    /** One more try of what has no final reply. */
    void tryAgain(Key key);

    /** The final reply. */
    void answer(Key key, Reply reply);

    /** Forgets what came in longer ago, at most so many. @return how many */
    int forget(Duration age, int most);
}
