package io.holdfast.gateway.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterHealthTest {

    @Test
    void aServiceIsWellWhereAllItsNodesAre() {
        assertThat(ClusterHealth.Service.ofMajority(false, nodes(3, 0)).status())
                .isEqualTo(ClusterHealth.Status.OK);
    }

    @Test
    void databasesNeedMoreThanHalfOfTheirNodes() {
        assertThat(ClusterHealth.Service.ofMajority(false, nodes(2, 1)).status())
                .isEqualTo(ClusterHealth.Status.DEGRADED);
        assertThat(ClusterHealth.Service.ofMajority(false, nodes(1, 2)).status())
                .isEqualTo(ClusterHealth.Status.FAIL);
        assertThat(ClusterHealth.Service.ofMajority(false, nodes(1, 1)).status())
                .isEqualTo(ClusterHealth.Status.FAIL);
    }

    @Test
    void oneManagerIsEnough() {
        assertThat(ClusterHealth.Service.ofManagers(nodes(1, 2)).status()).isEqualTo(ClusterHealth.Status.DEGRADED);
        assertThat(ClusterHealth.Service.ofManagers(nodes(0, 3)).status()).isEqualTo(ClusterHealth.Status.FAIL);
    }

    @Test
    void whatSomebodyElseRunsIsTakenToBeWell() {
        assertThat(ClusterHealth.Service.ofMajority(true, nodes(0, 2)).status()).isEqualTo(ClusterHealth.Status.OK);
    }

    @Test
    void aNodeWithoutAnythingToShowIsNotWell() {
        assertThat(new NodeHealth("n1", "10.0.0.1", List.of()).isOk()).isFalse();
    }

    @Test
    void theWholeIsAsItsWorstPart() {
        ClusterHealth.Service well = ClusterHealth.Service.ofManagers(nodes(3, 0));
        ClusterHealth.Service degraded = ClusterHealth.Service.ofMajority(false, nodes(2, 1));
        ClusterHealth.Service failed = ClusterHealth.Service.ofMajority(false, nodes(1, 2));

        assertThat(new ClusterHealth(well, degraded, well).status()).isEqualTo(ClusterHealth.Status.DEGRADED);
        assertThat(new ClusterHealth(well, degraded, failed).status()).isEqualTo(ClusterHealth.Status.FAIL);
        assertThat(new ClusterHealth(well, well, well).status().wireName()).isEqualTo("OK");
    }

    private static List<NodeHealth> nodes(int well, int ill) {
        List<NodeHealth> nodes = new ArrayList<>();
        for (int i = 0; i < well + ill; i++) {
            nodes.add(new NodeHealth("n" + i, "10.0.0." + i, List.of(new Part("PostgreSQL", "postgresql", i < well))));
        }
        return nodes;
    }
}
