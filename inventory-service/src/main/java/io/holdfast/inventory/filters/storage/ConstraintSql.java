package io.holdfast.inventory.filters.storage;

import io.holdfast.inventory.filters.Constraints;
import io.holdfast.listing.Condition;
import java.util.ArrayList;
import java.util.List;

/** Constraints as conditions. What a client sent is bound, never text of the SQL. */
public final class ConstraintSql {

    private ConstraintSql() {}

    /** @param sql an expression written in code */
    public static Condition[] on(String sql, Constraints constraints) {
        List<Condition> conditions = new ArrayList<>();
        constraints.patterns().forEach(pattern -> conditions.add(condition(sql, pattern)));
        if (constraints.validValues() != null) {
            conditions.add(Condition.of(sql + " = ANY (?)", constraints.validValues()));
        }
        return conditions.toArray(Condition[]::new);
    }

    private static Condition condition(String sql, Constraints.Pattern pattern) {
        String literal = Condition.literal(pattern.text());
        return switch (pattern.operator()) {
            case CONTAINS -> Condition.of(sql + " LIKE ?", "%" + literal + "%");
            case STARTS_WITH -> Condition.of(sql + " LIKE ?", literal + "%");
            case ENDS_WITH -> Condition.of(sql + " LIKE ?", "%" + literal);
            case EQUALS_TO -> Condition.of(sql + " = ?", pattern.text());
        };
    }
}
