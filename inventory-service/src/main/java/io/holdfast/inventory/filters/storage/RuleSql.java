package io.holdfast.inventory.filters.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filter rules as conditions on the rows {@code e} of a labelled table. Keys and values are bound or looked up, never text of the SQL. */
public final class RuleSql {

    private final @Nullable String labels;
    private final Map<String, String> attributes;

    /**
     * @param labelTable with columns tenant_name, key, value
     * @param owner its column that names the row {@code e.id}
     * @param attributes SQL expression of each attribute that rules may name
     */
    public RuleSql(String labelTable, String owner, Map<String, String> attributes) {
        this.labels = "SELECT FROM " + labelTable + " l WHERE l.tenant_name = e.tenant_name AND l." + owner
                + " = e.id AND l.key = ?";
        this.attributes = Map.copyOf(attributes);
    }

    /** Of what has no labels. @param attributes as of the other */
    public RuleSql(Map<String, String> attributes) {
        this.labels = null;
        this.attributes = Map.copyOf(attributes);
    }

    /** All of the rules. */
    public Condition of(List<FilterRule> rules) {
        if (rules.size() == 1) {
            return condition(rules.get(0));
        }
        List<String> parts = new ArrayList<>();
        List<@Nullable Object> binds = new ArrayList<>();
        for (FilterRule rule : rules) {
            Condition condition = condition(rule);
            parts.add("(" + condition.sql() + ")");
            binds.addAll(condition.binds());
        }
        return new Condition(parts.isEmpty() ? "true" : String.join(" AND ", parts), binds);
    }

    private Condition condition(FilterRule rule) {
        return rule.label() ? label(rule) : attribute(rule);
    }

    private Condition label(FilterRule rule) {
        if (labels == null) {
            throw illegal(rule, "there are no labels");
        }
        String any = "EXISTS (" + labels + " AND l.value = ANY (?))";
        String key = "EXISTS (" + labels + ")";
        return switch (rule.operator()) {
            case ANY_OF -> Condition.of(any, rule.key(), rule.values());
            case NOT_ANY_OF -> Condition.of(key + " AND NOT " + any, rule.key(), rule.key(), rule.values());
            case IS_NOT -> Condition.not(Condition.of(any, rule.key(), rule.values()));
            case IS_NULL -> Condition.not(Condition.of(key, rule.key()));
            case IS_NOT_NULL -> Condition.of(key, rule.key());
            default -> throw illegal(rule, "labels have no such operator");
        };
    }

    private Condition attribute(FilterRule rule) {
        String sql = attributes.get(rule.key());
        if (sql == null) {
            throw illegal(
                    rule,
                    "the attributes are "
                            + attributes.keySet().stream().sorted().toList());
        }
        return switch (rule.operator()) {
            case ANY_OF -> Condition.of(sql + " = ANY (?)", rule.values());
            case NOT_ANY_OF ->
                but(
                        Condition.of("coalesce(" + sql + " <> ALL (?), true)", rule.values()),
                        Condition.of(sql + " = ANY (?)", rule.values()));
            case CONTAINS -> like(sql, "%", rule, "%", false);
            case NOT_CONTAINS -> like(sql, "%", rule, "%", true);
            case STARTS_WITH -> like(sql, "", rule, "%", false);
            case ENDS_WITH -> like(sql, "%", rule, "", false);
            case IS_NOT_EMPTY, IS_NOT_NULL -> Condition.of(sql + " IS NOT NULL AND " + sql + " <> ''");
            case IS_NULL -> Condition.of(sql + " IS NULL");
            default -> throw illegal(rule, "attributes have no such operator");
        };
    }

    private static Condition like(String sql, String before, FilterRule rule, String after, boolean none) {
        List<String> patterns = rule.values().stream()
                .map(value -> before + Condition.literal(value) + after)
                .toList();
        return none
                ? but(
                        Condition.of("coalesce(" + sql + " NOT ILIKE ALL (?), true)", patterns),
                        Condition.of(sql + " ILIKE ANY (?)", patterns))
                : Condition.of(sql + " ILIKE ANY (?)", patterns);
    }

    private static Condition but(Condition condition, Condition opposite) {
        return new Condition(condition.sql(), condition.binds(), opposite);
    }

    private static ManagerException illegal(FilterRule rule, String reason) {
        return new ManagerException(
                ErrorCode.INVALID_FILTER_RULE,
                "The filter rule on `" + rule.key() + "` with the operator `"
                        + rule.operator().wireName() + "` is invalid: " + reason,
                null);
    }
}
