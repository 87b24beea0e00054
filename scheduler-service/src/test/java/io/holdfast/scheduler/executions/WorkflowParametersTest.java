package io.holdfast.scheduler.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkflowParametersTest {

    @Test
    void givenValuesAreConvertedAndTheOthersHaveTheirDefaults() {
        Map<String, Object> merged = WorkflowParameters.merge(
                workflow(), Map.of("i", " 7", "b", "FALSE", "l", List.of("1", 2), "own", 1), true);
        assertThat(merged).isEqualTo(Map.of("i", 7L, "f", 1.5, "b", false, "l", List.of(1L, 2), "own", 1));
    }

    @Test
    void undeclaredOnesAreToldFirstThenAllOfTheWrongTypeThenMissingOnes() {
        assertThat(refusal(Map.of("zz", 1, "f", "x")))
                .isEqualTo(
                        "Workflow \"w\" does not have the following parameters declared: zz. Remove these parameters or"
                                + " use the flag for allowing custom parameters");
        assertThat(refusal(Map.of("f", "x", "b", "maybe", "l", List.of("x"))))
                .isEqualTo("Parameter \"f\" must be of type float\nParameter \"b\" must be of type boolean\n"
                        + "Parameter \"l\" must be of type list of integers");
        assertThat(refusal(Map.of("f", 2)))
                .isEqualTo("Workflow \"w\" must be provided with the following parameters to execute: i");
    }

    private static String refusal(Map<String, Object> given) {
        ManagerException refusal =
                catchThrowableOfType(ManagerException.class, () -> WorkflowParameters.merge(workflow(), given, false));
        assertThat(refusal.code()).isEqualTo(ErrorCode.ILLEGAL_EXECUTION_PARAMETERS);
        return refusal.detail();
    }

    private static DeploymentFacts.Workflow workflow() {
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        parameters.put("i", Map.of("type", "integer"));
        parameters.put("f", Map.of("type", "float", "default", 1.5));
        parameters.put("b", Map.of("type", "boolean", "default", true));
        parameters.put("l", Map.of("type", "list", "item_type", "integer", "default", List.of()));
        return new DeploymentFacts.Workflow("w", parameters, true);
    }
}
