package io.holdfast.inventory.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A host with an app on it that uses a database: which instances come and go with which relationships. */
class ScalingTest {

    private static final String CONTAINED = "cloudify.relationships.contained_in";
    private static final String CONNECTED = "cloudify.relationships.connected_to";

    private static final List<Scaling.Node> NODES = List.of(
            new Scaling.Node("host", 1, "host", List.of()),
            new Scaling.Node(
                    "app",
                    2,
                    "host",
                    List.of(
                            new Scaling.Relation(CONTAINED, "host", true, false),
                            new Scaling.Relation(CONNECTED, "db", false, false))),
            new Scaling.Node("db", 1, null, List.of()));

    private static final class Facts implements ManagerFacts {
        private final AtomicInteger next = new AtomicInteger();

        @Override
        public boolean hasSecret(String key) {
            return false;
        }

        @Override
        public String newSuffix() {
            return "new" + next.incrementAndGet();
        }

        @Override
        public Set<String> nodeInstancesAmong(Set<String> ids) {
            return Set.of();
        }
    }

    private static Map<String, String> to(String type, String node, String id) {
        return Map.of("type", type, "target_name", node, "target_id", id);
    }

    private static NodeInstance app(int index, String host) {
        return new NodeInstance(
                "app_" + index,
                "app",
                host,
                index,
                List.of(to(CONTAINED, "host", host), to(CONNECTED, "db", "db_1")),
                List.of());
    }

    private static List<NodeInstance> present() {
        return List.of(
                new NodeInstance("host_1", "host", "host_1", 1, List.of(), List.of()),
                app(1, "host_1"),
                app(2, "host_1"),
                new NodeInstance("db_1", "db", null, 1, List.of(), List.of()));
    }

    private static Scaling.Target target(int instances) {
        return new Scaling.Target(instances, Set.of(), Set.of());
    }

    private static Scaling.Change change(String name, Scaling.Target target) {
        return new Scaling(NODES, List.of()).to(Map.of(name, target), present(), new Facts());
    }

    private static List<String> ids(List<NodeInstance> instances) {
        return instances.stream().map(NodeInstance::id).toList();
    }

    @Test
    void aNewContainerComesWithWhatIsInIt() {
        // when
        Scaling.Change change = change("host", target(2));
        // then
        assertThat(ids(change.added())).containsExactly("host_new1", "app_new2", "app_new3");
        NodeInstance app = change.added().get(1);
        assertThat(app.relationships())
                .containsExactly(to(CONTAINED, "host", "host_new1"), to(CONNECTED, "db", "db_1"));
        assertThat(app.hostId()).isEqualTo("host_new1");
        assertThat(app.index()).isEqualTo(3);
        assertThat(change.removed()).isEmpty();
        assertThat(change.gained()).isEmpty();
        assertThat(change.lost()).isEmpty();
    }

    @Test
    void othersRelateToANewTarget() {
        // when
        Scaling.Change change = change("db", target(2));
        // then
        assertThat(ids(change.added())).containsExactly("db_new1");
        assertThat(change.gained())
                .isEqualTo(Map.of(
                        "app_1", List.of(to(CONNECTED, "db", "db_new1")),
                        "app_2", List.of(to(CONNECTED, "db", "db_new1"))));
    }

    @Test
    void theNewestGoesFirst() {
        // when
        Scaling.Change change = change("app", target(1));
        // then
        assertThat(ids(change.removed())).containsExactly("app_2");
        assertThat(change.added()).isEmpty();
        assertThat(change.lost()).isEmpty();
    }

    @Test
    void hintsSayWhichGo() {
        assertThat(ids(change("app", new Scaling.Target(1, Set.of("app_1"), Set.of()))
                        .removed()))
                .containsExactly("app_1");
        assertThat(ids(change("app", new Scaling.Target(1, Set.of(), Set.of("app_2")))
                        .removed()))
                .containsExactly("app_1");
    }

    @Test
    void whatIsInAContainerGoesWithIt() {
        assertThat(ids(change("host", target(0)).removed())).containsExactly("host_1", "app_1", "app_2");
    }

    @Test
    void relationshipsGoWithTheirTarget() {
        // when
        Scaling.Change change = change("db", target(0));
        // then
        assertThat(ids(change.removed())).containsExactly("db_1");
        assertThat(change.lost())
                .isEqualTo(Map.of(
                        "app_1", List.of(to(CONNECTED, "db", "db_1")), "app_2", List.of(to(CONNECTED, "db", "db_1"))));
    }

    @Test
    void aScalingGroupIsMultipliedWithItsMembers() {
        // given
        List<Scaling.Group> groups = List.of(new Scaling.Group("pair", 1, List.of("host", "db")));
        List<Map<String, String>> inPair = List.of(Map.of("name", "pair", "id", "pair_1"));
        List<NodeInstance> present = List.of(
                new NodeInstance("host_1", "host", "host_1", 1, List.of(), inPair),
                new NodeInstance(
                        "app_1",
                        "app",
                        "host_1",
                        1,
                        List.of(to(CONTAINED, "host", "host_1"), to(CONNECTED, "db", "db_1")),
                        inPair),
                new NodeInstance("db_1", "db", null, 1, List.of(), inPair));
        // when
        Scaling.Change change = new Scaling(NODES, groups).to(Map.of("pair", target(2)), present, new Facts());
        // then: members relate within their instance of the group, and a new host has as many apps as the plan says
        List<String> ids = ids(change.added());
        assertThat(ids).hasSize(4);
        NodeInstance db = change.added().stream()
                .filter(instance -> instance.node().equals("db"))
                .findFirst()
                .orElseThrow();
        assertThat(change.added())
                .filteredOn(instance -> instance.node().equals("app"))
                .hasSize(2)
                .allSatisfy(app -> assertThat(app.relationships()).contains(to(CONNECTED, "db", db.id())));
        assertThat(change.gained()).isEmpty();
        // when
        List<NodeInstance> all = new ArrayList<>(present);
        all.addAll(change.added());
        Scaling.Change back = new Scaling(NODES, groups)
                .to(Map.of("pair", new Scaling.Target(1, Set.of("db_1"), Set.of())), all, new Facts());
        // then
        assertThat(ids(back.removed())).containsExactly("host_1", "app_1", "db_1");
        assertThat(back.added()).isEmpty();
    }

    @Test
    void anInstanceWithoutItsContainerIsRefused() {
        List<NodeInstance> present = List.of(new NodeInstance("app_1", "app", null, 1, List.of(), List.of()));
        assertThatThrownBy(() -> new Scaling(NODES, List.of()).to(Map.of("app", target(2)), present, new Facts()))
                .isInstanceOf(RefusedDeployment.class)
                .hasMessageContaining("the node instance 'app_1' is in no instance of 'host'");
    }
}
