package io.holdfast.inventory.updates.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.updates.app.DeploymentModifications;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

/** Columns without a row: what a request asks for is checked as that for any other list. */
@Singleton
class NoDeploymentModifications extends EntityCatalogue implements DeploymentModifications {

    private static final String NONE = """
            (SELECT 0::bigint AS storage_id, now() AS created_at, now() AS ended_at, '' AS id, '' AS deployment_id, '' AS status,
                    NULL::jsonb AS context, NULL::jsonb AS modified_nodes, NULL::jsonb AS node_instances,
                    '' AS visibility, '' AS tenant_name, '' AS created_by WHERE false) e""";

    private static final Entity ENTITY = Entity.of("DeploymentModification", NONE)
            .times("created_at", "ended_at")
            .texts("id", "deployment_id", "status")
            .jsons("context", "modified_nodes", "node_instances")
            .owned("e")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    NoDeploymentModifications(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
