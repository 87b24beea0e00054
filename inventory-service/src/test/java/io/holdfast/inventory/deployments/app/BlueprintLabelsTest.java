package io.holdfast.inventory.deployments.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.language.PreparedDeployment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlueprintLabelsTest {

    @Test
    void aValueThatIsNotKnownYetIsToldAsTheBlueprintMeansIt() {
        // given
        PreparedDeployment prepared = new PreparedDeployment(
                null,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of("address", List.of(Map.of("get_attribute", List.of("web", "ip")))),
                Map.of(),
                Map.of(),
                null,
                Map.of(),
                List.of(),
                List.of(),
                List.of());
        // when, then
        assertThatThrownBy(() -> new BlueprintLabels("t1", "d1", "b1", null, "admin").of(prepared))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("has the value {'get_attribute': ['web', 'ip']}, which is not known");
    }
}
