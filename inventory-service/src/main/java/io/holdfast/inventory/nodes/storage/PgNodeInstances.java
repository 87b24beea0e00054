package io.holdfast.inventory.nodes.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.nodes.app.NodeInstances;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgNodeInstances extends EntityCatalogue implements NodeInstances {

    private static final Entity ENTITY = Entity.of("NodeInstance", "inventory.node_instances e")
            .texts("id", "host_id", "state", "node_id", "deployment_id")
            .integers("index", "version")
            .jsons("relationships", "runtime_properties", "system_properties", "scaling_groups")
            .bools("has_configuration_drift", "is_status_check_ok")
            .owned("e")
            .searchBy("_search", "e.id")
            .build();

    PgNodeInstances(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
