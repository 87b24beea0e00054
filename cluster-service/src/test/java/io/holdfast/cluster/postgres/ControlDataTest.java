package io.holdfast.cluster.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import org.junit.jupiter.api.Test;

class ControlDataTest {

    private static final String PRINTED = """
        pg_control version number:            1300
        Database cluster state:               shut down in recovery
        pg_control last modified:             Thu Nov 26 19:40:13 2026
        Latest checkpoint location:           0/1904650
        Latest checkpoint's TimeLineID:       4
        Latest checkpoint's PrevTimeLineID:   3
        Minimum recovery ending location:     0/1282D98
        Min recovery ending loc's timeline:   4
        Backup start location:                0/0
        """;

    private static Position at(long timeline, String lsn) {
        return new Position(timeline, Lsn.parse(lsn));
    }

    @Test
    void aStandbyIsShutDownWhereItHadReplayedTo() {
        ControlData data = ControlData.parse(PRINTED);
        assertThat(data).isEqualTo(new ControlData("shut down in recovery", 4, at(4, "0/1282D98")));
        assertThat(data.isStandbyShutDownAt(at(4, "0/1282D98"))).isTrue();
        assertThat(data.isStandbyShutDownAt(at(4, "0/1282DD0")))
                .as("it had replayed more than it noted")
                .isFalse();
        assertThat(data.isStandbyShutDownAt(at(5, "0/1282D98"))).isFalse();
    }

    @Test
    void aCrashedOneAndOneWithoutACheckpointOnItsTimelineAreNot() {
        Position end = at(4, "0/1282D98");
        assertThat(ControlData.parse(PRINTED.replace("shut down in recovery", "in archive recovery"))
                        .isStandbyShutDownAt(end))
                .isFalse();
        assertThat(ControlData.parse(PRINTED.replace("shut down in recovery", "shut down"))
                        .isStandbyShutDownAt(end))
                .isFalse();
        assertThat(ControlData.parse(
                                PRINTED.replace("checkpoint's TimeLineID:       4", "checkpoint's TimeLineID:       3"))
                        .isStandbyShutDownAt(end))
                .isFalse();
    }

    @Test
    void whatIsNotControlDataIsRefused() {
        assertThatThrownBy(() -> ControlData.parse("pg_controldata: error: could not open file"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Database cluster state");
    }
}
