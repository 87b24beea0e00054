package io.holdfast.inventory.searches.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.FilterRules;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.resources.rest.JsonBody;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code filter_rules} or {@code constraints} of a search. */
record SearchBody(@Nullable JsonNode rules, @Nullable ObjectNode constraints) {

    private static final String VALID_VALUES = "valid_values";
    private static final String LABELS = "labels";
    private static final String TENANTS = "tenants";

    private static final String NAME_PATTERN = "name_pattern";
    private static final String ID_SPECS = "id_specs";
    private static final String OPERATION_NAME_SPECS = "operation_name_specs";

    private static final Set<String> KNOWN =
            Set.of(NAME_PATTERN, VALID_VALUES, "deployment_id", "blueprint_id", "filter_id");

    /** Of what has labels, and belongs to a tenant of its own. */
    private static final Set<String> OF_LABELLED = Set.of(LABELS, TENANTS);

    /** @param specs what a {@code name_pattern} is called, too, where the client has looked up what it is on: {@code key_specs} */
    static SearchBody of(@Nullable JsonNode json, String... specs) {
        return of(json, Set.of(specs));
    }

    /** As {@link #of}, with constraints on labels and tenants. */
    static SearchBody ofLabelled(@Nullable JsonNode json, String... specs) {
        Set<String> more = new HashSet<>(OF_LABELLED);
        more.addAll(List.of(specs));
        return of(json, more);
    }

    /** As {@link #of}, with constraints on the names of operations. */
    static SearchBody ofNodes(@Nullable JsonNode json) {
        SearchBody body = of(json, ID_SPECS, OPERATION_NAME_SPECS);
        if (body.isOnOperations() && body.has(ID_SPECS)) {
            throw bad("`" + ID_SPECS + "` and `" + OPERATION_NAME_SPECS + "` cannot be provided together.");
        }
        return body;
    }

    /** Whether what the constraints say of names, they say of the names of operations. */
    boolean isOnOperations() {
        return has(OPERATION_NAME_SPECS);
    }

    private boolean has(String name) {
        return constraints != null && constraints.has(name);
    }

    private static SearchBody of(@Nullable JsonNode json, Set<String> more) {
        JsonBody body = JsonBody.of(json);
        JsonNode rules = body.list("filter_rules");
        ObjectNode constraints = body.object("constraints");
        if (rules != null && !rules.isEmpty() && constraints != null && !constraints.isEmpty()) {
            throw bothGiven();
        }
        if (constraints != null) {
            constraints.fieldNames().forEachRemaining(name -> {
                if (!KNOWN.contains(name) && !more.contains(name)) {
                    throw bad("there is no constraint `" + name + "` for this search, expected some of "
                            + Stream.concat(KNOWN.stream(), more.stream())
                                    .sorted()
                                    .toList());
                }
            });
        }
        return new SearchBody(rules, constraints);
    }

    /** Those of the body, or what its constraints say of labels and tenants. */
    List<FilterRule> rules(Filtered filtered, ObjectMapper mapper) {
        return FilterRules.of(
                rules == null || rules.isEmpty() ? constrained() : mapper.convertValue(rules, List.class), filtered);
    }

    private List<Map<String, ?>> constrained() {
        List<Map<String, ?>> found = new ArrayList<>();
        if (constraints == null) {
            return found;
        }
        JsonBody body = new JsonBody(constraints);
        JsonNode labels = body.list(LABELS);
        for (JsonNode label : labels == null ? List.<JsonNode>of() : labels) {
            if (!label.isObject() || label.size() != 1) {
                throw bad(
                        "labels must be a list of 1-entry dictionaries: [{<key1>: <value1>}, {<key2>: <value2>}, ...]");
            }
            label.properties()
                    .forEach(entry -> found.add(FilterRules.labelled(
                            entry.getKey(), entry.getValue().asText())));
        }
        List<String> tenants = body.texts(TENANTS);
        if (tenants != null && !tenants.isEmpty()) {
            found.add(FilterRules.ofTenants(tenants));
        }
        return found;
    }

    /**
     * Rules on what has attributes and no labels.
     *
     * @param things as texts of refusals call them
     */
    List<FilterRule> rulesOnAttributes(String things, List<String> attributes, ObjectMapper mapper) {
        if (rules == null) {
            return List.of();
        }
        List<FilterRule> read = FilterRules.of(mapper.convertValue(rules, List.class), things, attributes);
        if (read.stream().anyMatch(FilterRule::label)) {
            throw bad(things + " have no labels to filter by");
        }
        return read;
    }

    void requireNoRules(String what) {
        if (rules != null && !rules.isEmpty()) {
            throw bad(what + " are not searched by filter_rules, but by constraints");
        }
    }

    /** From the constraints, or the query. */
    @Nullable
    String deployment(Map<String, List<String>> query) {
        return of("deployment_id", query);
    }

    /** From the constraints, or the query. */
    @Nullable
    String blueprint(Map<String, List<String>> query) {
        return of("blueprint_id", query);
    }

    private @Nullable String of(String name, Map<String, List<String>> query) {
        String constrained = constraints == null ? null : new JsonBody(constraints).text(name);
        String asked = query.getOrDefault(name, List.of()).stream().findFirst().orElse(null);
        if (constrained != null && asked != null) {
            throw bad("You should provide either a valid '" + name + "' parameter or have a '" + name
                    + "' key in the constraints, not both.");
        }
        return constrained == null ? asked : constrained;
    }

    String requiredDeployment(Map<String, List<String>> query) {
        String deployment = deployment(query);
        if (deployment == null || deployment.isEmpty()) {
            throw bad("Please provide a valid 'blueprint_id' or 'deployment_id' parameter or have a relevant key in the"
                    + " constraints.");
        }
        return deployment;
    }

    /** The blueprint that is asked for; null: a deployment is. */
    @Nullable
    String blueprintOrDeployment(Map<String, List<String>> query) {
        String blueprint = blueprint(query);
        if (blueprint == null || blueprint.isEmpty()) {
            requiredDeployment(query);
            return null;
        }
        if (deployment(query) != null) {
            throw bad("You should provide either 'blueprint_id' or 'deployment_id' constraints, not both.");
        }
        return blueprint;
    }

    /** Constraints, where there are any, are on what one blueprint or one deployment has. */
    void requirePlace(Map<String, List<String>> query) {
        if (constraints != null && !constraints.isEmpty()) {
            blueprintOrDeployment(query);
        }
    }

    /** The saved filter of the constraints, or of the query. */
    @Nullable
    String filterId(Map<String, List<String>> query) {
        String asked = query.getOrDefault("_filter_id", List.of()).stream()
                .filter(id -> !id.isEmpty())
                .findFirst()
                .orElse(null);
        if (constraints == null || constraints.isEmpty()) {
            return asked;
        }
        if (asked != null) {
            throw bothGiven();
        }
        return new JsonBody(constraints).text("filter_id");
    }

    Constraints names() {
        return constraints == null
                ? Constraints.NONE
                : new Constraints(patterns(), new JsonBody(constraints).texts(VALID_VALUES));
    }

    /** What is valid where the constraint is not on a name, but on a value of any type. */
    Predicate<JsonNode> validValues() {
        JsonNode values = constraints == null ? null : new JsonBody(constraints).list(VALID_VALUES);
        if (values == null) {
            return value -> true;
        }
        // As texts, because numbers may be held in types of several widths.
        Set<String> valid = new HashSet<>();
        values.forEach(value -> valid.add(value.toString()));
        return value -> valid.contains(value.toString());
    }

    List<Constraints.Pattern> patterns() {
        if (constraints == null) {
            return List.of();
        }
        JsonBody body = new JsonBody(constraints);
        List<Constraints.Pattern> patterns = new ArrayList<>();
        constraints.fieldNames().forEachRemaining(key -> {
            ObjectNode given = key.equals(NAME_PATTERN) || key.endsWith("_specs") ? body.object(key) : null;
            if (given != null) {
                JsonBody texts = new JsonBody(given);
                given.fieldNames()
                        .forEachRemaining(
                                name -> patterns.add(Constraints.Pattern.of(key, name, texts.requiredText(name))));
            }
        });
        return patterns;
    }

    private static ManagerException bothGiven() {
        return bad("You should provide either filter_id/filter_rules or DSL constraints, not both");
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
