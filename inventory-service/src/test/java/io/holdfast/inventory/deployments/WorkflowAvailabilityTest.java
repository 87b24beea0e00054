package io.holdfast.inventory.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowAvailabilityTest {

    private static WorkflowAvailability in(String states) {
        return new WorkflowAvailability(words(states), Set.of("my.Server", "my.Root"));
    }

    private static Set<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | all     | true",
                "''                    | partial | false",
                "''                    | none    | true",
                "started               | all     | true",
                "started               | partial | false",
                "started               | none    | false",
                "started uninitialized | all     | false",
                "started uninitialized | partial | true",
                "started uninitialized | none    | false",
                "uninitialized deleted | all     | false",
                "uninitialized deleted | partial | false",
                "uninitialized deleted | none    | true",
                "uninitialized         | other   | false",
            })
    void nodeInstancesDecide(String states, String extent, boolean allowed) {
        assertThat(in(states).allows(Map.of("node_instances_active", List.of(extent))))
                .isEqualTo(allowed);
    }

    @Test
    void anyOfTheExtentsIsEnoughAndOfNoneNoneIs() {
        assertThat(in("uninitialized").allows(Map.of("node_instances_active", List.of("all", "partial", "none"))))
                .isTrue();
        assertThat(in("uninitialized").allows(Map.of("node_instances_active", List.of("all", "partial"))))
                .isFalse();
        assertThat(in("started").allows(Map.of("node_instances_active", List.of())))
                .isFalse();
    }

    @Test
    void oneOfTheTypesIsEnough() {
        assertThat(in("started").allows(Map.of("node_types_required", List.of("my.Other", "my.Root"))))
                .isTrue();
        assertThat(in("started").allows(Map.of("node_types_required", List.of("my.Other"))))
                .isFalse();
        assertThat(in("started").allows(Map.of("node_types_required", List.of())))
                .isTrue();
    }

    @Test
    void allRulesMustHold() {
        assertThat(in("started").allows(null)).isTrue();
        assertThat(in("started").allows(Map.of())).isTrue();
        assertThat(in("started").allows(Map.of("available", true))).isTrue();
        assertThat(in("started").allows(Map.of("available", false))).isFalse();
        assertThat(in("started")
                        .allows(Map.of(
                                "node_instances_active", List.of("all"), "node_types_required", List.of("my.Other"))))
                .isFalse();
    }
}
