package io.holdfast.snapshot.catalogue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An archive in the store.
 *
 * @param bytes size of the file
 * @param sha256 of the file, hex
 * @param layout whose archive it is: a name of {@link io.holdfast.archive.ArchiveLayout}
 * @param contents counts for people
 */
public record StoredArchive(long bytes, String sha256, String layout, Map<String, Long> contents) {
    public StoredArchive {
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(layout);
        contents = Collections.unmodifiableMap(new LinkedHashMap<>(contents));
    }
}
