package io.holdfast.cluster.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.election.Settings;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void aClusterBeginsHandsOverAndSurvivesACrash() {
        // epoch 1 is the new database's, and each election takes one more
        assertThat(Rehearsal.play(Settings.DEFAULT)).isEqualTo(4);
    }
}
