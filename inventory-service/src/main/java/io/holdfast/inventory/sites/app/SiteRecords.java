package io.holdfast.inventory.sites.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.sites.Location;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows of sites, for writing. Each change belongs to the transaction that runs. */
public interface SiteRecords {

    record New(
            String tenant,
            String name,
            @Nullable Location location,
            Visibility visibility,
            String createdBy,
            Instant createdAt) {}

    /** Of the caller's own tenant; {@code not_found_error}, {@code illegal_action_error}. */
    Owned own(String name, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where another has the name, here or globally */
    void add(New site);

    /** @param location null: nowhere */
    void location(Owned site, @Nullable Location location);

    void visibility(Owned site, Visibility visibility);

    /** Whether there is one of this name in the tenant, or a global one anywhere. */
    boolean isTaken(String name, String tenant);

    /** Deployments at the site follow. Others who want the new name wait until the transaction ends. */
    void rename(Owned site, String name);

    /** Deployments at the site are at none afterwards. */
    void remove(Owned site);
}
