package io.holdfast.inventory.resources;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose a thing is and who sees it.
 *
 * @param createdBy null where nobody knows any more
 */
public record Owned(
        String tenant,
        String id,
        Visibility visibility,
        @Nullable String createdBy) {

    public Owned {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(id);
        Objects.requireNonNull(visibility);
    }
}
