package io.holdfast.listing;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a WHERE clause: SQL written in code, with one {@code ?} for each bind value. Values may be text, numbers, booleans,
 * {@code OffsetDateTime}, null, or a {@code List<String>} (bound as {@code text[]}, for {@code = ANY (?)}).
 */
public record Condition(
        String sql, List<@Nullable Object> binds, @Nullable Condition opposite) {

    /** @param opposite holds for exactly the rows for which this one does not; null: not known */
    public Condition {
        binds = Collections.unmodifiableList(binds);
    }

    public Condition(String sql, List<@Nullable Object> binds) {
        this(sql, binds, null);
    }

    public static Condition of(String sql, @Nullable Object... binds) {
        return new Condition(sql, Arrays.asList(binds));
    }

    /**
     * All rows but those of another condition, which must be true or false of each row. They are counted as what the others leave of all
     * rows, where it is known how many these are.
     */
    public static Condition not(Condition others) {
        return new Condition("NOT (" + others.sql() + ")", others.binds(), others);
    }

    /** {@code expression} contains {@code text} in any case; {@code %}, {@code _} and {@code \} mean themselves. */
    public static Condition contains(String expression, String text) {
        return of(expression + " ILIKE ?", "%" + literal(text) + "%");
    }

    /** For use in a LIKE pattern. */
    public static String literal(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
