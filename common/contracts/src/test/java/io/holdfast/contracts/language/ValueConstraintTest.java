package io.holdfast.contracts.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueConstraintTest {

    @Test
    void eachOperatorJudgesTheValuesOfItsKind() {
        assertThat(holds("in_range", List.of(1, 10), 10)).isTrue();
        assertThat(holds("in_range", List.of(1, 10), 10.5)).isFalse();
        assertThat(holds("valid_values", List.of("a", 2), 2.0)).isTrue();
        assertThat(holds("valid_values", List.of("a", 2), "2")).isFalse();
        assertThat(holds("equal", "a", "a")).isTrue();
        assertThat(holds("greater_than", 1, 1)).isFalse();
        assertThat(holds("greater_or_equal", 1, true)).isTrue();
        assertThat(holds("less_than", 1, 1)).isFalse();
        assertThat(holds("less_or_equal", 1, 1)).isTrue();
        assertThat(holds("length", 1, "\uD83D\uDE00")).isTrue();
        assertThat(holds("min_length", 2, List.of(1))).isFalse();
        assertThat(holds("max_length", 1, Map.of("a", 1))).isTrue();
        assertThat(holds("pattern", "(?P<letter>a)b", "abc")).isTrue();
        assertThat(holds("pattern", "b", "abc")).isFalse();
    }

    @Test
    void whatCannotBeComparedSaysWhatItIs() {
        assertSaid(
                "greater_than",
                1,
                "2",
                "Value is not comparable, the Constraint argument type  is 'int' but value type is 'str'.");
        assertSaid("length", 1, 1.5, "Value's length could not be computed. Value type is 'float'.");
        assertSaid("pattern", "a", null, "Value must be of type string, got type 'NoneType'");
        assertSaid("pattern", "(", "a", "The pattern is no regular expression: Unclosed group");
        assertSaid("min_length", "x", "a", "The constraint's argument x is not a number");
        assertSaid("nearly", 1, 1, "There is no constraint operator 'nearly'");
    }

    @Test
    void itIsPrintedAsTheExistingApiPrintsIt() {
        assertThat(new ValueConstraint("in_range", List.of(1, 10))).hasToString("in_range(1, 10) operator");
        assertThat(PythonText.repr(Arrays.asList("it's", "a\tb", true, null, Map.of("k", 1.5))))
                .isEqualTo("[\"it's\", 'a\\tb', True, None, {'k': 1.5}]");
    }

    private static boolean holds(String operator, Object argument, Object value) {
        return new ValueConstraint(operator, argument).holds(value);
    }

    private static void assertSaid(String operator, Object argument, @Nullable Object value, String text) {
        assertThatThrownBy(() -> new ValueConstraint(operator, argument).holds(value))
                .isInstanceOf(ValueConstraint.Incomparable.class)
                .hasMessage(text);
    }
}
