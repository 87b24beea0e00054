package io.holdfast.inventory.searches.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.JsonPointerBasedFilter;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.deployments.app.EvaluateFunctions;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.nodes.app.NodeInstances;
import io.holdfast.inventory.nodes.app.Nodes;
import io.holdfast.inventory.secrets.app.Secrets;
import io.holdfast.inventory.workflows.app.Workflows;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists whose filters come in the body. The query is that of the lists. */
@Path("/internal/inventory/searches")
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class SearchResource {

    private static final String DEPLOYMENT = "deployment_id";
    private static final String TYPE = "type";
    private static final String SEARCH = "_search";
    private static final String SCALING_GROUPS = "scaling_groups";
    private static final String CAPABILITIES = "capabilities";

    private static final List<String> CAPABILITY_FIELDS = List.of(DEPLOYMENT, CAPABILITIES);
    private static final List<String> SCALING_GROUP_FIELDS = List.of(DEPLOYMENT, "name", "members", "properties");

    /** Source: cloudify-api section 16. */
    private static final List<String> NODE_FIELDS = List.of(
            "id",
            "visibility",
            "deploy_number_of_instances",
            "host_id",
            "max_number_of_instances",
            "min_number_of_instances",
            "number_of_instances",
            "planned_number_of_instances",
            "plugins",
            "plugins_to_install",
            "properties",
            "relationships",
            "operations",
            TYPE,
            "type_hierarchy",
            "drifted_instances",
            "unavailable_instances",
            "actual_number_of_instances",
            DEPLOYMENT,
            "blueprint_id",
            "deployment_display_name",
            "tenant_name",
            "created_by",
            "resource_availability",
            "private_resource",
            "actual_planned_number_of_instances");

    private final Deployments deployments;
    private final Blueprints blueprints;
    private final Workflows workflows;
    private final Nodes nodes;
    private final NodeInstances instances;
    private final Secrets secrets;
    private final EvaluateFunctions evaluate;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    public SearchResource(
            Deployments deployments,
            Blueprints blueprints,
            Workflows workflows,
            Nodes nodes,
            NodeInstances instances,
            Secrets secrets,
            EvaluateFunctions evaluate,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.deployments = deployments;
        this.blueprints = blueprints;
        this.workflows = workflows;
        this.nodes = nodes;
        this.instances = instances;
        this.secrets = secrets;
        this.evaluate = evaluate;
        this.caller = caller;
        this.mapper = mapper;
    }

    @POST
    @Path("/deployments")
    public ObjectNode deployments(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.ofLabelled(json, "display_name_specs");
        return deployments
                .search(request(uri, body), body.rules(Filtered.DEPLOYMENTS, mapper), body.names(), caller.identity())
                .toJson();
    }

    @POST
    @Path("/blueprints")
    public ObjectNode blueprints(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.ofLabelled(json, "id_specs");
        return blueprints
                .search(request(uri, body), body.rules(Filtered.BLUEPRINTS, mapper), body.names(), caller.identity())
                .toJson();
    }

    @POST
    @Path("/workflows")
    public ObjectNode workflows(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.ofLabelled(json);
        return workflows.search(request(uri, body), body.rules(Filtered.DEPLOYMENTS, mapper), caller.identity());
    }

    @POST
    @Path("/secrets")
    public ObjectNode secrets(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.of(json, "key_specs");
        return secrets.search(
                        request(uri, body),
                        body.rulesOnAttributes("secrets", Secrets.ATTRIBUTES, mapper),
                        body.names(),
                        caller.identity())
                .toJson();
    }

    @POST
    @Path("/nodes")
    public ObjectNode nodes(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.ofNodes(json);
        return ofNodes(uri, body, body.isOnOperations() ? Nodes.OPERATIONS : Nodes.ID);
    }

    @POST
    @Path("/node-types")
    public ObjectNode nodeTypes(@Context UriInfo uri, @Nullable JsonNode json) {
        return ofNodes(uri, SearchBody.of(json, "type_specs"), TYPE);
    }

    private ObjectNode ofNodes(UriInfo uri, SearchBody body, String field) {
        String blueprint = body.blueprintOrDeployment(uri.getQueryParameters());
        if (blueprint != null) {
            body.requireNoRules("nodes of a blueprint");
            return ofPlan(blueprint, field, searched(uri), body.names(), request(uri, body));
        }
        return nodes.search(
                        request(uri, body),
                        field,
                        body.rulesOnAttributes("nodes", Nodes.ATTRIBUTES, mapper),
                        body.names(),
                        caller.identity())
                .toJson();
    }

    /** Nodes as the plan has them, in the shape of those of deployments; what only these have is null, or 0 where it is a number. */
    private ObjectNode ofPlan(
            String blueprint, String field, Predicate<String> searched, Constraints names, ListRequest request) {
        request.requireIncluded(NODE_FIELDS);
        ObjectNode row = blueprints
                .get(blueprint, ListRequest.parseGet(Map.of("_include", List.of("plan"))), caller.identity())
                .json();
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        int hidden = 0;
        try (JsonParser nodes = nodesOf(row)) {
            for (JsonToken token = nodes.nextToken(); token != null; token = nodes.nextToken()) {
                if (token != JsonToken.START_OBJECT) {
                    continue;
                }
                JsonNode node = mapper.readTree(nodes);
                if (field.equals(Nodes.OPERATIONS)
                        ? hasOperation(node, searched, names)
                        : isNamed(node, field, searched, names)) {
                    ObjectNode item = JsonNodeFactory.instance.objectNode();
                    NODE_FIELDS.forEach(
                            key -> item.set(key, node.path(key).isMissingNode() ? absent(key) : node.get(key)));
                    // As text it takes a tenth of the memory, and there may be thousands of them.
                    items.addRawValue(new RawValue(mapper.writeValueAsString(request.only(item))));
                } else {
                    hidden++;
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a plan is always JSON", e);
        }
        return withFiltered(Listing.envelope(items, items.size() + hidden, items.size(), 0), hidden);
    }

    private static boolean isNamed(JsonNode node, String field, Predicate<String> searched, Constraints names) {
        String name = node.path(field).asText();
        return searched.test(name) && (names.matches(name) || field.equals(TYPE) && derives(node, names));
    }

    private static boolean hasOperation(JsonNode node, Predicate<String> searched, Constraints names) {
        return node.path("operations").properties().stream()
                .map(Map.Entry::getKey)
                .anyMatch(name -> searched.test(name) && names.matches(name));
    }

    private static JsonNode absent(String field) {
        return field.endsWith("instances") ? IntNode.valueOf(0) : NullNode.getInstance();
    }

    /** Whether the type is one that a valid one is the parent of. */
    private static boolean derives(JsonNode node, Constraints names) {
        if (names.validValues() == null) {
            return false;
        }
        Constraints patterns = new Constraints(names.patterns(), null);
        for (JsonNode type : node.path("type_hierarchy")) {
            if (names.validValues().contains(type.asText())) {
                return patterns.matches(node.path(TYPE).asText());
            }
        }
        return false;
    }

    @POST
    @Path("/node-instances")
    public ObjectNode nodeInstances(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.of(json, "id_specs");
        body.requirePlace(uri.getQueryParameters());
        return instances
                .search(
                        request(uri, body),
                        body.rulesOnAttributes("node_instances", NodeInstances.ATTRIBUTES, mapper),
                        body.names(),
                        caller.identity())
                .toJson();
    }

    @POST
    @Path("/capabilities")
    public ObjectNode capabilities(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.of(json, "capability_key_specs");
        body.requireNoRules("capabilities");
        String deployment = body.requiredDeployment(uri.getQueryParameters());
        ListRequest request = request(uri, body);
        request.requireIncluded(CAPABILITY_FIELDS);
        // What is valid, and what is looked for, are values; a name has patterns only.
        Constraints names = new Constraints(body.patterns(), null);
        Predicate<JsonNode> valid = body.validValues();
        Predicate<String> searched = searched(uri);
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        boolean there = isThere(deployment);
        if (there) {
            ArrayNode found = JsonNodeFactory.instance.arrayNode();
            evaluate.capabilities(deployment, caller.identity()).forEach((name, any) -> {
                JsonNode value = mapper.valueToTree(any);
                if (names.matches(name) && valid.test(value) && searched.test(value.asText())) {
                    found.addObject().putObject(name).set("value", value);
                }
            });
            if (!found.isEmpty()) {
                ObjectNode item = JsonNodeFactory.instance.objectNode().put(DEPLOYMENT, deployment);
                item.set(CAPABILITIES, found);
                items.add(request.only(item));
            }
        }
        // The items are deployments: what is hidden is the one of which nothing is shown.
        return withFiltered(
                Listing.envelope(items, items.size(), ListRequest.DEFAULT_SIZE, 0), there ? 1 - items.size() : 0);
    }

    /** Whether there is the deployment and the caller may see it: a search for one that there is not finds nothing. */
    private boolean isThere(String deployment) {
        ListRequest id = ListRequest.parse(Map.of("_include", List.of("id"), "id", List.of(deployment)));
        return !deployments.list(id, caller.identity()).rows().isEmpty();
    }

    @POST
    @Path("/scaling-groups")
    public ObjectNode scalingGroups(@Context UriInfo uri, @Nullable JsonNode json) {
        SearchBody body = SearchBody.of(json, "scaling_group_name_specs");
        body.requireNoRules("scaling groups");
        ListRequest asked = request(uri, body);
        asked.requireIncluded(SCALING_GROUP_FIELDS);
        ListRequest request = asked.including("id", SCALING_GROUPS);
        if (body.blueprintOrDeployment(uri.getQueryParameters()) == null) {
            String deployment = body.requiredDeployment(uri.getQueryParameters());
            request = request.withoutFilter(DEPLOYMENT).withFilter("id", List.of(deployment));
        }
        Predicate<String> searched = searched(uri);
        Constraints names = body.names();
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        int hidden = 0;
        for (Row row : deployments
                .list(request.withoutSpecial(SEARCH), caller.identity())
                .rows()) {
            for (Map.Entry<String, JsonNode> group :
                    row.parsed(mapper).path(SCALING_GROUPS).properties()) {
                if (names.matches(group.getKey()) && searched.test(group.getKey())) {
                    ObjectNode item = JsonNodeFactory.instance
                            .objectNode()
                            .put(DEPLOYMENT, row.id())
                            .put("name", group.getKey());
                    item.set("members", group.getValue().path("members"));
                    item.set("properties", group.getValue().path("properties"));
                    items.add(asked.only(item));
                } else {
                    hidden++;
                }
            }
        }
        return withFiltered(Listing.envelope(items, items.size() + hidden, ListRequest.DEFAULT_SIZE, 0), hidden);
    }

    /** What is searched for where it is looked for whole; without it all is found. */
    private static Predicate<String> searched(UriInfo uri) {
        String text = uri.getQueryParameters().getFirst(SEARCH);
        return text == null || text.isEmpty() ? found -> true : text::equals;
    }

    /** The nodes of a row's plan, one after the other. */
    private JsonParser nodesOf(ObjectNode row) throws IOException {
        return new FilteringParserDelegate(
                mapper.createParser(mapper.writeValueAsBytes(row)),
                new JsonPointerBasedFilter("/plan/nodes"),
                TokenFilter.Inclusion.ONLY_INCLUDE_ALL,
                false);
    }

    private static ObjectNode withFiltered(ObjectNode envelope, int hidden) {
        ((ObjectNode) envelope.path("metadata")).put("filtered", hidden);
        return envelope;
    }

    /** The query, with what the constraints say of it. */
    private ListRequest request(UriInfo uri, SearchBody body) {
        caller.tenant();
        Map<String, List<String>> query = new LinkedHashMap<>(uri.getQueryParameters());
        String deployment = body.deployment(query);
        if (deployment != null) {
            query.put(DEPLOYMENT, List.of(deployment));
        }
        String blueprint = body.blueprint(query);
        if (blueprint != null) {
            query.put("blueprint_id", List.of(blueprint));
        }
        String filter = body.filterId(query);
        if (filter != null) {
            query.put("_filter_id", List.of(filter));
        }
        return ListRequest.parse(query);
    }
}
