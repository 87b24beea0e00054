package io.holdfast.inventory.workflows.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.deployments.app.LatestExecutions.Deployment;
import io.holdfast.inventory.deployments.storage.AvailableWorkflows;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

@Singleton
class PgWorkflows implements Workflows {

    private static final String WORKFLOWS = "workflows";

    /** Workflows of the same names, in the same order: what they are told apart by, so that few of very many deployments are read. */
    private static final String NAMES = "e.workflow_names";

    private final Entity entity;
    private final Lister lister;
    private final Deployments deployments;
    private final AvailableWorkflows available;
    private final ObjectMapper mapper;

    PgWorkflows(
            @DataSource("inventory") AgroalDataSource dataSource,
            Deployments deployments,
            AvailableWorkflows available,
            ObjectMapper mapper) {
        this.entity = Entity.of("Workflow", "inventory.deployments e")
                .hidden(WORKFLOWS, "e.workflows")
                .scoped("e")
                .counted("inventory", "deployments")
                .filterOnly("deployment_id", "e.id")
                .chosenBy(deployments.choice())
                .build();
        this.lister = new Lister(dataSource);
        this.deployments = deployments;
        this.available = available;
        this.mapper = mapper;
    }

    @Override
    public ObjectNode list(ListRequest request, CallerIdentity caller) {
        return search(request, List.of(), caller);
    }

    @Override
    public ObjectNode search(ListRequest request, List<FilterRule> rules, CallerIdentity caller) {
        Condition[] chosen = deployments.chosen(request, rules, caller).toArray(Condition[]::new);
        ListRequest whole = deployments.unchosen(request).including();
        Map<Deployment, String> needed = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (Row row : lister.newestOfEach(entity, NAMES, whole, caller, chosen)) {
            String stored = row.hidden(WORKFLOWS).orElseThrow();
            boolean more = false;
            for (JsonNode workflow : JsonText.tree(mapper, stored)) {
                more |= names.add(name(workflow));
            }
            if (more) {
                needed.put(new Deployment(row.tenant(), row.id()), stored);
            }
        }
        Map<String, JsonNode> shown = new TreeMap<>();
        available
                .now(needed)
                .values()
                .forEach(list -> list.forEach(workflow -> shown.putIfAbsent(name(workflow), workflow)));
        ArrayNode items = JsonNodeFactory.instance.arrayNode().addAll(shown.values());
        return Listing.unfiltered(items, items.size(), items.size(), 0);
    }

    private static String name(JsonNode workflow) {
        return workflow.path("name").asText();
    }
}
