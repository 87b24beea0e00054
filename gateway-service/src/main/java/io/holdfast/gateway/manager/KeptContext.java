package io.holdfast.gateway.manager;

import java.time.Instant;
import java.util.Optional;

/** The provider context, if clients have changed it. A fact of the installation: not in snapshots, and a restore leaves it. */
public interface KeptContext {

    /** @param context a JSON object */
    record Kept(String name, String context) {}

    /** Empty: as the manager has it from the start. */
    Optional<Kept> find();

    /** In the place of what was kept before. */
    void keep(Kept change, String updatedBy, Instant updatedAt);
}
