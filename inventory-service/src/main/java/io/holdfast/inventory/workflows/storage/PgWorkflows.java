package io.holdfast.inventory.workflows.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.workflows.app.Workflows;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.List;

@Singleton
class PgWorkflows implements Workflows {

    private static final Entity ENTITY = Entity.of("Workflow", """
                    inventory.deployments e
                    CROSS JOIN LATERAL jsonb_array_elements(
                        CASE jsonb_typeof(e.workflows) WHEN 'array' THEN e.workflows ELSE '[]' END) AS w(workflow)""")
            .id("w.workflow ->> 'name'")
            .storageId("w.workflow ->> 'name'")
            .text("name", "w.workflow ->> 'name'")
            .hidden("whole", "min(w.workflow::text)")
            .filterOnly("deployment_id", "e.id")
            .filterOnly("blueprint_id", "e.blueprint_id")
            .filterOnly("id", "e.id")
            .scoped("e")
            .distinct("w.workflow ->> 'name'")
            .searchBy("_search", "w.workflow ->> 'name'")
            .build();

    private final Lister lister;
    private final Deployments deployments;

    PgWorkflows(@DataSource("inventory") AgroalDataSource dataSource, Deployments deployments) {
        this.lister = new Lister(dataSource);
        this.deployments = deployments;
    }

    @Override
    public ObjectNode list(ListRequest request, CallerIdentity caller) {
        return search(request, List.of(), caller);
    }

    @Override
    public ObjectNode search(ListRequest request, List<FilterRule> rules, CallerIdentity caller) {
        Condition[] chosen = deployments.chosen(request, rules, caller).toArray(Condition[]::new);
        Listing listing = lister.list(ENTITY, request, caller, chosen);
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        listing.rows()
                .forEach(row ->
                        items.addRawValue(new RawValue(row.hidden("whole").orElseThrow())));
        return Listing.unfiltered(items, listing.total(), listing.size(), listing.offset());
    }
}
