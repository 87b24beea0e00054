package io.holdfast.inventory.updates.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.updates.app.DeploymentModifications;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgDeploymentModifications extends EntityCatalogue implements DeploymentModifications {

    private static final Entity ENTITY = Entity.of("DeploymentModification", "inventory.deployment_modifications e")
            .storageId("e.number")
            .times("created_at", "ended_at")
            .texts("id", "deployment_id", "status")
            .jsons("context", "modified_nodes", "node_instances")
            .owned("e")
            .counted("inventory", "deployment_modifications")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    PgDeploymentModifications(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
