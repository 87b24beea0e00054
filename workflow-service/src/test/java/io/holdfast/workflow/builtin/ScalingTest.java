package io.holdfast.workflow.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingTest {

    private final Topology topology = new Blueprints()
            .host("vm", "started", Node.NO_AGENT, Map.of())
            .on("vm", "web", "started")
            .add(node("db"), "db_1", "started", null, List.of("dbs_1"), List.of(), Map.of())
            .add(node("db"), "db_2", "started", null, List.of("dbs_2"), List.of(), Map.of())
            .group("dbs", 2, List.of("db"))
            .topology();

    private static Node node(String id) {
        return new Node(id, List.of("cloudify.nodes.Root"), Map.of(), Node.NO_AGENT, 2);
    }

    @Test
    void aNodeGetsSoManyMore() {
        assertThat(modification(Map.of("scalable_entity_name", "db", "delta", 3)))
                .containsKey("db");
        assertThat(instances("db", Map.of("scalable_entity_name", "db", "delta", "3")))
                .isEqualTo(5);
        assertThat(instances("db", Map.of("scalable_entity_name", "db"))).isEqualTo(3);
        assertThat(instances("db", Map.of("scalable_entity_name", "db", "delta", -2)))
                .isZero();
    }

    @Test
    void olderTypesCallItTheNode() {
        assertThat(instances("db", Map.of("node_id", "db", "delta", 1))).isEqualTo(3);
    }

    @Test
    void theHostIsScaledInsteadWhereThatIsWanted() {
        assertThat(modification(Map.of("scalable_entity_name", "web", "scale_compute", true)))
                .containsOnlyKeys("vm");
        assertThat(modification(Map.of("scalable_entity_name", "db", "scale_compute", "true")))
                .as("it is on no host")
                .containsOnlyKeys("db");
    }

    @Test
    void aGroupGetsSoManyMore() {
        assertThat(instances("dbs", Map.of("scalable_entity_name", "dbs", "delta", 1)))
                .isEqualTo(3);
    }

    @Test
    void whatShallGoAndStayIsPassedOn() {
        Map<String, Object> change = modification(Map.of(
                "scalable_entity_name",
                "db",
                "delta",
                -1,
                "include_instances",
                "db_1",
                "exclude_instances",
                List.of("db_2")));
        assertThat(change.get("db"))
                .isEqualTo(Map.of(
                        "instances", 1,
                        "removed_ids_include_hint", List.of("db_1"),
                        "removed_ids_exclude_hint", List.of("db_2")));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        refused(Map.of("scalable_entity_name", "who"), "No scalable entity named who was found");
        refused(Map.of(), "No scalable entity named  was found");
        refused(
                Map.of("scalable_entity_name", "db", "delta", -3),
                "Provided delta: -3 is illegal. current number of instances of entity db is 2");
        refused(
                Map.of("scalable_entity_name", "db", "delta", "many"),
                "The delta parameter must be a number. Got: many");
        refused(
                Map.of("scalable_entity_name", "db", "delta", Map.of("by", List.of("two"))),
                "The delta parameter must be a number. Got: {'by': ['two']}");
        refused(
                Map.of("scalable_entity_name", "db", "include_instances", "db_1"),
                "Instances cannot be included or excluded when scaling up.");
        refused(down("include_instances", "nobody"), "included instances did not exist: nobody");
        refused(down("exclude_instances", "nobody"), "excluded instances did not exist: nobody");
        refused(down("exclude_instances", List.of("db_1", "db_2")), "2 are excluded from being removed");
        Map<String, Object> both = down("exclude_instances", "db_1");
        both.put("include_instances", "db_1");
        refused(both, "both excluded and included: db_1");
        Map<String, Object> compute = down("exclude_instances", "db_1");
        compute.put("scale_compute", true);
        refused(compute, "while scale_compute is True");
        Map<String, Object> group = down("exclude_instances", List.of("db_1", "dbs_2"));
        group.put("scalable_entity_name", "dbs");
        refused(group, "2 are excluded from being removed");
        refused(group, "Groups and member instances were: dbs_1: db_1; dbs_2: db_2");
    }

    private static Map<String, Object> down(String name, Object value) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("scalable_entity_name", "db");
        parameters.put("delta", -1);
        parameters.put(name, value);
        return parameters;
    }

    private Map<String, Object> modification(Map<String, Object> parameters) {
        return new Scaling(topology, new Parameters(parameters)).modification();
    }

    private int instances(String scaled, Map<String, Object> parameters) {
        return (int) ((Map<?, ?>) modification(parameters).get(scaled)).get("instances");
    }

    private void refused(Map<String, Object> parameters, String why) {
        assertThatThrownBy(() -> modification(parameters))
                .isInstanceOf(WorkflowFailure.class)
                .hasMessageContaining(why);
    }
}
