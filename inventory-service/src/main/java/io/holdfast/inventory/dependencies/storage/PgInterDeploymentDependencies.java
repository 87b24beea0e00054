package io.holdfast.inventory.dependencies.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.dependencies.app.InterDeploymentDependencies;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgInterDeploymentDependencies extends EntityCatalogue implements InterDeploymentDependencies {

    private static final Entity ENTITY = Entity.of(
                    "InterDeploymentDependencies", "inventory.inter_deployment_dependencies e")
            .times("created_at")
            .texts("id", "dependency_creator", "source_deployment_id", "target_deployment_id")
            .jsons("target_deployment_func", "external_source", "external_target")
            .owned("e")
            .counted("inventory", "inter_deployment_dependencies")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    PgInterDeploymentDependencies(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
