package io.holdfast.inventory.updates;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.inventory.language.ManagerFacts;
import io.holdfast.inventory.language.NodeInstance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstanceChangesTest {

    private static final ManagerFacts FACTS = new ManagerFacts() {
        private int next;

        @Override
        public boolean hasSecret(String key) {
            return false;
        }

        @Override
        public String newSuffix() {
            return "new" + next++;
        }

        @Override
        public Set<String> nodeInstancesAmong(Set<String> ids) {
            return Set.of();
        }
    };

    private static Map<String, Object> row(String id, int deployed, int planned) {
        return Map.of("id", id, "deploy_number_of_instances", deployed, "planned_number_of_instances", planned);
    }

    private static Map<String, Object> node(String id, int instances, Object... relationships) {
        return Map.of(
                "id",
                id,
                "capabilities",
                Map.of("scalable", Map.of("properties", Map.of("default_instances", instances))),
                "relationships",
                List.of(relationships));
    }

    private static Map<String, Object> to(String target, String type) {
        return Map.of("target_id", target, "type", type, "type_hierarchy", List.of(type), "properties", Map.of());
    }

    private static NodeInstance instance(String id, String node, int index, List<Map<String, String>> relationships) {
        return new NodeInstance(id, node, null, index, relationships, List.of());
    }

    private static Map<String, String> link(String type, String node, String id) {
        return Map.of("type", type, "target_name", node, "target_id", id);
    }

    private static InstanceChanges changes(
            List<Map<String, Object>> old, List<Map<String, Object>> now, NodeInstance... present) {
        return new InstanceChanges(Map.of("nodes", old), Map.of("nodes", now), List.of(present), FACTS);
    }

    private static List<String> nodes(List<NodeInstance> instances) {
        return instances.stream().map(NodeInstance::node).toList();
    }

    @Test
    void aNewNodeGetsItsInstancesAndThoseThatStayAreRelatedToThem() {
        // when
        InstanceChanges changes = changes(
                List.of(row("a", 1, 1)),
                List.of(node("a", 1, to("b", "r")), node("b", 2)),
                instance("a_1", "a", 1, List.of()));
        // then
        assertThat(nodes(changes.added())).containsExactly("b", "b");
        assertThat(changes.removed()).isEmpty();
        assertThat(changes.gained().get("a_1")).hasSize(2);
        assertThat(changes.relationships().get("a_1")).hasSize(2);
        assertThat(changes.numbers()).isEmpty();
    }

    @Test
    void aNodeThatGoesTakesItsInstancesAndWhatLedToThem() {
        // when
        InstanceChanges changes = changes(
                List.of(row("a", 1, 1), row("b", 1, 1)),
                List.of(node("a", 1)),
                instance("a_1", "a", 1, List.of(link("r", "b", "b_1"))),
                instance("b_1", "b", 1, List.of()));
        // then
        assertThat(changes.removed()).extracting(NodeInstance::id).containsExactly("b_1");
        assertThat(changes.lost()).isEmpty();
        assertThat(changes.relationships()).containsEntry("a_1", List.of());
    }

    @Test
    void relationshipsBetweenInstancesThatStayComeAndGo() {
        // when
        InstanceChanges changes = changes(
                List.of(row("a", 1, 1), row("b", 1, 1)),
                List.of(node("a", 1, to("b", "other")), node("b", 1)),
                instance("a_1", "a", 1, List.of(link("r", "b", "b_1"))),
                instance("b_1", "b", 1, List.of()));
        // then
        assertThat(changes.lost()).containsEntry("a_1", List.of(link("r", "b", "b_1")));
        assertThat(changes.gained()).containsEntry("a_1", List.of(link("other", "b", "b_1")));
        assertThat(changes.relationships()).containsEntry("a_1", List.of(link("other", "b", "b_1")));
    }

    @Test
    void theNumberStaysAsItWasScaledUnlessTheBlueprintGivesAnother() {
        // given
        NodeInstance[] present = {instance("a_1", "a", 1, List.of()), instance("a_2", "a", 2, List.of())};
        // when
        InstanceChanges same = changes(List.of(row("a", 1, 2)), List.of(node("a", 1)), present);
        InstanceChanges more = changes(List.of(row("a", 1, 2)), List.of(node("a", 3)), present);
        InstanceChanges less = changes(List.of(row("a", 2, 2)), List.of(node("a", 1)), present);
        // then
        assertThat(same.added()).isEmpty();
        assertThat(same.removed()).isEmpty();
        assertThat(more.added()).hasSize(1);
        assertThat(more.numbers()).containsEntry("a", 3);
        assertThat(less.removed()).extracting(NodeInstance::id).containsExactly("a_2");
    }

    @Test
    void aScalingGroupKeepsItsNumberUnlessTheBlueprintGivesAnother() {
        // given
        Map<String, Object> old = Map.of(
                "nodes",
                List.of(row("a", 1, 1)),
                "scaling_groups",
                Map.of(
                        "g",
                        Map.of(
                                "members",
                                List.of("a"),
                                "properties",
                                Map.of("default_instances", 1, "planned_instances", 2, "current_instances", 2))));
        List<NodeInstance> present = List.of(
                new NodeInstance("a_1", "a", null, 1, List.of(), List.of(Map.of("name", "g", "id", "g_1"))),
                new NodeInstance("a_2", "a", null, 2, List.of(), List.of(Map.of("name", "g", "id", "g_2"))));
        Map<String, Object> plan = Map.of(
                "nodes",
                List.of(node("a", 1), node("new", 1)),
                "scaling_groups",
                Map.of("g", Map.of("members", List.of("a", "new"), "properties", Map.of("default_instances", 1))));
        // when
        InstanceChanges changes = new InstanceChanges(old, plan, present, FACTS);
        // then
        assertThat(nodes(changes.added())).containsExactly("new", "new");
        assertThat(changes.removed()).isEmpty();
        assertThat(changes.scalingGroups().get("g").toString()).contains("current_instances=2", "planned_instances=2");
    }
}
