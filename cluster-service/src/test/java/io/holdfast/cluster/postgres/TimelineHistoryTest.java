package io.holdfast.cluster.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.postgres.DivergedCommits.Commit;
import io.holdfast.cluster.postgres.DivergedCommits.Stretch;
import io.holdfast.cluster.postgres.TimelineHistory.Ancestor;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineHistoryTest {

    private static final TimelineHistory SEVEN = TimelineHistory.parse(
            7, "1\t0/3000000\tno recovery target specified\n\n4\t0/5000000\treason\n5\t0/6000000\tx\n");

    private static Position at(long timeline, String lsn) {
        return new Position(timeline, Lsn.parse(lsn));
    }

    @Test
    void aFileIsReadAsPostgresqlWritesIt() {
        assertThat(SEVEN.ancestors())
                .containsExactly(
                        new Ancestor(1, Lsn.parse("0/3000000")),
                        new Ancestor(4, Lsn.parse("0/5000000")),
                        new Ancestor(5, Lsn.parse("0/6000000")));
        assertThat(TimelineHistory.fileName(26)).isEqualTo("0000001A.history");
        assertThatThrownBy(() -> TimelineHistory.parse(3, "5\t0/1\tx\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TimelineHistory.parse(3, "nonsense\n")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNodeContinuesUpToTheEndOfItsTimeline() {
        assertThat(SEVEN.continues(at(5, "0/6000000"))).isTrue();
        assertThat(SEVEN.continues(at(5, "0/6000001"))).isFalse();
        assertThat(SEVEN.continues(at(6, "0/1")))
                .as("a timeline that is no ancestor")
                .isFalse();
        assertThat(SEVEN.continues(at(7, "0/9000000"))).isTrue();
    }

    @Test
    void historiesPartWhereTheFirstOfBothLeavesTheLastCommonTimeline() {
        assertThat(SEVEN.partsFrom(new TimelineHistory(5, SEVEN.ancestors().subList(0, 2))))
                .contains(at(5, "0/6000000"));
        assertThat(SEVEN.partsFrom(TimelineHistory.parse(6, "1\t0/3000000\tx\n4\t0/4800000\tx\n")))
                .contains(at(4, "0/4800000"));
        assertThat(SEVEN.partsFrom(TimelineHistory.parse(6, "1\t0/3000000\tx\n4\t0/5100000\tx\n")))
                .contains(at(4, "0/5000000"));
        assertThat(SEVEN.partsFrom(TimelineHistory.parse(2, "1\t0/2000000\tx\n")))
                .contains(at(1, "0/2000000"));
        assertThat(TimelineHistory.first().partsFrom(TimelineHistory.first())).isEmpty();
    }

    @Test
    void twoHistoriesUnderOneNumberPartToo() {
        assertThat(TimelineHistory.parse(2, "1\t0/3000000\tx\n")
                        .partsFrom(TimelineHistory.parse(2, "1\t0/3000100\tx\n")))
                .contains(at(1, "0/3000000"));
    }

    @Test
    void theLogAfterThePartingIsReadTimelineByTimeline() {
        TimelineHistory own = TimelineHistory.parse(6, "1\t0/3000000\tx\n4\t0/5100000\tx\n");
        assertThat(DivergedCommits.stretches(at(4, "0/5000000"), own, at(6, "0/5200000")))
                .containsExactly(
                        new Stretch(4, Lsn.parse("0/5000000"), Lsn.parse("0/5100000")),
                        new Stretch(6, Lsn.parse("0/5100000"), Lsn.parse("0/5200000")));
        assertThat(DivergedCommits.stretches(at(4, "0/5100000"), own, at(6, "0/5100000")))
                .isEmpty();
    }

    @Test
    void commitsAreReadWithTheirSubtransactions() {
        String output = """
            rmgr: Transaction len (rec/tot):     46/    46, tx:        735, lsn: 0/01552C08, prev 0/01552BC8, desc: COMMIT 2026-11-26 02:09:08.123456 UTC
            rmgr: Transaction len (rec/tot):     82/    82, tx:        736, lsn: 0/01552D08, prev 0/01552BC8, desc: COMMIT 2026-11-26 02:09:09.000001 UTC; subxacts: 737 738; inval msgs: catcache 50
            rmgr: Transaction len (rec/tot):     46/    46, tx:        739, lsn: 0/01552E08, prev 0/01552BC8, desc: ABORT 2026-11-26 02:09:09.5 UTC
            rmgr: Transaction len (rec/tot):     46/    46, tx:          0, lsn: 0/01552F08, prev 0/01552BC8, desc: COMMIT 2026-11-26 02:09:09.6 UTC
            """;
        assertThat(DivergedCommits.parse(4, output))
                .containsOnlyKeys(735L, 736L)
                .containsEntry(
                        736L,
                        new Commit(
                                4, 736, Lsn.parse("0/1552D08"), List.of(737L, 738L), "2026-11-26 02:09:09.000001 UTC"));
    }

    @Test
    void reservedTimelinesFillTheGapAndGoWhenTheirPromotionNeverCame() {
        assertThat(ReservedTimelines.between(4, 7)).containsExactly(5L, 6L);
        assertThat(ReservedTimelines.between(4, 5)).isEmpty();
        assertThatThrownBy(() -> ReservedTimelines.between(4, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReservedTimelines.between(4, 1_000_000)).isInstanceOf(IllegalArgumentException.class);
        String text = ReservedTimelines.text(4, Lsn.parse("0/5000000"));
        assertThat(ReservedTimelines.isReserved(text)).isTrue();
        assertThat(TimelineHistory.parse(6, text).ancestors()).isEmpty();
        assertThat(ReservedTimelines.isReserved("1\t0/3000000\tno recovery target specified\n"))
                .isFalse();
        assertThat(ReservedTimelines.obsolete(List.of(5L, 6L, 8L), List.of(2L, 7L)))
                .containsExactly(8L);
    }
}
