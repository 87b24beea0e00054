package io.holdfast.gateway.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingSchemaTest {

    @Test
    void numbersOfTheTypeAndAtLeastTheMinimumAreAllowed() {
        assertThat(SettingSchema.integer(-1).violation(-1)).isEmpty();
        assertThat(SettingSchema.integer(1).violation(5_000_000_000L)).isEmpty();
        assertThat(SettingSchema.integer(1).violation(BigInteger.TEN.pow(40))).isEmpty();
        assertThat(SettingSchema.number(0).violation(0.5)).isEmpty();
        assertThat(SettingSchema.number(0).violation(0)).isEmpty();
    }

    @Test
    void textsThatHoldNumbersAreReadAsThese() {
        assertThat(SettingSchema.integer(1).read("30")).isEqualTo(30L);
        assertThat(SettingSchema.integer(-1).read(" -1 ")).isEqualTo(-1L);
        assertThat(SettingSchema.integer(1).read("1" + "0".repeat(40))).isEqualTo(BigInteger.TEN.pow(40));
        assertThat(SettingSchema.number(0).read("15")).isEqualTo(15L);
        assertThat(SettingSchema.number(0).read("0.5")).isEqualTo(0.5);
    }

    @Test
    void whatHoldsNoNumberOfTheTypeStaysWhatItIs() {
        for (String text : List.of("", "many", "1.5", "1e3", "0x10", "1" + "0".repeat(200), "\u0664")) {
            assertThat(SettingSchema.integer(1).read(text)).isEqualTo(text);
        }
        for (String text : List.of("", ".", "1.", "NaN", "Infinity", "1.5f", "1" + "0".repeat(200))) {
            assertThat(SettingSchema.number(0).read(text)).isEqualTo(text);
        }
        assertThat(SettingSchema.integer(1).read(true)).isEqualTo(true);
        assertThat(SettingSchema.integer(1).read(null)).isNull();
    }

    @Test
    void othersAreRefusedInTheWordsOfTheApi() {
        assertThat(SettingSchema.integer(1).violation(0)).contains("0 is less than the minimum of 1");
        assertThat(SettingSchema.number(0).violation(-0.5)).contains("-0.5 is less than the minimum of 0");
        assertThat(SettingSchema.integer(1).violation(BigInteger.TEN.pow(40).negate()))
                .hasValueSatisfying(text -> assertThat(text).endsWith("is less than the minimum of 1"));
        assertThat(SettingSchema.integer(1).violation(1.5)).contains("1.5 is not an integer");
        assertThat(SettingSchema.integer(1).violation("many")).contains("many is not an integer");
        assertThat(SettingSchema.integer(1).violation(true)).contains("True is not an integer");
        assertThat(SettingSchema.integer(1).violation(null)).contains("None is not an integer");
        assertThat(SettingSchema.number(0).violation(Double.POSITIVE_INFINITY)).contains("Infinity is not a number");
        assertThat(SettingSchema.number(0).violation(List.of(1))).contains("a list or an object is not a number");
    }
}
