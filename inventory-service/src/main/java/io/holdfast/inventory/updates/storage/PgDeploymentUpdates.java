package io.holdfast.inventory.updates.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.updates.app.DeploymentUpdates;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgDeploymentUpdates extends EntityCatalogue implements DeploymentUpdates {

    private static final Entity ENTITY = Entity.of("DeploymentUpdate", "inventory.deployment_updates e")
            .times("created_at")
            .texts("id", "deployment_id", "old_blueprint_id", "new_blueprint_id", "execution_id", "state")
            .jsons("old_inputs", "new_inputs")
            .largeJsons("deployment_plan", "deployment_update_nodes", "deployment_update_node_instances")
            .jsons("modified_entity_ids", "central_plugins_to_install", "central_plugins_to_uninstall")
            .json("steps", "coalesce(e.steps, '[]'::jsonb)")
            .bools("runtime_only_evaluation", "keep_old_deployment_dependencies")
            // Only the preview of an update has these.
            .derived("recursive_dependencies", "schedules_to_create", "schedules_to_delete", "labels_to_create")
            .owned("e")
            .counted("inventory", "deployment_updates")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    PgDeploymentUpdates(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
