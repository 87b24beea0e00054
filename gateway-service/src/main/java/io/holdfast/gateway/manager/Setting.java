package io.holdfast.gateway.manager;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A setting that clients may read.
 *
 * @param value text, number, boolean or null
 */
public record Setting(String scope, String name, @Nullable Object value) {
    public Setting {
        Objects.requireNonNull(scope);
        Objects.requireNonNull(name);
    }
}
