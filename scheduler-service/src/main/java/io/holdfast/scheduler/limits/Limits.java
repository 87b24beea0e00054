package io.holdfast.scheduler.limits;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where limits are kept. Every method joins the transaction at hand. */
public interface Limits {

    /** Those of a tenant, or of all where it is null: by tenant, its own one first. */
    List<Limit> list(@Nullable String tenantName);

    Optional<Limit> find(String tenantName, @Nullable String key);

    /** Adds or replaces it. What is left of the tenant's starts is counted anew. */
    void put(Limit limit);

    /** False if there was none. */
    boolean remove(String tenantName, @Nullable String key);
}
