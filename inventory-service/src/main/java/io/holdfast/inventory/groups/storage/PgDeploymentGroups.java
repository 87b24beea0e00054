package io.holdfast.inventory.groups.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.groups.app.DeploymentGroups;
import io.holdfast.inventory.labels.storage.Labels;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgDeploymentGroups extends EntityCatalogue implements DeploymentGroups {

    private static final Entity ENTITY = Entity.of("DeploymentGroup", "inventory.deployment_groups e")
            .times("created_at")
            .texts("id", "description", "default_blueprint_id")
            .jsons("default_inputs")
            .integers("creation_counter")
            .json("deployment_ids", """
                    (SELECT coalesce(jsonb_agg(m.deployment_id ORDER BY m.storage_id), '[]'::jsonb)
                     FROM inventory.deployment_group_members m
                     WHERE m.tenant_name = e.tenant_name AND m.deployment_group_id = e.id)""")
            .json("labels", Labels.of("inventory.deployment_group_labels", "deployment_group_id"))
            .owned("e")
            .counted("inventory", "deployment_groups")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    PgDeploymentGroups(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
