package io.holdfast.inventory.filters;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.inventory.filters.FilterRule.Operator;
import io.holdfast.inventory.labels.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rules of requests. What is wrong is refused with {@code invalid_filter_rule}, the rule and the reason in members of their own
 * ({@code err_filter_rule}, {@code err_reason}), which clients read. Source of the texts: cloudify-api section 1.5 and 14.
 */
public final class FilterRules {

    /** The attribute of deployments that tells whether they have schedules. */
    public static final String SCHEDULES = "schedules";

    private static final List<Operator> OF_LABELS =
            List.of(Operator.ANY_OF, Operator.NOT_ANY_OF, Operator.IS_NULL, Operator.IS_NOT_NULL, Operator.IS_NOT);

    private static final List<Operator> OF_ATTRIBUTES = List.of(
            Operator.ANY_OF,
            Operator.NOT_ANY_OF,
            Operator.CONTAINS,
            Operator.NOT_CONTAINS,
            Operator.STARTS_WITH,
            Operator.ENDS_WITH,
            Operator.IS_NOT_EMPTY);

    private static final Set<Operator> WITHOUT_VALUES =
            Set.of(Operator.IS_NULL, Operator.IS_NOT_NULL, Operator.IS_NOT_EMPTY);

    private static final Set<String> MEMBERS = Set.of("key", "values", "operator", "type");

    private static final int LONGEST_KEY = 256;

    /** Each is a condition of its own in a statement. */
    private static final int MOST_RULES = 100;

    private FilterRules() {}

    /**
     * @param raw of maps, lists and scalars, as JSON has them; equal rules count once
     * @throws ManagerException {@code invalid_filter_rule}
     */
    public static List<FilterRule> of(List<?> raw, Filtered filtered) {
        return of(raw, filtered.wireName(), filtered.attributes());
    }

    /**
     * As the other, for what no saved filters are for.
     *
     * @param things that are filtered, as texts call them
     * @param attributes that rules may name
     */
    public static List<FilterRule> of(List<?> raw, String things, List<String> attributes) {
        if (raw.size() > MOST_RULES) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "there are " + raw.size() + " filter rules, at most " + MOST_RULES + " are allowed",
                    "put several values into one rule");
        }
        Set<FilterRule> rules = new LinkedHashSet<>();
        for (Object rule : raw) {
            rules.add(rule(rule, things, attributes));
        }
        return List.copyOf(rules);
    }

    /** A rule as requests have it: a label is there with this value. */
    public static Map<String, Object> labelled(String key, String value) {
        return anyOf("label", key, List.of(value));
    }

    /** A rule as requests have it: it belongs to one of these tenants. */
    public static Map<String, Object> ofTenants(List<String> tenants) {
        return anyOf("attribute", "tenant_name", tenants);
    }

    private static Map<String, Object> anyOf(String type, String key, List<String> values) {
        return Map.of("type", type, "key", key, "operator", "any_of", "values", values);
    }

    private static FilterRule rule(@Nullable Object raw, String things, List<String> attributes) {
        if (!(raw instanceof Map<?, ?> rule)) {
            throw wrong(raw, "The filter rule is not a dictionary");
        }
        if (!rule.keySet().equals(MEMBERS)) {
            throw wrong(raw, "At least one of the entries in the filter rule is missing");
        }
        if (!(rule.get("key") instanceof String key)) {
            throw wrong(raw, "The filter rule key must be a string");
        }
        if (key.isEmpty() || key.length() > LONGEST_KEY || key.indexOf('\0') >= 0) {
            throw wrong(raw, "The filter rule key must have 1 to " + LONGEST_KEY + " characters");
        }
        if (!(rule.get("values") instanceof List<?> values)) {
            throw wrong(raw, "The filter rule values must be a list");
        }
        boolean label = "label".equals(rule.get("type"));
        if (!label && !"attribute".equals(rule.get("type"))) {
            throw wrong(raw, "Filter rule type must be one of label, attribute");
        }
        Operator operator = label
                ? operatorOfLabel(rule, values.isEmpty())
                : operatorOfAttribute(rule, key, values.isEmpty(), things, attributes);
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(value(rule, label, key, value));
        }
        return new FilterRule(label, key.toLowerCase(Locale.ROOT), operator, texts);
    }

    private static Operator operatorOfLabel(Map<?, ?> rule, boolean noValues) {
        Operator operator = operator(rule, OF_LABELS, "labels");
        if (WITHOUT_VALUES.contains(operator) && !noValues) {
            throw wrong(rule, "Values list must be empty if the operator is one of is_null, is_not_null");
        }
        if (!WITHOUT_VALUES.contains(operator) && noValues) {
            throw wrong(
                    rule,
                    "Values list must include at least one item if the operator is one of any_of, not_any_of, is_not");
        }
        return operator;
    }

    private static Operator operatorOfAttribute(
            Map<?, ?> rule, String key, boolean noValues, String things, List<String> attributes) {
        Operator operator = operator(rule, OF_ATTRIBUTES, "attributes");
        if (operator == Operator.IS_NOT_EMPTY && !noValues) {
            throw wrong(rule, "Values list must be empty if the operator is is_not_empty");
        }
        if (operator != Operator.IS_NOT_EMPTY && noValues) {
            throw wrong(rule, "Values list must include at least one item if the operator is not is_not_empty");
        }
        if (!attributes.contains(key)) {
            throw wrong(rule, "Allowed attributes to filter " + things + " by are " + String.join(", ", attributes));
        }
        if (key.equals(SCHEDULES) && operator != Operator.IS_NOT_EMPTY) {
            throw wrong(rule, "Filtering by deployment schedules is only possible with the is_not_empty operator");
        }
        return operator;
    }

    private static Operator operator(Map<?, ?> rule, List<Operator> allowed, String what) {
        return allowed.stream()
                .filter(operator -> operator.wireName().equals(rule.get("operator")))
                .findFirst()
                .orElseThrow(() -> wrong(
                        rule,
                        "The operator for filtering by " + what + " must be one of "
                                + allowed.stream().map(Operator::wireName).collect(Collectors.joining(", "))));
    }

    private static String value(Map<?, ?> rule, boolean label, String key, @Nullable Object value) {
        if (!(value instanceof String text)) {
            throw wrong(rule, "The filter rule values must be strings");
        }
        if (!label && key.equals("display_name")) {
            // Holds any text; what is asked for may be a part of it.
            return checkedPart(rule, text);
        }
        try {
            if (label) {
                return Label.of(key, text).value();
            }
            return ResourceId.checkCharacters("attributes' filter rule value", text);
        } catch (ManagerException e) {
            throw wrong(rule, e.detail());
        }
    }

    private static String checkedPart(Map<?, ?> rule, String text) {
        if (text.isEmpty() || text.length() > LONGEST_KEY || text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(
                    rule,
                    "The filter rule values must have 1 to " + LONGEST_KEY
                            + " characters, none of them control characters");
        }
        return text;
    }

    private static ManagerException wrong(@Nullable Object rule, String reason) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("err_filter_rule", rule);
        members.put("err_reason", reason);
        return new ManagerException(
                ErrorCode.INVALID_FILTER_RULE,
                "The filter rule " + PythonText.repr(rule) + " is not in the right format. " + reason,
                null,
                null,
                members);
    }
}
