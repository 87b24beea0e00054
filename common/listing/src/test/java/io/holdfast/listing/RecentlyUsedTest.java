package io.holdfast.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RecentlyUsedTest {

    @Test
    void whatWasNotAskedForLongestIsForgotten() {
        // given
        RecentlyUsed<String, Integer> map = new RecentlyUsed<>(2);
        map.put("a", 1);
        map.put("b", 2);
        assertThat(map.get("a")).isEqualTo(1);
        // when
        map.put("c", 3);
        // then
        assertThat(map).containsOnlyKeys("a", "c");
    }

    @Test
    void itKeepsAtLeastOne() {
        assertThatThrownBy(() -> new RecentlyUsed<String, Integer>(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
