package io.holdfast.inventory.nodes.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.storage.ConstraintSql;
import io.holdfast.inventory.filters.storage.RuleSql;
import io.holdfast.inventory.nodes.app.NodeInstances;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Summary;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    /** Node instances have no labels; rules on these are refused before. */
    private static final RuleSql RULES = new RuleSql(Map.of("id", "e.id"));

    private static final Summary SUMMARY = new Summary(
            "node_instances",
            List.of("deployment_id", "index", "node_id", "state", "host_id", "tenant_name", "visibility"));

    PgNodeInstances(@DataSource("inventory") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }

    @Override
    public Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller) {
        List<Condition> conditions = new ArrayList<>(List.of(ConstraintSql.on("e.id", names)));
        if (!rules.isEmpty()) {
            conditions.add(RULES.of(rules));
        }
        return lister().listFiltered(entity(), request, caller, List.of(), conditions);
    }

    @Override
    public ObjectNode summary(ListRequest request, CallerIdentity caller) {
        return lister().summarize(SUMMARY, entity(), request, caller);
    }
}
