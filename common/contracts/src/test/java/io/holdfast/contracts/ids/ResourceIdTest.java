package io.holdfast.contracts.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.contracts.errors.ManagerException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceIdTest {

    @Test
    void legalIdsPass() {
        assertThat(ResourceId.check("blueprint_id", "a.B_c~d-1")).isEqualTo("a.B_c~d-1");
        assertThat(ResourceId.checkCharacters("deployment_id", "1d")).isEqualTo("1d");
    }

    @Test
    void otherIdsAreRefusedInTheApisOrder() {
        Map<String, String> wrong = Map.of(
                "",
                "The `blueprint_id` argument is empty",
                "\u00e4".repeat(300),
                "is too long. Maximum allowed length is 256 characters",
                "1 2",
                "contains illegal characters",
                "1a",
                "must begin with a letter",
                "_a",
                "must begin with a letter");
        wrong.forEach((id, text) -> assertThat(
                        catchThrowableOfType(ManagerException.class, () -> ResourceId.check("blueprint_id", id))
                                .detail())
                .as(id)
                .contains(text));
    }
}
