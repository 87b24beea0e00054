package io.holdfast.inventory.workflows.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.workflows.app.Workflows;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.List;

@Singleton
class PgWorkflows implements Workflows {

    private static final String AVAILABLE = "is_available";

    /**
     * Whether a workflow's rules hold: {@code WorkflowAvailability} in SQL, since it is asked of each workflow of each deployment. Tests hold
     * the two against each other.
     */
    private static final String ALLOWED = """
            CASE jsonb_typeof(r.rules) WHEN 'object' THEN
                coalesce(r.rules -> 'available', 'null') IN ('null', 'true')
                AND CASE jsonb_typeof(r.rules -> 'node_instances_active') WHEN 'array' THEN
                    r.rules -> 'node_instances_active' @> '"all"' AND NOT now.others
                    OR r.rules -> 'node_instances_active' @> '"partial"' AND now.started AND now.others
                    OR r.rules -> 'node_instances_active' @> '"none"' AND NOT now.started
                ELSE true END
                AND CASE jsonb_typeof(r.rules -> 'node_types_required') WHEN 'array' THEN
                    r.rules -> 'node_types_required' = '[]'
                    OR EXISTS (SELECT FROM jsonb_array_elements_text(r.rules -> 'node_types_required') AS required (type)
                               WHERE required.type = ANY (now.types))
                ELSE true END
            ELSE true END""";

    /** What rules are about is looked at once for each deployment; OFFSET 0 keeps it from being looked at for each workflow. */
    private static final String FROM = """
                    inventory.deployments e
                    CROSS JOIN LATERAL (
                        SELECT coalesce(bool_or(i.state = 'started'), false) AS started,
                               coalesce(bool_or(i.state IS DISTINCT FROM 'started'), false) AS others
                        FROM inventory.node_instances i WHERE i.tenant_name = e.tenant_name AND i.deployment_id = e.id) AS state
                    CROSS JOIN LATERAL (
                        SELECT state.started, state.others,
                               CASE WHEN jsonb_path_exists(e.workflows, '$[*].availability_rules.node_types_required') THEN
                                   ARRAY(SELECT t.type FROM inventory.nodes n
                                         CROSS JOIN jsonb_array_elements_text(
                                             CASE jsonb_typeof(n.type_hierarchy) WHEN 'array' THEN n.type_hierarchy ELSE '[]' END) AS t (type)
                                         WHERE n.tenant_name = e.tenant_name AND n.deployment_id = e.id)
                               END AS types
                        OFFSET 0) AS now
                    CROSS JOIN LATERAL jsonb_array_elements(
                        CASE jsonb_typeof(e.workflows) WHEN 'array' THEN e.workflows ELSE '[]' END) AS w (workflow)
                    CROSS JOIN LATERAL (SELECT w.workflow -> 'availability_rules' AS rules) AS r""";

    private final Entity entity;
    private final Lister lister;
    private final Deployments deployments;
    private final ObjectMapper mapper;

    PgWorkflows(@DataSource("inventory") AgroalDataSource dataSource, Deployments deployments, ObjectMapper mapper) {
        this.entity = entity(deployments.choice());
        this.lister = new Lister(dataSource);
        this.deployments = deployments;
        this.mapper = mapper;
    }

    /** @param deployments what the deployments are chosen by that have the workflows */
    private static Entity entity(Entity deployments) {
        return Entity.of("Workflow", FROM)
                .id("w.workflow ->> 'name'")
                .storageId("w.workflow ->> 'name'")
                .text("name", "w.workflow ->> 'name'")
                .hidden("whole", "min(w.workflow::text)")
                .hidden(AVAILABLE, "bool_or(" + ALLOWED + ")")
                .filterOnly("deployment_id", "e.id")
                .scoped("e")
                .distinct("w.workflow ->> 'name'")
                .chosenBy(deployments)
                .build();
    }

    @Override
    public ObjectNode list(ListRequest request, CallerIdentity caller) {
        return search(request, List.of(), caller);
    }

    @Override
    public ObjectNode search(ListRequest request, List<FilterRule> rules, CallerIdentity caller) {
        Condition[] chosen = deployments.chosen(request, rules, caller).toArray(Condition[]::new);
        Listing listing = lister.list(entity, deployments.unchosen(request), caller, chosen);
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        listing.rows().forEach(row -> items.add(workflow(row)));
        return Listing.unfiltered(items, listing.total(), listing.size(), listing.offset());
    }

    private JsonNode workflow(Row row) {
        JsonNode workflow = JsonText.tree(mapper, row.hidden("whole").orElseThrow());
        if (workflow instanceof ObjectNode one) {
            one.put(AVAILABLE, row.hidden(AVAILABLE).filter("true"::equals).isPresent());
        }
        return workflow;
    }
}
