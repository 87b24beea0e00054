package io.holdfast.snapshot.catalogue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** {@code creating} becomes {@code created} or {@code failed}; {@code uploaded} ones came from elsewhere. Source: cloudify-api section 2. */
public enum SnapshotStatus {
    CREATING,
    CREATED,
    FAILED,
    UPLOADED;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<SnapshotStatus> of(String wireName) {
        return Arrays.stream(values())
                .filter(status -> status.wireName().equals(wireName))
                .findFirst();
    }

    /** Whether there is a whole archive. */
    public boolean hasArchive() {
        return this == CREATED || this == UPLOADED;
    }
}
