package io.holdfast.inventory.sites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LocationTest {

    @Test
    void theTextHasBothNumbersInShortestForm() {
        assertThat(new Location(51.5, -0.12)).hasToString("51.5, -0.12");
        assertThat(new Location(1, 2)).hasToString("1.0, 2.0");
        assertThat(new Location(0.00025, -180)).hasToString("0.00025, -180.0");
    }

    @Test
    void theApisTextIsRead() {
        assertThat(Location.of("10.5,20.25")).isEqualTo(new Location(10.5, 20.25));
        assertThat(Location.of(" -90 , 1.8e2")).isEqualTo(new Location(-90, 180));
        assertThat(Location.of("-0,-0.0")).hasToString("0.0, 0.0");
    }

    @Test
    void whatIsNoPlaceIsRefusedWithTheApisTexts() {
        assertThatThrownBy(() -> Location.of("10.5"))
                .hasMessage("Invalid location `10.5`, the format is expected to be \"latitude,longitude\" such as"
                        + " \"32.071072,34.787274\"");
        for (String text : new String[] {"a,b", "1,", ",1", "1,2,3", "0x1p3,1", "1d,2", "nan,nan", "1_0,2"}) {
            assertThatThrownBy(() -> Location.of(text))
                    .hasMessage("Invalid location `" + text
                            + "`, the latitude and longitude are expected to be of type float");
        }
        for (String text : new String[] {"90.1,0", "0,-181", "1e999,0"}) {
            assertThatThrownBy(() -> Location.of(text))
                    .hasMessage(
                            "Invalid location `" + text
                                    + "`. The latitude must be a number between -90 and 90 and the longitude between -180 and 180");
        }
    }
}
