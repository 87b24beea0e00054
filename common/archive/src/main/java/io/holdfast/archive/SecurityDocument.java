package io.holdfast.archive;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What {@code security.json} says: the keys that open the sealed columns of the rows. Whoever holds the archive holds the secrets.
 *
 * @param dataKeys oldest first; the last one sealed the newest values
 */
public record SecurityDocument(List<DataKey> dataKeys) {

    /** @param key base64 of the plain key; never log it */
    public record DataKey(String keyId, String key, Instant createdAt) {
        public DataKey {
            Objects.requireNonNull(keyId);
            Objects.requireNonNull(key);
            Objects.requireNonNull(createdAt);
        }

        @Override
        public String toString() {
            return "DataKey[" + keyId + "]";
        }
    }

    public SecurityDocument {
        dataKeys = List.copyOf(dataKeys);
    }
}
