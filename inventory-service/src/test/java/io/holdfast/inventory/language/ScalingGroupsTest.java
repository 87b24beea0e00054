package io.holdfast.inventory.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How many instances nodes in scaling groups have and which relate to which, when a deployment is made and when it is scaled. */
class ScalingGroupsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TYPES = """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {t: {}, cloudify.nodes.Compute: {}}
            relationships:
              cloudify.relationships.depends_on: {properties: {connection_type: {default: all_to_all}}}
              cloudify.relationships.connected_to: {derived_from: cloudify.relationships.depends_on}
              cloudify.relationships.contained_in: {derived_from: cloudify.relationships.depends_on}
            """;

    private static final class Facts implements ManagerFacts {
        private int next;

        @Override
        public boolean hasSecret(String key) {
            return false;
        }

        @Override
        public String newSuffix() {
            return String.format("%06d", next++);
        }

        @Override
        public Set<String> nodeInstancesAmong(Set<String> ids) {
            return Set.of();
        }
    }

    /** A blueprint. Nodes called {@code host…} are hosts. */
    private static final class Topology {

        private final StringBuilder nodes = new StringBuilder("node_templates:\n");
        private final StringBuilder groups = new StringBuilder();
        private final StringBuilder policies = new StringBuilder();

        /** @param relationships {@code in X}, {@code to X}, or {@code one X} for all to one */
        Topology node(String name, int instances, String... relationships) {
            List<String> written = new ArrayList<>();
            for (String relationship : relationships) {
                String[] parts = relationship.split(" ");
                written.add("{type: cloudify.relationships." + (parts[0].equals("in") ? "contained_in" : "connected_to")
                        + ", target: " + parts[1]
                        + (parts[0].equals("one") ? ", properties: {connection_type: all_to_one}" : "") + "}");
            }
            nodes.append("  ").append(name).append(": {type: ");
            nodes.append(name.startsWith("host") ? "cloudify.nodes.Compute" : "t");
            nodes.append(", capabilities: {scalable: {properties: {default_instances: ")
                    .append(instances);
            nodes.append("}}}, relationships: ").append(written).append("}\n");
            return this;
        }

        Topology group(String name, int instances, String... members) {
            groups.append(groups.isEmpty() ? "groups:\n" : "")
                    .append("  ")
                    .append(name)
                    .append(": {members: ");
            groups.append(List.of(members)).append("}\n");
            policies.append(policies.isEmpty() ? "policies:\n" : "")
                    .append("  of_")
                    .append(name);
            policies.append(": {type: cloudify.policies.scaling, targets: [").append(name);
            policies.append("], properties: {default_instances: ")
                    .append(instances)
                    .append("}}\n");
            return this;
        }

        Deployment deployed() {
            Plan plan = BadBlueprintsTest.parse(Files.of(TYPES + nodes + groups + policies));
            Map<String, Object> stored = JSON.convertValue(plan.data(), new TypeReference<>() {});
            Facts facts = new Facts();
            PreparedDeployment prepared = DeploymentPreparation.prepare(
                    new Plan(stored), Map.of(), false, facts, (type, name, constraints) -> true);
            return new Deployment(scaling(JSON.valueToTree(plan.data())), facts, prepared.instances());
        }

        private static Scaling scaling(JsonNode plan) {
            List<Scaling.Node> nodes = new ArrayList<>();
            for (JsonNode node : plan.get("nodes")) {
                List<Scaling.Relation> relations = new ArrayList<>();
                for (JsonNode relationship : node.get("relationships")) {
                    relations.add(new Scaling.Relation(
                            relationship.get("type").asText(),
                            relationship.get("target_id").asText(),
                            relationship.get("type").asText().endsWith("contained_in"),
                            relationship
                                    .at("/properties/connection_type")
                                    .asText()
                                    .equals("all_to_one")));
                }
                nodes.add(new Scaling.Node(
                        node.get("id").asText(),
                        node.at("/capabilities/scalable/properties/default_instances")
                                .asInt(),
                        node.path("host_id").asText(null),
                        relations));
            }
            List<Scaling.Group> groups = new ArrayList<>();
            plan.get("scaling_groups").properties().forEach(group -> {
                List<String> members = new ArrayList<>();
                group.getValue().get("members").forEach(member -> members.add(member.asText()));
                groups.add(new Scaling.Group(
                        group.getKey(),
                        group.getValue().at("/properties/default_instances").asInt(),
                        members));
            });
            return new Scaling(nodes, groups);
        }
    }

    private record Deployment(Scaling scaling, Facts facts, List<NodeInstance> instances) {

        /** Of each instance of a group, how many instances of which nodes are in it. */
        List<Map<String, Long>> inGroups(String group) {
            Map<String, List<NodeInstance>> byGroup = new TreeMap<>();
            instances.forEach(instance -> instance.scalingGroups().stream()
                    .filter(one -> group.equals(one.get("name")))
                    .forEach(one -> byGroup.computeIfAbsent(String.valueOf(one.get("id")), id -> new ArrayList<>())
                            .add(instance)));
            return byGroup.values().stream().map(ScalingGroupsTest::counts).toList();
        }

        /** {@code 2->3} for each two instances of one node that all relate to the same three of another, and to no more of it. */
        List<String> related(String source, String target) {
            Map<Set<String>, Integer> sources = new LinkedHashMap<>();
            instances.stream()
                    .filter(instance -> instance.node().equals(source))
                    .forEach(instance -> sources.merge(
                            instance.relationships().stream()
                                    .filter(relationship -> target.equals(relationship.get("target_name")))
                                    .map(relationship -> String.valueOf(relationship.get("target_id")))
                                    .collect(Collectors.toSet()),
                            1,
                            Integer::sum));
            return sources.entrySet().stream()
                    .map(entry -> entry.getValue() + "->" + entry.getKey().size())
                    .toList();
        }

        Scaling.Change scaled(String name, int number) {
            return scaling.to(Map.of(name, new Scaling.Target(number, Set.of(), Set.of())), instances, facts);
        }

        Deployment after(Scaling.Change change) {
            Set<String> removed =
                    change.removed().stream().map(NodeInstance::id).collect(Collectors.toCollection(HashSet::new));
            List<NodeInstance> left = new ArrayList<>();
            for (NodeInstance one : instances) {
                if (removed.contains(one.id())) {
                    continue;
                }
                List<Map<String, String>> relationships = new ArrayList<>(one.relationships());
                relationships.removeAll(change.lost().getOrDefault(one.id(), List.of()));
                relationships.addAll(change.gained().getOrDefault(one.id(), List.of()));
                left.add(new NodeInstance(
                        one.id(), one.node(), one.hostId(), one.index(), relationships, one.scalingGroups()));
            }
            left.addAll(change.added());
            return new Deployment(scaling, facts, left);
        }
    }

    private static Map<String, Long> counts(List<NodeInstance> instances) {
        return instances.stream()
                .collect(Collectors.groupingBy(NodeInstance::node, TreeMap::new, Collectors.counting()));
    }

    /** A web server with its address and disks, three of these in a group of their own; two apps on it use the disks. */
    private static Deployment cells() {
        return new Topology()
                .node("host_web", 1, "to address")
                .node("address", 1)
                .node("app", 2, "in host_web", "to disk")
                .node("disk", 1, "to host_web")
                .node("monitor", 1, "to app")
                .group("cell", 2, "host_web", "address", "disks")
                .group("disks", 3, "disk")
                .deployed();
    }

    @Test
    void groupsInGroupsMultiplyAndNodesRelateWithinTheInnermostGroupThatBothAreIn() {
        // when
        Deployment cells = cells();
        // then
        assertThat(counts(cells.instances()))
                .isEqualTo(Map.of("host_web", 2L, "address", 2L, "app", 4L, "disk", 6L, "monitor", 1L));
        assertThat(cells.inGroups("cell"))
                .hasSize(2)
                .containsOnly(Map.of("host_web", 1L, "address", 1L, "app", 2L, "disk", 3L));
        assertThat(cells.inGroups("disks")).hasSize(6).containsOnly(Map.of("disk", 1L));
        assertThat(cells.related("host_web", "address")).containsExactly("1->1", "1->1");
        assertThat(cells.related("app", "host_web")).containsExactly("2->1", "2->1");
        assertThat(cells.related("app", "disk")).containsExactly("2->3", "2->3");
        assertThat(cells.related("disk", "host_web")).containsExactly("3->1", "3->1");
        assertThat(cells.related("monitor", "app")).as("outside of the groups").containsExactly("1->4");
        assertThat(cells.instances())
                .filteredOn(instance -> instance.node().equals("app"))
                .allSatisfy(app -> assertThat(app.relationships().get(0)).containsEntry("target_id", app.hostId()));
    }

    @Test
    void anotherInstanceOfAGroupHasAllThatIsInItAndOthersRelateToThat() {
        // given
        Deployment cells = cells();
        // when
        Scaling.Change out = cells.scaled("cell", 3);
        // then
        assertThat(counts(out.added())).isEqualTo(Map.of("host_web", 1L, "address", 1L, "app", 2L, "disk", 3L));
        assertThat(out.removed()).isEmpty();
        assertThat(out.gained()).as("the monitor watches the new apps").hasSize(1);
        Deployment grown = cells.after(out);
        assertThat(grown.inGroups("cell"))
                .hasSize(3)
                .containsOnly(Map.of("host_web", 1L, "address", 1L, "app", 2L, "disk", 3L));
        assertThat(grown.related("app", "disk")).containsExactly("2->3", "2->3", "2->3");
        assertThat(grown.related("monitor", "app")).containsExactly("1->6");
        // when
        Scaling.Change in = grown.scaled("cell", 1);
        // then
        assertThat(in.added()).isEmpty();
        assertThat(counts(in.removed())).isEqualTo(Map.of("host_web", 2L, "address", 2L, "app", 4L, "disk", 6L));
        assertThat(grown.after(in).related("monitor", "app")).containsExactly("1->2");
    }

    @Test
    void anInnerGroupIsScaledInEachInstanceOfTheOuterOne() {
        // given
        Deployment cells = cells();
        // when
        Scaling.Change out = cells.scaled("disks", 4);
        // then
        assertThat(counts(out.added())).isEqualTo(Map.of("disk", 2L));
        assertThat(out.gained()).as("all apps").hasSize(4);
        assertThat(cells.after(out).related("app", "disk")).containsExactly("2->4", "2->4");
        assertThat(cells.after(out).inGroups("disks")).hasSize(8);
        // when
        Scaling.Change in = cells.scaled("disks", 1);
        // then
        assertThat(counts(in.removed())).isEqualTo(Map.of("disk", 4L));
        assertThat(in.lost()).hasSize(4);
        assertThat(cells.after(in).related("app", "disk")).containsExactly("2->1", "2->1");
    }

    @Test
    void aMemberIsScaledInEachInstanceOfItsGroup() {
        // given
        Deployment cells = cells();
        // when
        Scaling.Change out = cells.scaled("disk", 2);
        // then
        assertThat(counts(out.added())).isEqualTo(Map.of("disk", 6L));
        assertThat(cells.after(out).inGroups("disks")).hasSize(6).containsOnly(Map.of("disk", 2L));
        assertThat(cells.after(out).related("disk", "host_web")).containsExactly("6->1", "6->1");
        // when
        Scaling.Change apps = cells.scaled("app", 1);
        // then
        assertThat(counts(apps.removed())).isEqualTo(Map.of("app", 2L));
        assertThat(cells.after(apps).inGroups("cell")).allMatch(cell -> cell.get("app") == 1L);
    }

    @Test
    void aGroupOfWhatIsInAMemberOfAnotherGroupIsMultipliedWithThatMember() {
        // when: api and job are in the host, so that their group comes with it and not with the region itself
        Deployment regions = new Topology()
                .node("host", 2)
                .node("lone", 2)
                .node("api", 2, "in host")
                .node("job", 3, "in host", "to api")
                .group("region", 2, "hosts", "work", "lone")
                .group("hosts", 2, "host")
                .group("work", 2, "api", "job")
                .deployed();
        // then
        assertThat(counts(regions.instances())).isEqualTo(Map.of("host", 8L, "lone", 4L, "api", 32L, "job", 48L));
        assertThat(regions.inGroups("region"))
                .hasSize(2)
                .containsOnly(Map.of("host", 4L, "lone", 2L, "api", 16L, "job", 24L));
        assertThat(regions.inGroups("hosts")).hasSize(4).containsOnly(Map.of("host", 2L, "api", 8L, "job", 12L));
        assertThat(regions.inGroups("work")).hasSize(16).containsOnly(Map.of("api", 2L, "job", 3L));
        assertThat(regions.related("job", "api")).hasSize(16).containsOnly("3->2");
        assertThat(regions.related("job", "host")).hasSize(8).containsOnly("6->1");
        // when
        Scaling.Change change = regions.scaled("work", 3);
        // then
        assertThat(counts(change.added())).isEqualTo(Map.of("api", 16L, "job", 24L));
        assertThat(change.gained()).isEmpty();
        assertThat(regions.after(change).related("job", "api")).hasSize(24).containsOnly("3->2");
    }

    @Test
    void groupsThatWindAroundAContainerComeWithIt() {
        // when
        Deployment sites = new Topology()
                .node("base", 1)
                .node("left", 1, "in base")
                .node("right", 1, "in base")
                .group("site", 2, "base", "outer")
                .group("outer", 1, "left", "middle")
                .group("middle", 1, "inner")
                .group("inner", 1, "right")
                .deployed();
        // then
        assertThat(counts(sites.instances())).isEqualTo(Map.of("base", 2L, "left", 2L, "right", 2L));
        assertThat(sites.inGroups("site")).hasSize(2).containsOnly(Map.of("base", 1L, "left", 1L, "right", 1L));
        assertThat(sites.inGroups("outer")).hasSize(2).containsOnly(Map.of("left", 1L, "right", 1L));
        assertThat(sites.inGroups("inner")).hasSize(2).containsOnly(Map.of("right", 1L));
        assertThat(sites.related("right", "base")).containsExactly("1->1", "1->1");
        assertThat(counts(sites.scaled("outer", 2).added())).isEqualTo(Map.of("left", 2L, "right", 2L));
    }

    @Test
    void relationshipsAreInTheOrderOfTheTemplate() {
        // when
        Deployment deployed = new Topology()
                .node("a", 2)
                .node("b", 2)
                .node("host", 1)
                .node("c", 2)
                .node("app", 2, "to b", "to a", "in host", "to c")
                .deployed();
        // then
        assertThat(deployed.instances())
                .filteredOn(instance -> instance.node().equals("app"))
                .hasSize(2)
                .allSatisfy(app -> assertThat(app.relationships())
                        .extracting(relationship -> relationship.get("target_name"))
                        .containsExactly("b", "b", "a", "a", "host", "c", "c"));
    }

    @Test
    void newInstancesRelateToTheOneThatTheOthersRelateTo() {
        // given: a manager that chose the second database
        Deployment made = new Topology().node("db", 3).node("app", 2, "one db").deployed();
        assertThat(made.related("app", "db")).containsExactly("2->1");
        String chosen = made.instances().get(1).id();
        Deployment deployed = new Deployment(
                made.scaling(),
                made.facts(),
                made.instances().stream()
                        .map(one -> one.node().equals("db")
                                ? one
                                : new NodeInstance(
                                        one.id(),
                                        one.node(),
                                        one.hostId(),
                                        one.index(),
                                        List.of(Map.of(
                                                "type", "cloudify.relationships.connected_to",
                                                "target_name", "db",
                                                "target_id", chosen)),
                                        one.scalingGroups()))
                        .toList());
        // when
        Scaling.Change change = deployed.scaled("app", 4);
        // then
        assertThat(change.added())
                .hasSize(2)
                .allSatisfy(app -> assertThat(app.relationships())
                        .extracting(relationship -> relationship.get("target_id"))
                        .containsExactly(chosen));
        assertThat(change.gained()).isEmpty();
        assertThat(deployed.scaled("db", 5).gained()).isEmpty();
    }

    @Test
    void aNodeWithoutInstancesGetsThemWithTheirRelationships() {
        // given
        Deployment deployed =
                new Topology().node("app", 0, "one db").node("db", 1).deployed();
        // when
        Scaling.Change change = deployed.scaled("app", 1);
        // then
        assertThat(counts(change.added())).isEqualTo(Map.of("app", 1L));
        assertThat(deployed.after(change).related("app", "db")).containsExactly("1->1");
    }

    @Test
    void allToOneIsRefusedWithinAGroup() {
        // given
        Topology topology = new Topology()
                .node("db", 1)
                .node("host", 1)
                .node("app", 1, "in host", "one db")
                .group("cell", 2, "host", "db");
        // when
        RefusedDeployment refusal = catchThrowableOfType(RefusedDeployment.class, topology::deployed);
        // then
        assertThat(refusal.code()).isEqualTo(ErrorCode.DEPLOYMENT_CREATION);
        assertThat(refusal.asReported())
                .isEqualTo(
                        "dsl_parser.exceptions.UnsupportedAllToOneInGroup: 'all_to_one' connection type is not supported"
                                + " within groups, but the source node 'app' and target node 'db' are both in group 'cell'");
    }

    @Test
    void allToOneMayLeadIntoAGroupAndOutOfIt() {
        // when
        Deployment deployed = new Topology()
                .node("db", 2)
                .node("app", 2, "one db")
                .node("proxy", 2, "one app")
                .group("cell", 2, "app")
                .deployed();
        // then
        assertThat(deployed.related("app", "db")).containsExactly("4->1");
        assertThat(deployed.related("proxy", "app")).containsExactly("2->1");
    }
}
