package io.holdfast.gateway.manager;

import java.time.Instant;
import java.util.List;

/** Settings that were changed over the API. A fact of the installation: not in snapshots, and a restore leaves it. */
public interface KeptSettings {

    /** @param value text, number or boolean */
    record Kept(String scope, String name, Object value, String updatedBy, Instant updatedAt) {}

    List<Kept> all();

    /** In the place of what was kept of this setting before. */
    void keep(Kept change);
}
