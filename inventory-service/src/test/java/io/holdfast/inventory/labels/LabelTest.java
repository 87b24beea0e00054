package io.holdfast.inventory.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelTest {

    @Test
    void keysAreLowerCaseAndValuesAreNormal() {
        assertThat(Label.of("Env", "Te\u0301st ")).isEqualTo(new Label("env", "T\u00e9st "));
        assertThat(Label.of(Label.PARENT, "d").key()).isEqualTo("csys-obj-parent");
    }

    @Test
    void whatIsNoLabelIsRefused() {
        Map<Label, String> wrong = Map.of(
                new Label("", "v"), "empty",
                new Label("k", ""), "empty",
                new Label(" k", "v"), "The key ` k` contains illegal characters",
                new Label("k", "zero\u200bwidth"), "contains illegal characters",
                new Label("a b", "v"), "contains illegal characters",
                new Label("k", "a\"b"),
                        "The value `a\"b` contains illegal characters. Control characters and `\"` are not allowed.",
                new Label("k", "v".repeat(257)), "too long",
                new Label("csys-mine", "v"), "reserved for internal use");
        wrong.forEach((label, text) -> {
            ManagerException refusal =
                    catchThrowableOfType(ManagerException.class, () -> Label.of(label.key(), label.value()));
            assertThat(refusal.code()).as(label.toString()).isEqualTo(ErrorCode.BAD_PARAMETERS);
            assertThat(refusal.detail()).as(label.toString()).contains(text);
        });
    }
}
