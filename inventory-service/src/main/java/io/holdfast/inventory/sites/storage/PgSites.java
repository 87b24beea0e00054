package io.holdfast.inventory.sites.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.sites.Location;
import io.holdfast.inventory.sites.app.Sites;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgSites extends EntityCatalogue implements Sites {

    private static final Entity ENTITY = Entity.of("Site", "inventory.sites e")
            .id("e.name")
            .times("created_at")
            .texts("name")
            .real("latitude", "e.latitude")
            .real("longitude", "e.longitude")
            .derived((connection, rows) -> rows.forEach(PgSites::locate), "location")
            .hidden("latitude", "e.latitude")
            .hidden("longitude", "e.longitude")
            .owned("e")
            .counted("inventory", "sites")
            .searchBy("_search", "e.name")
            .sortBy("created_at")
            .build();

    PgSites(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }

    private static void locate(Row row) {
        row.hidden("latitude")
                .flatMap(latitude -> row.hidden("longitude")
                        .map(longitude -> new Location(Double.parseDouble(latitude), Double.parseDouble(longitude))))
                .ifPresent(location -> row.json().put("location", location.toString()));
    }
}
