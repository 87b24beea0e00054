package io.holdfast.inventory.filters;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a name must look like, as inputs of blueprints constrain the ids that they take. Source: the Cloudify REST API v3.1.
 *
 * @param patterns all of them must hold; case matters
 * @param validValues the only names; null: any
 */
public record Constraints(List<Pattern> patterns, @Nullable List<String> validValues) {

    public static final Constraints NONE = new Constraints(List.of(), null);

    public enum Operator {
        CONTAINS,
        STARTS_WITH,
        ENDS_WITH,
        EQUALS_TO
    }

    public record Pattern(Operator operator, String text) {

        /**
         * @param constraint that has it, for the refusal
         * @param operator {@code starts_with}
         * @throws ManagerException {@code bad_parameters_error} for an operator that there is not
         */
        public static Pattern of(String constraint, String operator, String text) {
            for (Operator known : Operator.values()) {
                if (known.name().toLowerCase(Locale.ROOT).equals(operator)) {
                    return new Pattern(known, text);
                }
            }
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    constraint + " has no operator `" + operator
                            + "`, expected contains, starts_with, ends_with or equals_to",
                    null);
        }

        boolean matches(String name) {
            return switch (operator) {
                case CONTAINS -> name.contains(text);
                case STARTS_WITH -> name.startsWith(text);
                case ENDS_WITH -> name.endsWith(text);
                case EQUALS_TO -> name.equals(text);
            };
        }
    }

    public Constraints {
        patterns = List.copyOf(patterns);
        validValues = validValues == null ? null : List.copyOf(validValues);
    }

    public boolean matches(String name) {
        return patterns.stream().allMatch(pattern -> pattern.matches(name))
                && (validValues == null || validValues.contains(name));
    }
}
