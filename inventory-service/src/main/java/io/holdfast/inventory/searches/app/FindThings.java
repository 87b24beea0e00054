package io.holdfast.inventory.searches.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.language.NamePattern;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.deployments.app.EvaluateFunctions;
import io.holdfast.inventory.deployments.app.ThingsSeen;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.FilterRules;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.language.PlannedThings;
import io.holdfast.inventory.nodes.app.NodeInstances;
import io.holdfast.inventory.nodes.app.Nodes;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.secrets.app.Secrets;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what values of inputs name, as the searches of the API do. */
@ApplicationScoped
public class FindThings implements ThingsSeen {

    private static final String DEPLOYMENT = "deployment_id";
    private static final String TYPE = "type";
    private static final String ID = "id";
    private static final String KEY = "key";

    /** The same number is equal in whatever form it comes. */
    private static final Comparator<JsonNode> BY_VALUE = (one, other) -> one.isNumber() && other.isNumber()
            ? one.decimalValue().compareTo(other.decimalValue())
            : one.equals(other) ? 0 : 1;

    private final Deployments deployments;
    private final DeploymentRecords records;
    private final Blueprints blueprints;
    private final Nodes nodes;
    private final NodeInstances instances;
    private final Secrets secrets;
    private final EvaluateFunctions evaluate;
    private final ObjectMapper mapper;

    FindThings(
            Deployments deployments,
            DeploymentRecords records,
            Blueprints blueprints,
            Nodes nodes,
            NodeInstances instances,
            Secrets secrets,
            EvaluateFunctions evaluate,
            ObjectMapper mapper) {
        this.deployments = deployments;
        this.records = records;
        this.blueprints = blueprints;
        this.nodes = nodes;
        this.instances = instances;
        this.secrets = secrets;
        this.evaluate = evaluate;
        this.mapper = mapper;
    }

    @Override
    public NamedThings by(CallerIdentity caller) {
        return (type, name, constraints) -> has(type, name, constraints, caller);
    }

    private boolean has(String type, Object name, Map<String, Object> constraints, CallerIdentity caller) {
        String deployment = constraints.get(DEPLOYMENT) instanceof String id ? id : "";
        if (type.equals("capability_value")) {
            return offers(deployment, name, constraints, caller);
        }
        if (!(name instanceof String text)) {
            return false;
        }
        Constraints names = names(constraints);
        return switch (type) {
            case "blueprint_id" ->
                isThere(blueprints.search(
                        request(ID, text, filter(constraints)),
                        rules(constraints, Filtered.BLUEPRINTS),
                        names,
                        caller));
            case DEPLOYMENT ->
                isThere(deployments.search(
                        request(ID, text, filter(constraints)),
                        rules(constraints, Filtered.DEPLOYMENTS),
                        names,
                        caller));
            case "secret_key" -> isThere(secrets.search(request(KEY, text, Map.of()), List.of(), names, caller));
            case "node_instance" ->
                isThere(instances.search(request(ID, text, in(deployment)), List.of(), names, caller));
            default ->
                constraints.get(PlannedThings.BLUEPRINT) instanceof String blueprint
                        ? inPlan(blueprint, type, text, constraints, caller)
                        : inDeployment(deployment, type, text, names, caller);
        };
    }

    private boolean inPlan(
            String blueprint, String type, String name, Map<String, Object> constraints, CallerIdentity caller) {
        DeploymentRecords.BlueprintFacts facts =
                records.blueprint(blueprint, caller).orElseThrow(() -> Refusals.notFound("Blueprint", blueprint));
        Map<String, Object> inside = new LinkedHashMap<>(constraints);
        inside.remove(PlannedThings.BLUEPRINT);
        return new PlannedThings(facts.plan(), (other, what, rest) -> false).has(type, name, inside);
    }

    private boolean inDeployment(
            String deployment, String type, String name, Constraints names, CallerIdentity caller) {
        return switch (type) {
            case "node_id" ->
                isThere(nodes.search(request(ID, name, in(deployment)), Nodes.ID, List.of(), names, caller));
            case "node_type" ->
                isThere(nodes.search(request(TYPE, name, in(deployment)), TYPE, List.of(), names, caller));
            case "operation_name" -> {
                List<Constraints.Pattern> patterns = new ArrayList<>(names.patterns());
                patterns.add(new Constraints.Pattern(Constraints.Operator.EQUALS_TO, name));
                yield isThere(nodes.search(
                        request(DEPLOYMENT, deployment, Map.of()),
                        Nodes.OPERATIONS,
                        List.of(),
                        new Constraints(patterns, names.validValues()),
                        caller));
            }
            case "scaling_group" ->
                names.matches(name)
                        && deployments
                                .list(
                                        ListRequest.parse(Map.of(
                                                ID, List.of(deployment), "_include", List.of("id,scaling_groups"))),
                                        caller)
                                .rows()
                                .stream()
                                .anyMatch(row -> row.parsed(mapper)
                                        .path("scaling_groups")
                                        .has(name));
            default -> throw new IllegalArgumentException("no type that names a thing: " + type);
        };
    }

    /** Values are what is compared; patterns are on the names of capabilities. */
    private boolean offers(String deployment, Object value, Map<String, Object> constraints, CallerIdentity caller) {
        if (constraints.get("valid_values") instanceof List<?> valid && !valid.contains(value)) {
            return false;
        }
        if (deployments.list(request(ID, deployment, Map.of()), caller).rows().isEmpty()) {
            return false;
        }
        NamePattern pattern = NamePattern.of(constraints.get("name_pattern"));
        JsonNode wanted = mapper.valueToTree(value);
        return evaluate.capabilities(deployment, caller).entrySet().stream()
                .filter(capability -> pattern.matches(capability.getKey()))
                .anyMatch(capability -> wanted.equals(BY_VALUE, mapper.<JsonNode>valueToTree(capability.getValue())));
    }

    private static ListRequest request(String field, String value, Map<String, List<String>> more) {
        Map<String, List<String>> query = new LinkedHashMap<>(more);
        query.put(field, List.of(value));
        query.put("_include", List.of(field.equals(DEPLOYMENT) ? ID : field));
        query.put("_size", List.of("1"));
        return ListRequest.parse(query);
    }

    private static Map<String, List<String>> in(String deployment) {
        return Map.of(DEPLOYMENT, List.of(deployment));
    }

    private static Map<String, List<String>> filter(Map<String, Object> constraints) {
        return constraints.get("filter_id") instanceof String filter ? Map.of("_filter_id", List.of(filter)) : Map.of();
    }

    /** Labels and tenants are rules of filters; a name's pattern is none. */
    private static List<FilterRule> rules(Map<String, Object> constraints, Filtered filtered) {
        List<Map<String, Object>> rules = new ArrayList<>();
        if (constraints.get("labels") instanceof List<?> labels) {
            labels.forEach(label -> {
                if (label instanceof Map<?, ?> one) {
                    one.forEach((key, value) -> rules.add(FilterRules.labelled(text(key), text(value))));
                }
            });
        }
        if (constraints.get("tenants") instanceof List<?> tenants) {
            rules.add(
                    FilterRules.ofTenants(tenants.stream().map(FindThings::text).toList()));
        }
        return FilterRules.of(rules, filtered);
    }

    private static Constraints names(Map<String, Object> constraints) {
        List<Constraints.Pattern> patterns = new ArrayList<>();
        NamePattern.of(constraints.get("name_pattern"))
                .operators()
                .forEach((operator, text) ->
                        patterns.add(Constraints.Pattern.of("name_pattern", text(operator), text(text))));
        return new Constraints(
                patterns,
                constraints.get("valid_values") instanceof List<?> valid
                        ? valid.stream().map(FindThings::text).toList()
                        : null);
    }

    private static boolean isThere(Listing found) {
        return !found.rows().isEmpty();
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
