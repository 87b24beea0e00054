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
    void othersAreRefusedInTheWordsOfTheApi() {
        assertThat(SettingSchema.integer(1).violation(0)).contains("0 is less than the minimum of 1");
        assertThat(SettingSchema.number(0).violation(-0.5)).contains("-0.5 is less than the minimum of 0");
        assertThat(SettingSchema.integer(1).violation(BigInteger.TEN.pow(40).negate()))
                .hasValueSatisfying(text -> assertThat(text).endsWith("is less than the minimum of 1"));
        assertThat(SettingSchema.integer(1).violation(1.5)).contains("1.5 is not of type 'integer'");
        assertThat(SettingSchema.integer(1).violation("many")).contains("'many' is not of type 'integer'");
        assertThat(SettingSchema.integer(1).violation(true)).contains("True is not of type 'integer'");
        assertThat(SettingSchema.integer(1).violation(null)).contains("None is not of type 'integer'");
        assertThat(SettingSchema.number(0).violation(Double.POSITIVE_INFINITY))
                .contains("Infinity is not of type 'number'");
        assertThat(SettingSchema.number(0).violation(List.of(1)))
                .contains("a list or an object is not of type 'number'");
    }
}
