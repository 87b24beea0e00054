package io.holdfast.scheduler.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.NamedThings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkflowParametersTest {

    @Test
    void givenValuesAreConvertedAndTheOthersHaveTheirDefaults() {
        Map<String, Object> merged = WorkflowParameters.merge(
                workflow(), Map.of("i", " 7", "b", "FALSE", "l", List.of("1", 2), "own", 1), true, NamedThings.ANY);
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

    @Test
    void valuesAndDefaultsSatisfyTheirConstraints() {
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        parameters.put("port", declared("integer", List.of(Map.of("in_range", List.of(1, 10)))));
        parameters.put("name", declared("string", List.of(Map.of("pattern", "[a-z]+"), Map.of("max_length", 3))));
        parameters.put("level", Map.of("constraints", List.of(Map.of("valid_values", List.of("low", "high")))));
        parameters.put("any", Map.of("default", "x", "constraints", List.of(Map.of("greater_than", 1))));
        parameters.put(
                "l",
                Map.of("type", "list", "item_type", "integer", "constraints", List.of(Map.of("less_or_equal", 2.5))));
        parameters.put("needed", Map.of());
        DeploymentFacts.Workflow workflow = new DeploymentFacts.Workflow("w", parameters, true, false);
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("port", "11");
        given.put("name", "abcd");
        given.put("level", Map.of("get_secret", "s"));
        given.put("l", List.of("2", 3));
        assertThat(refusal(workflow, given, NamedThings.ANY))
                .isEqualTo(
                        "Parameter \"port\" does not meet its constraints: Value 11 of input port violates constraint"
                                + " in_range(1, 10) operator.\n"
                                + "Parameter \"name\" does not meet its constraints: Value abcd of input name violates constraint"
                                + " max_length(3) operator.\n"
                                + "Parameter \"level\" does not meet its constraints: Input value {'get_secret': 's'}, of input"
                                + " level, cannot contain an intrinsic function and also have constraints.\n"
                                + "Parameter \"any\" does not meet its constraints: Value is not comparable, the Constraint"
                                + " argument type  is 'int' but value type is 'str'.\n"
                                + "Parameter \"l\" does not meet its constraints: Value 3 of input l violates constraint"
                                + " less_or_equal(2.5) operator.");
    }

    @Test
    void aConstraintMaySayItselfWhatIsWrong() {
        DeploymentFacts.Workflow workflow = new DeploymentFacts.Workflow(
                "w",
                Map.of(
                        "n",
                        declared("integer", List.of(Map.of("less_than", 5, "error_message", "Five are too many.")))),
                true,
                false);
        assertThat(refusal(workflow, Map.of("n", 5), NamedThings.ANY))
                .isEqualTo(
                        "Parameter \"n\" does not meet its constraints: Value 5 of input n is invalid. Five are too many.");
        assertThat(WorkflowParameters.merge(workflow, Map.of("n", 4), false, NamedThings.ANY))
                .isEqualTo(Map.of("n", 4));
    }

    @Test
    void valuesThatNameThingsAreLookedUp() {
        NamedThings things =
                (type, name, constraints) -> type.equals("node_id") && name.equals("web") && constraints.isEmpty();
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        parameters.put("plain", Map.of("type", "node_id"));
        parameters.put("named", declared("node_id", List.of(Map.of("name_pattern", Map.of("starts_with", "db")))));
        DeploymentFacts.Workflow workflow = new DeploymentFacts.Workflow("w", parameters, true, false);
        assertThat(refusal(workflow, Map.of("plain", "nosuch", "named", "web"), things))
                .isEqualTo("Parameter \"plain\" does not meet its constraints: Value 'nosuch' of 'plain' is not a valid"
                        + " value for data type 'node_id'.\n"
                        + "Parameter \"named\" does not meet its constraints: Value 'web' of input 'named' does not match"
                        + " any relevant entity or violates at least one of the constraints: name_pattern({'starts_with':"
                        + " 'db'}) operator.");
    }

    @Test
    void aConstraintThatTheTypeDoesNotKnowIsTold() {
        DeploymentFacts.Workflow workflow = new DeploymentFacts.Workflow(
                "w", Map.of("s", declared("secret_key", List.of(Map.of("filter_id", "f")))), true, false);
        assertThat(refusal(workflow, Map.of("s", "k"), NamedThings.ANY))
                .isEqualTo("Parameter \"s\" does not meet its constraints: 'filter_id' constraint is not defined for"
                        + " 'secret_key' data types");
    }

    private static Map<String, Object> declared(String type, List<Map<String, Object>> constraints) {
        return Map.of("type", type, "constraints", constraints);
    }

    private static String refusal(DeploymentFacts.Workflow workflow, Map<String, Object> given, NamedThings things) {
        return catchThrowableOfType(
                        ManagerException.class, () -> WorkflowParameters.merge(workflow, given, false, things))
                .detail();
    }

    private static String refusal(Map<String, Object> given) {
        ManagerException refusal = catchThrowableOfType(
                ManagerException.class, () -> WorkflowParameters.merge(workflow(), given, false, NamedThings.ANY));
        assertThat(refusal.code()).isEqualTo(ErrorCode.ILLEGAL_EXECUTION_PARAMETERS);
        return refusal.detail();
    }

    private static DeploymentFacts.Workflow workflow() {
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        parameters.put("i", Map.of("type", "integer"));
        parameters.put("f", Map.of("type", "float", "default", 1.5));
        parameters.put("b", Map.of("type", "boolean", "default", true));
        parameters.put("l", Map.of("type", "list", "item_type", "integer", "default", List.of()));
        return new DeploymentFacts.Workflow("w", parameters, true, false);
    }
}
