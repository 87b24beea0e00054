package io.holdfast.inventory.updates.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.updates.app.PluginsUpdates;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgPluginsUpdates extends EntityCatalogue implements PluginsUpdates {

    private static final Entity ENTITY = Entity.of("PluginsUpdate", "inventory.plugins_updates e")
            .times("created_at")
            .texts("id", "state", "blueprint_id", "temp_blueprint_id", "execution_id")
            .bools("forced", "all_tenants")
            .jsons("deployments_to_update", "deployments_per_tenant")
            .owned("e")
            .counted("inventory", "plugins_updates")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    PgPluginsUpdates(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
