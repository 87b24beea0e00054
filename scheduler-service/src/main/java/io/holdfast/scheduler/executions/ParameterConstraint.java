package io.holdfast.scheduler.executions;

import io.holdfast.contracts.language.ValueConstraint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One condition that a workflow declares for a parameter's value: {@code {in_range: [1, 10]}}. Source: the Cloudify REST API v3.1.
 *
 * @param errorMessage what a refusal says in place of the condition; null: nothing of its own
 */
record ParameterConstraint(
        String operator,
        @Nullable Object argument,
        @Nullable String errorMessage) {

    private static final String ERROR_MESSAGE = "error_message";
    private static final String VALID_VALUES = "valid_values";

    /** Judged by what the manager has, never by the value alone. */
    private static final Set<String> SEARCHES =
            Set.of("filter_id", "labels", "tenants", "name_pattern", "deployment_id", "blueprint_id");

    static List<ParameterConstraint> of(Map<String, Object> declaration) {
        List<ParameterConstraint> all = new ArrayList<>();
        if (declaration.get("constraints") instanceof List<?> declared) {
            for (Object item : declared) {
                if (item instanceof Map<?, ?> operators) {
                    String message = operators.get(ERROR_MESSAGE) instanceof String text ? text : null;
                    operators.forEach((name, argument) -> {
                        if (!ERROR_MESSAGE.equals(name)) {
                            all.add(new ParameterConstraint(String.valueOf(name), argument, message));
                        }
                    });
                }
            }
        }
        return all;
    }

    /** Whether only the manager's things can tell, for a value of this type. */
    boolean isSearch(@Nullable String type) {
        return SEARCHES.contains(operator)
                || operator.equals(VALID_VALUES) && NamedThings.OF_DEPLOYMENTS.contains(type);
    }

    /** By operators, the last of one name counts. */
    static Map<String, Object> searches(List<ParameterConstraint> constraints) {
        Map<String, Object> all = new LinkedHashMap<>();
        constraints.forEach(
                constraint -> all.put(constraint.operator(), Objects.requireNonNullElse(constraint.argument(), "")));
        return all;
    }

    /** @throws ValueConstraint.Incomparable if the value is of a kind that this operator cannot compare */
    boolean holds(@Nullable Object value) {
        return new ValueConstraint(operator, argument).holds(value);
    }

    /** {@code in_range(1, 10) operator} */
    @Override
    public String toString() {
        return new ValueConstraint(operator, argument).toString();
    }
}
