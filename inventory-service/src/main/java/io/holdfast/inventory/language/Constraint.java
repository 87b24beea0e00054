package io.holdfast.inventory.language;

import io.holdfast.contracts.language.DeclaredConstraint;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.contracts.language.ValueConstraint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One condition on a value: {@code {in_range: [1, 10]}}.
 *
 * @param errorMessage what a refusal says in place of the condition; null: nothing of its own
 */
record Constraint(
        String name, @Nullable Object argument, @Nullable String errorMessage) {

    /** Stands beside the operator. */
    static final String ERROR_MESSAGE = "error_message";

    /** A boolean has no order for these. */
    private static final Set<String> ORDERS =
            Set.of("greater_than", "greater_or_equal", "less_than", "less_or_equal", "in_range");

    /** Values of types that name things of the manager are searched for; only the search knows these. */
    private static final Set<String> SEARCHES = Set.of(
            "blueprint_id",
            "capability_name",
            "deployment_id",
            "filter_id",
            "labels",
            "name_pattern",
            "node_id",
            "node_type",
            "scaling_group_name",
            "secret_key",
            "tenants",
            "type",
            "valid_values",
            "operation_name_specs",
            "display_name_specs",
            "display_identifier",
            "secrets",
            "scaling_group_name_specs");

    /** What is judged from the value alone, in the order in which the existing API names it. */
    private static final List<String> OPERATORS = List.of(
            "equal",
            "greater_than",
            "greater_or_equal",
            "less_than",
            "less_or_equal",
            "in_range",
            "valid_values",
            "length",
            "min_length",
            "max_length",
            "pattern");

    /**
     * @param value the input or parameter that it is a condition of
     * @param searched whether the value is of a type that names a thing of the manager, which brings more operators
     * @param version null: of what ships with the manager
     */
    static Constraint of(
            YamlNode node, String value, String owner, boolean searched, @Nullable LanguageVersion version) {
        YamlNode.Mapping mapping = Shape.mapping(node, "a constraint of " + owner);
        List<String> operators = mapping.entries().keySet().stream()
                .filter(key -> !key.equals(ERROR_MESSAGE))
                .toList();
        if (operators.isEmpty()) {
            throw new InvalidBlueprint(
                    node.mark(),
                    "Empty constraint operator name given. Allowed operators: " + PythonText.repr(OPERATORS),
                    "one of these in a constraint of " + owner);
        }
        if (mapping.entries().size() > 1 && version != null && !version.has(LanguageVersion.DSL_1_5)) {
            throw new InvalidBlueprint(
                    node.mark(),
                    "Constraint's additional attributes are not supported in version " + version.wireName()
                            + ", they were added in " + LanguageVersion.DSL_1_5.wireName(),
                    "each operator in a list item of its own, and no " + ERROR_MESSAGE + ", for " + owner);
        }
        if (operators.size() > 1) {
            throw new InvalidBlueprint(
                    node.mark(),
                    "Each constraint operator dict must be in it's own list item.",
                    "one operator in a constraint of " + owner + ", not " + PythonText.repr(operators));
        }
        String name = operators.get(0);
        YamlNode argument = mapping.entries().get(name);
        boolean known = OPERATORS.contains(name) || (searched && SEARCHES.contains(name));
        if (!known) {
            throw new InvalidBlueprint(
                    mapping.keyMark(name),
                    "No such constraint operator '" + name + "'. Allowed operators: " + PythonText.repr(OPERATORS),
                    "one of these in " + owner + Texts.near(OPERATORS, name));
        }
        YamlNode message = mapping.get(ERROR_MESSAGE);
        Constraint constraint =
                new Constraint(name, argument.toData(), message == null ? null : PythonText.str(message.toData()));
        if (OPERATORS.contains(name) && !constraint.hasGoodArgument(argument)) {
            throw new InvalidBlueprint(
                    argument.mark(),
                    "Invalid constraint operator argument \"" + PythonText.str(argument.toData())
                            + "\", for constraint operator \"" + name + "\" in \"" + value + "\".",
                    constraint.argumentExpected() + " for " + owner);
        }
        return constraint;
    }

    private boolean hasGoodArgument(YamlNode node) {
        if (Functions.isFunction(node)) {
            return true;
        }
        if (name.equals("pattern")) {
            return argument instanceof String text && isPattern(text);
        }
        if (name.equals("valid_values")) {
            return argument instanceof List;
        }
        if (name.equals("in_range")) {
            return argument instanceof List<?> list
                    && list.size() == 2
                    && list.get(0) instanceof Number
                    && list.get(1) instanceof Number;
        }
        return argument instanceof Number;
    }

    private String argumentExpected() {
        return switch (name) {
            case "pattern" -> "a regular expression";
            case "valid_values" -> "a list";
            case "in_range" -> "a list of two numbers";
            default -> "a number";
        };
    }

    DeclaredConstraint declared() {
        return new DeclaredConstraint(name, argument, errorMessage);
    }

    /** Whether only the manager's things can tell, for a value of this type. */
    boolean isSearch(@Nullable String type) {
        return declared().isSearch(type);
    }

    /** Whether this can be judged from the value alone. */
    boolean isJudgedHere() {
        return OPERATORS.contains(name) && !(argument instanceof Map);
    }

    /** @throws Mismatch if the value is of a kind that this operator cannot compare */
    boolean holds(@Nullable Object value) {
        ValueConstraint condition = new ValueConstraint(name, argument);
        try {
            if (value instanceof Boolean && ORDERS.contains(name)) {
                throw condition.incomparable(value);
            }
            return condition.holds(value);
        } catch (ValueConstraint.Incomparable e) {
            throw Mismatch.ofConstraint(e.text(), null);
        }
    }

    private static boolean isPattern(String text) {
        try {
            Pattern.compile(text);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** {@code in_range(1, 10) operator} */
    @Override
    public String toString() {
        return new ValueConstraint(name, argument).toString();
    }
}
