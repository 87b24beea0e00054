package io.holdfast.inventory.sites;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocationTest {

    @Test
    void theTextHasBothNumbersInShortestForm() {
        assertThat(new Location(51.5, -0.12)).hasToString("51.5, -0.12");
        assertThat(new Location(1, 2)).hasToString("1.0, 2.0");
        assertThat(new Location(0.00025, -180)).hasToString("0.00025, -180.0");
    }
}
