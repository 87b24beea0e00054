package io.holdfast.inventory.files;

import java.util.Objects;

/**
 * Whose files they are, as a path of the file server names it.
 *
 * @param id of the deployment or blueprint
 */
public record Place(String tenant, String id) {

    public Place {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(id);
    }
}
