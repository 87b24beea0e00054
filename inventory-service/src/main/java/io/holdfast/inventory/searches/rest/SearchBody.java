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
import io.holdfast.inventory.secrets.app.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code filter_rules} or {@code constraints} of a search. */
record SearchBody(@Nullable JsonNode rules, @Nullable ObjectNode constraints) {

    private static final Set<String> KNOWN =
            Set.of("name_pattern", "valid_values", "deployment_id", "blueprint_id", "filter_id");

    static SearchBody of(@Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        JsonNode rules = body.list("filter_rules");
        ObjectNode constraints = body.object("constraints");
        if (rules != null && !rules.isEmpty() && constraints != null && !constraints.isEmpty()) {
            throw bad("filter_rules and constraints are both given; give one of them");
        }
        if (constraints != null) {
            constraints.fieldNames().forEachRemaining(name -> {
                if (!KNOWN.contains(name)) {
                    throw bad("there is no constraint `" + name + "` for this search, expected some of "
                            + KNOWN.stream().sorted().toList());
                }
            });
        }
        return new SearchBody(rules, constraints);
    }

    List<FilterRule> rules(Filtered filtered, ObjectMapper mapper) {
        return rules == null ? List.of() : FilterRules.of(mapper.convertValue(rules, List.class), filtered);
    }

    /** Secrets have attributes and no labels. */
    List<FilterRule> rulesOfSecrets(ObjectMapper mapper) {
        if (rules == null) {
            return List.of();
        }
        List<FilterRule> read = FilterRules.of(mapper.convertValue(rules, List.class), "secrets", Secrets.ATTRIBUTES);
        if (read.stream().anyMatch(FilterRule::label)) {
            throw bad("secrets have no labels to filter by");
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
            throw bad(
                    "Please provide a valid 'blueprint_id' or 'deployment_id' parameter or have a relevant key in the constraints.");
        }
        return deployment;
    }

    /** The blueprint whose nodes are asked for; null: those of a deployment are. */
    @Nullable
    String blueprintOfNodes(Map<String, List<String>> query) {
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

    @Nullable
    String filterId() {
        return constraints == null ? null : new JsonBody(constraints).text("filter_id");
    }

    Constraints names() {
        if (constraints == null) {
            return Constraints.NONE;
        }
        JsonBody body = new JsonBody(constraints);
        List<Constraints.Pattern> patterns = new ArrayList<>();
        ObjectNode given = body.object("name_pattern");
        if (given != null) {
            JsonBody texts = new JsonBody(given);
            given.fieldNames().forEachRemaining(name -> patterns.add(pattern(name, texts.requiredText(name))));
        }
        return new Constraints(patterns, body.texts("valid_values"));
    }

    private static Constraints.Pattern pattern(String name, String text) {
        for (Constraints.Operator operator : Constraints.Operator.values()) {
            if (operator.name().toLowerCase(Locale.ROOT).equals(name)) {
                return new Constraints.Pattern(operator, text);
            }
        }
        throw bad(
                "name_pattern has no operator `" + name + "`, expected contains, starts_with, ends_with or equals_to");
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
