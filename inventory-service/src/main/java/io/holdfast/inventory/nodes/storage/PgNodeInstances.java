package io.holdfast.inventory.nodes.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.storage.ConstraintSql;
import io.holdfast.inventory.nodes.app.NodeInstances;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Summary;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.List;

@Singleton
class PgNodeInstances extends EntityCatalogue implements NodeInstances {

    private static final Entity ENTITY = Entity.of("NodeInstance", "inventory.node_instances e")
            .texts("id", "host_id", "state", "node_id", "deployment_id")
            .integers("index", "version")
            .jsons("relationships", "runtime_properties", "system_properties", "scaling_groups")
            .bools("has_configuration_drift", "is_status_check_ok")
            .hidden("deployment", "e.deployment_id")
            .hidden("node", "e.node_id")
            .owned("e")
            .counted("inventory", "node_instances")
            .countedBy("inventory", "state", "index")
            .grouped("deployment_id")
            .watched("node_id", "host_id")
            .searchBy("_search", "e.id")
            .build();

    private static final Summary SUMMARY = new Summary(
            "node_instances",
            List.of("deployment_id", "index", "node_id", "state", "host_id", "tenant_name", "visibility"));

    PgNodeInstances(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }

    @Override
    public Listing search(ListRequest request, Constraints names, CallerIdentity caller) {
        return lister().list(entity(), request, caller, ConstraintSql.on("e.id", names));
    }

    @Override
    public ObjectNode summary(ListRequest request, CallerIdentity caller) {
        return lister().summarize(SUMMARY, entity(), request, caller);
    }
}
