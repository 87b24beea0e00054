package io.holdfast.contracts.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One condition that a blueprint declares for a value: {@code {in_range: [1, 10]}}. Source: the Cloudify REST API v3.1.
 *
 * @param errorMessage what a refusal says in place of the condition; null: nothing of its own
 */
public record DeclaredConstraint(
        String operator,
        @Nullable Object argument,
        @Nullable String errorMessage) {

    private static final String ERROR_MESSAGE = "error_message";
    private static final String VALID_VALUES = "valid_values";
    private static final String DEPLOYMENT = "deployment_id";

    private static final Set<String> LABELLED = Set.of("blueprint_id", DEPLOYMENT);

    /** What no blueprint has, but deployments only. */
    private static final Set<String> OF_DEPLOYMENTS_ALONE = Set.of("capability_value", "node_instance");

    /** Judged by what the manager has, never by the value alone; each with the types that know it. */
    private static final Map<String, Set<String>> SEARCHES = Map.of(
            "filter_id",
            LABELLED,
            "labels",
            LABELLED,
            "tenants",
            LABELLED,
            "name_pattern",
            NamedThings.TYPES,
            DEPLOYMENT,
            NamedThings.OF_DEPLOYMENTS,
            "blueprint_id",
            NamedThings.OF_DEPLOYMENTS);

    public static List<DeclaredConstraint> of(Map<String, Object> declaration) {
        List<DeclaredConstraint> all = new ArrayList<>();
        if (declaration.get("constraints") instanceof List<?> declared) {
            for (Object item : declared) {
                if (item instanceof Map<?, ?> operators) {
                    String message = operators.get(ERROR_MESSAGE) instanceof String text ? text : null;
                    operators.forEach((name, argument) -> {
                        if (!ERROR_MESSAGE.equals(name)) {
                            all.add(new DeclaredConstraint(String.valueOf(name), argument, message));
                        }
                    });
                }
            }
        }
        return all;
    }

    /** Whether only the manager's things can tell, for a value of this type. */
    public boolean isSearch(@Nullable String type) {
        return SEARCHES.containsKey(operator)
                || operator.equals(VALID_VALUES) && type != null && NamedThings.OF_DEPLOYMENTS.contains(type);
    }

    /** @throws ValueConstraint.Incomparable if the value is of a kind that this operator cannot compare */
    public boolean holds(@Nullable Object value) {
        return new ValueConstraint(operator, argument).holds(value);
    }

    public static boolean isNamed(@Nullable String type) {
        return type != null && NamedThings.TYPES.contains(type);
    }

    /**
     * Why the manager has nothing that a value of this type could name, whatever else is asked of it.
     *
     * @param ownDeployment whether there is a deployment whose things are meant where the constraints name none
     * @return as the existing API says it; null: there may be
     */
    public static @Nullable String unknown(
            String name,
            @Nullable String type,
            List<DeclaredConstraint> constraints,
            @Nullable Object value,
            NamedThings things,
            boolean ownDeployment) {
        if (type == null || !isNamed(type)) {
            return null;
        }
        boolean placed = constraints.stream().anyMatch(constraint -> constraint.operator.equals(DEPLOYMENT));
        if (!ownDeployment && NamedThings.OF_DEPLOYMENTS.contains(type)) {
            return placed || !OF_DEPLOYMENTS_ALONE.contains(type)
                    ? null
                    : "Input '" + name + "' of type '" + type + "' lacks 'deployment_id' constraint.";
        }
        return placed || value != null && things.has(type, value, Map.of())
                ? null
                : "Value '" + PythonText.str(value) + "' of '" + name + "' is not a valid value for data type '" + type
                        + "'.";
    }

    /** Why none of the manager's things satisfies what is searched for; as the existing API says it; null: one does. */
    public static @Nullable String unmatched(
            String name,
            @Nullable String type,
            List<DeclaredConstraint> constraints,
            @Nullable Object value,
            NamedThings things) {
        Map<String, Object> searched = new LinkedHashMap<>();
        List<DeclaredConstraint> searches = constraints.stream()
                .filter(constraint -> constraint.isSearch(type))
                .toList();
        for (DeclaredConstraint search : searches) {
            if (!search.isKnownTo(type)) {
                return "'" + search.operator + "' constraint is not defined for '" + PythonText.str(type)
                        + "' data types";
            }
            searched.put(search.operator, Objects.requireNonNullElse(search.argument, ""));
        }
        if (searches.isEmpty() || value != null && things.has(String.valueOf(type), value, searched)) {
            return null;
        }
        return "Value '" + PythonText.str(value) + "' of input '" + name
                + "' does not match any relevant entity or violates at least one of the constraints: "
                + searches.stream().map(DeclaredConstraint::toString).collect(Collectors.joining(", ")) + ".";
    }

    private boolean isKnownTo(@Nullable String type) {
        return type != null
                && (operator.equals(VALID_VALUES) || SEARCHES.get(operator).contains(type));
    }

    /** {@code in_range(1, 10) operator} */
    @Override
    public String toString() {
        return new ValueConstraint(operator, argument).toString();
    }
}
