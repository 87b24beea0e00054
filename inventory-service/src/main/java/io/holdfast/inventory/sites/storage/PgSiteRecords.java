package io.holdfast.inventory.sites.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.OwnedTable;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.sites.Location;
import io.holdfast.inventory.sites.app.SiteRecords;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

@Singleton
class PgSiteRecords implements SiteRecords {

    private final Statements statements;
    private final OwnedTable table;

    PgSiteRecords(@DataSource("inventory") AgroalDataSource dataSource) {
        this.statements = new Statements(dataSource);
        this.table = new OwnedTable(statements, "Site", "inventory.sites", "name");
    }

    @Override
    public Owned own(String name, CallerIdentity caller) {
        return table.own(name, caller);
    }

    @Override
    public void add(New site) {
        table.lock(site.name());
        table.requireFree(site.tenant(), site.name(), site.visibility());
        Location location = site.location();
        statements.update(
                """
                INSERT INTO inventory.sites (tenant_name, name, latitude, longitude, visibility, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                site.tenant(),
                site.name(),
                location == null ? null : location.latitude(),
                location == null ? null : location.longitude(),
                site.visibility().wireName(),
                site.createdBy(),
                site.createdAt());
    }

    @Override
    public void location(Owned site, @Nullable Location location) {
        statements.update(
                "UPDATE inventory.sites SET latitude = ?::float8, longitude = ?::float8 WHERE tenant_name = ? AND name = ?",
                location == null ? null : location.latitude(),
                location == null ? null : location.longitude(),
                site.tenant(),
                site.id());
    }

    @Override
    public void visibility(Owned site, Visibility visibility) {
        table.visibility(site, visibility);
    }

    @Override
    public boolean isTaken(String name, String tenant) {
        return statements.exists(
                "SELECT FROM inventory.sites WHERE name = ? AND (tenant_name = ? OR visibility = 'global')",
                name,
                tenant);
    }

    @Override
    public void rename(Owned site, String name) {
        table.lock(name);
        // Once more, now that nobody else can take it, and with what the visibility is by now.
        boolean global = statements.exists(
                "SELECT FROM inventory.sites WHERE tenant_name = ? AND name = ? AND visibility = 'global'",
                site.tenant(),
                site.id());
        table.requireFree(site.tenant(), name, global ? Visibility.GLOBAL : site.visibility());
        table.set(site, "name", "", name);
        moveDeployments(site, name);
    }

    /** Names are unique among those that a tenant sees, so that a global one's name means it wherever it stands. */
    private void moveDeployments(Owned site, @Nullable String to) {
        statements.update(
                "UPDATE inventory.deployments SET site_name = ? WHERE site_name = ? AND (tenant_name = ? OR ?)",
                to,
                site.id(),
                site.tenant(),
                site.visibility() == Visibility.GLOBAL);
    }

    @Override
    public void remove(Owned site) {
        table.remove(site);
        moveDeployments(site, null);
    }
}
