package io.holdfast.inventory.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedTest {

    private final Shared shared = new Shared();

    @Test
    void equalValuesAreOneObjectAndOthersStayApart() {
        // given
        Object one = shared.of(value("x"));
        // then
        assertThat(one).isEqualTo(value("x"));
        assertThat(shared.of(value("ox".substring(1)))).isSameAs(one);
        assertThat(shared.of(value("y"))).isEqualTo(value("y"));
        Object list = inner(one, "list");
        assertThat(inner(shared.of(Map.of("other", Objects.requireNonNull(inner(value("x"), "list")))), "other"))
                .isSameAs(list);
    }

    @Test
    void whatLooksAlikeIsNotMixedUp() {
        List<@Nullable Object> alike = Arrays.asList(
                1,
                1L,
                1.0,
                BigInteger.ONE,
                "1",
                true,
                "true",
                null,
                List.of(),
                Map.of(),
                List.of("a", "b"),
                Map.of("a", "b"));
        assertThat(alike.stream().map(shared::of).toList()).isEqualTo(alike);
        assertThat(shared.of(alike)).isEqualTo(alike);
        assertThat(shared.of(1)).isInstanceOf(Integer.class);
        assertThat(shared.of(1L)).isInstanceOf(Long.class);
    }

    @Test
    void theOrderOfAMapStays() {
        Map<String, Integer> one = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", 2);
        Map<String, Integer> turned = new LinkedHashMap<>();
        turned.put("b", 2);
        turned.put("a", 1);
        shared.of(one);
        assertThat(String.valueOf(shared.of(turned))).isEqualTo("{b=2, a=1}");
    }

    @Test
    void nobodyCanChangeWhatOthersHaveToo() {
        List<?> list = (List<?>) shared.of(new ArrayList<>(List.of("a")));
        assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    private static Map<String, @Nullable Object> value(String text) {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("text", text);
        value.put("nothing", null);
        value.put("list", new ArrayList<>(List.of(text, 300L, Map.of(text, 2.5))));
        return value;
    }

    private static @Nullable Object inner(@Nullable Object map, String key) {
        return ((Map<?, ?>) Objects.requireNonNull(map)).get(key);
    }
}
