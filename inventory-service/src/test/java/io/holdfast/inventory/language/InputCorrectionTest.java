package io.holdfast.inventory.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InputCorrectionTest {

    private static Object corrected(String type, Object value) {
        return InputCorrection.corrected(Map.of("x", Map.of("type", type)), Map.of("x", value))
                .get("x");
    }

    @Test
    void textsBecomeNumbersAndBooleansAndTheseBecomeTexts() {
        assertThat(corrected("integer", " 12 ")).isEqualTo(12L);
        assertThat(corrected("float", "1.5")).isEqualTo(1.5);
        assertThat(corrected("boolean", "True")).isEqualTo(true);
        assertThat(corrected("boolean", "no")).isEqualTo(false);
        assertThat(corrected("string", 12)).isEqualTo("12");
        assertThat(corrected("string", true)).isEqualTo("true");
    }

    @Test
    void whatCannotBeCorrectedStaysAsItIs() {
        assertThat(corrected("integer", "1.5")).isEqualTo("1.5");
        assertThat(corrected("integer", "many")).isEqualTo("many");
        assertThat(corrected("boolean", "maybe")).isEqualTo("maybe");
        assertThat(corrected("list", "[]")).isEqualTo("[]");
        assertThat(InputCorrection.corrected(Map.of(), Map.of("x", "1"))).containsEntry("x", "1");
    }
}
