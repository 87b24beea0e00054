package io.holdfast.cluster.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.postgres.RejoinReport.Way;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RejoinReportTest {

    private static final Position NOW = new Position(7, Lsn.parse("0/6000000"));

    @Test
    void aNodeThatCameBackIsToldInWords() {
        assertThat(new RejoinReport(Way.FOLLOWED, Optional.empty(), OptionalLong.empty(), 0, NOW, List.of()).inWords())
                .isEqualTo("followed as it was; it streams from 0/6000000 of timeline 7 on");
        assertThat(new RejoinReport(
                                Way.REWOUND,
                                Optional.of(new Position(5, Lsn.parse("0/5000060"))),
                                OptionalLong.of(3),
                                12,
                                NOW,
                                List.of("a sequence may have gone on"))
                        .inWords())
                .isEqualTo(
                        "was rewound, having left the active node's history after 0/5000060 of timeline 5; it streams"
                                + " from 0/6000000 of timeline 7 on; 12 changes that it had alone are in salvage 3; a sequence may"
                                + " have gone on");
        assertThat(new RejoinReport(Way.CLONED, Optional.empty(), OptionalLong.of(4), 1, NOW, List.of()).inWords())
                .startsWith("was copied anew; ")
                .endsWith("; a change that it had alone is in salvage 4");
    }
}
