package io.holdfast.inventory.updates;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.inventory.updates.PlanDifference.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanDifferenceTest {

    private static final List<String> CONTAINED =
            List.of("cloudify.relationships.depends_on", "cloudify.relationships.contained_in");

    private static Map<String, Object> node(String id, Map<String, Object> properties, Object... relationships) {
        return Map.of(
                "id",
                id,
                "type",
                "t",
                "operations",
                Map.of(),
                "properties",
                properties,
                "relationships",
                List.of(relationships));
    }

    private static Map<String, Object> to(String target, String type) {
        return Map.of("target_id", target, "type", type, "type_hierarchy", List.of(type), "properties", Map.of());
    }

    private static Map<String, Object> plan(Object... nodes) {
        return Map.of("nodes", List.of(nodes));
    }

    private static List<String> steps(Map<String, Object> old, Map<String, Object> now) {
        return new PlanDifference(old, now)
                .steps().stream().map(PlanDifferenceTest::told).toList();
    }

    private static String told(Step step) {
        return step.action() + " " + step.entityType() + " " + String.join(":", step.entityId());
    }

    @Test
    void whatIsTheSameNeedsNoStep() {
        assertThat(steps(plan(node("a", Map.of("x", 1))), plan(node("a", Map.of("x", 1L)))))
                .isEmpty();
    }

    @Test
    void propertiesComeGoAndChange() {
        assertThat(steps(
                        plan(node("a", Map.of("gone", 1, "other", 1, "same", List.of(1)))),
                        plan(node("a", Map.of("new", 1, "other", 2, "same", List.of(1.0))))))
                .containsExactlyInAnyOrder(
                        "remove property nodes:a:properties:gone",
                        "add property nodes:a:properties:new",
                        "modify property nodes:a:properties:other");
    }

    @Test
    void nodesGoFirstAndComeBeforeThoseThatRelateToThem() {
        // when
        List<String> steps =
                steps(plan(node("old", Map.of())), plan(node("app", Map.of(), to("db", "r")), node("db", Map.of())));
        // then
        assertThat(steps).containsExactly("remove node nodes:old", "add node nodes:db", "add node nodes:app");
    }

    @Test
    void relationshipsAreTheSameByTypeAndTarget() {
        // given
        Map<String, Object> x = node("x", Map.of());
        Map<String, Object> y = node("y", Map.of());
        // when
        List<String> steps = steps(
                plan(node("a", Map.of(), to("x", "r"), to("y", "r")), x, y),
                plan(node("a", Map.of(), to("y", "r"), to("x", "other")), x, y));
        // then
        assertThat(steps)
                .containsExactly(
                        "remove relationship nodes:a:relationships:[0]",
                        "add relationship nodes:a:relationships:[1]",
                        "modify relationship nodes:a:relationships:[1]:[0]");
    }

    @Test
    void outputsWorkflowsAndGroupsAreComparedByName() {
        assertThat(steps(
                        Map.of("nodes", List.of(), "outputs", Map.of("a", 1), "workflows", Map.of("w", Map.of("x", 1))),
                        Map.of(
                                "nodes", List.of(),
                                "outputs", Map.of("b", 1),
                                "workflows", Map.of("w", Map.of("x", 2)),
                                "groups", Map.of("g", Map.of()),
                                "description", "new")))
                .containsExactlyInAnyOrder(
                        "modify description description",
                        "remove output outputs:a",
                        "add output outputs:b",
                        "modify workflow workflows:w",
                        "add group groups:g");
    }

    @Test
    void whatNoUpdateCanDoIsToldInOnePiece() {
        // given
        Map<String, Object> inside =
                Map.of("target_id", "y", "type", "c", "type_hierarchy", CONTAINED, "properties", Map.of());
        Map<String, Object> all = Map.of(
                "target_id",
                "y",
                "type",
                "r",
                "type_hierarchy",
                List.of("r"),
                "properties",
                Map.of("connection_type", "all_to_one"));
        Map<String, Object> other = Map.of(
                "id", "t", "type", "other", "operations", Map.of(), "properties", Map.of(), "relationships", List.of());
        List<Object> old =
                new ArrayList<>(List.of(node("t", Map.of()), node("a", Map.of()), node("b", Map.of(), to("y", "r"))));
        List<Object> now = new ArrayList<>(List.of(other, node("a", Map.of(), inside), node("b", Map.of(), all)));
        // when
        List<String> impossible = new PlanDifference(
                        Map.of("nodes", old),
                        Map.of("nodes", now, "scaling_groups", Map.of("g", Map.of("members", List.of("b")))))
                .impossible();
        // then
        assertThat(impossible)
                .containsExactly(
                        "the type of node `t` changes from `t` to `other`",
                        "the container of node `a` changes from none to `y`",
                        "the connection_type of the relationship of node `b` to `y` changes from null to all_to_one",
                        "the scaling group of `b` changes from none to `g`");
    }
}
