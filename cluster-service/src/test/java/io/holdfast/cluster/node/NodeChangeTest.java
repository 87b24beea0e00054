package io.holdfast.cluster.node;

import static io.holdfast.cluster.node.NodeChange.Kind.DOWN;
import static io.holdfast.cluster.node.NodeChange.Kind.JOINED;
import static io.holdfast.cluster.node.NodeChange.Kind.LEFT;
import static io.holdfast.cluster.node.NodeChange.Kind.UP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeChangeTest {

    @Test
    void nothingIsToldOfNodesThatAreAsTheyWere() {
        assertThat(NodeChange.between(Map.of("n1", true, "n2", false), List.of(node("n1", true), node("n2", false))))
                .isEmpty();
    }

    @Test
    void aNodeThatIsNewHasJoinedWhateverItsState() {
        assertThat(NodeChange.between(Map.of(), List.of(node("n1", false))))
                .containsExactly(new NodeChange("n1", JOINED, "unreachable", false));
    }

    @Test
    void nodesGoUpAndDownAndLeave() {
        assertThat(NodeChange.between(
                        Map.of("n1", true, "n2", false, "n3", true), List.of(node("n1", false), node("n2", true))))
                .containsExactly(
                        new NodeChange("n1", DOWN, "unreachable", false),
                        new NodeChange("n2", UP, "streaming", true),
                        new NodeChange("n3", LEFT, null, false));
    }

    private static ClusterNode node(String name, boolean up) {
        return new ClusterNode(
                name, "10.0.0.1", ClusterNode.DATA, "FOLLOWER", up ? "streaming" : "unreachable", up, true, 0L, null);
    }
}
