package io.holdfast.gateway.manager;

import java.util.Objects;

/**
 * A part of the manager, as operators see it.
 *
 * @param name for people
 * @param unit the process that it runs in, for example {@code holdfast-inventory}
 */
public record Part(String name, String unit, boolean active) {
    public Part {
        Objects.requireNonNull(name);
        Objects.requireNonNull(unit);
    }
}
