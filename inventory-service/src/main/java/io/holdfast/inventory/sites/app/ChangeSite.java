package io.holdfast.inventory.sites.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.sites.Location;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes sites. Source of the rules and texts: cloudify-api section 14. */
@ApplicationScoped
public class ChangeSite {

    private final SiteRecords records;
    private final Clock clock;

    ChangeSite(SiteRecords records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * @param createdBy null: the caller
     * @param createdAt null: now
     */
    @Transactional
    public void create(
            String name,
            @Nullable Location location,
            Visibility visibility,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            CallerIdentity caller) {
        records.add(new SiteRecords.New(
                Objects.requireNonNull(caller.tenant(), "a site has a tenant"),
                name,
                location,
                visibility,
                createdBy == null ? caller.username() : createdBy,
                createdAt == null ? clock.instant() : createdAt));
    }

    /** A new place of a site. @param location null: nowhere */
    public record Place(@Nullable Location location) {}

    /** Null: as it is. */
    @Transactional
    public void change(
            String name,
            @Nullable Place place,
            @Nullable Visibility visibility,
            @Nullable String newName,
            CallerIdentity caller) {
        boolean renamed = newName != null && !newName.equals(name);
        if (renamed) {
            requireFree(newName, Objects.requireNonNull(caller.tenant(), "a site has a tenant"));
        }
        Owned site = records.own(name, caller);
        if (place != null) {
            records.location(site, place.location());
        }
        if (visibility != null) {
            records.visibility(site, visibility);
        }
        if (renamed) {
            records.rename(site, newName);
        }
    }

    private void requireFree(String newName, String tenant) {
        if (records.isTaken(newName, tenant)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Invalid new name `" + newName + "`, it already exists on <Tenant name=`" + tenant
                            + "`> or with global visibility",
                    "choose another name");
        }
    }

    @Transactional
    public void remove(String name, CallerIdentity caller) {
        records.remove(records.own(name, caller));
    }
}
