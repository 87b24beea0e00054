package io.holdfast.cluster.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Notice;
import org.junit.jupiter.api.Test;

class ForeignersTest {

    private static final long BEGIN = Long.MAX_VALUE - 5;
    private static final long REST = Foreigners.REST.toNanos();

    private final Foreigners foreigners = new Foreigners();

    @Test
    void eachIsSaidOnceUntilItsRestIsOver() {
        Notice.ForeignCluster n1 = new Notice.ForeignCluster(new NodeId("n1"), 7);
        assertThat(foreigners.isNews(n1, BEGIN)).isTrue();
        assertThat(foreigners.isNews(n1, BEGIN + REST - 1)).isFalse();
        assertThat(foreigners.isNews(n1, BEGIN + REST)).isTrue();
        assertThat(foreigners.isNews(n1, BEGIN + REST + 1)).isFalse();
    }

    @Test
    void anotherNodeAndAnotherClusterAreNews() {
        assertThat(foreigners.isNews(new Notice.ForeignCluster(new NodeId("n1"), 7), BEGIN))
                .isTrue();
        assertThat(foreigners.isNews(new Notice.ForeignCluster(new NodeId("n2"), 7), BEGIN))
                .isTrue();
        assertThat(foreigners.isNews(new Notice.ForeignCluster(new NodeId("n1"), 8), BEGIN))
                .isTrue();
        assertThat(foreigners.isNews(new Notice.ForeignCluster(new NodeId("n1"), 7), BEGIN + 1))
                .isFalse();
    }
}
