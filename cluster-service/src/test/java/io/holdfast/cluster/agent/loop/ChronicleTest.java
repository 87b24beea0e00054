package io.holdfast.cluster.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.election.Configuration;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Notice;
import io.holdfast.cluster.election.Role;
import io.holdfast.testsupport.Logged;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChronicleTest {

    private static final NodeId SELF = new NodeId("n1");
    private static final NodeId OTHER = new NodeId("n2");
    private static final long EPOCH = 3;
    private static final long BEGIN = Long.MAX_VALUE - 5;

    @TempDir
    private Path folder;

    private HistoryFile history;
    private Chronicle chronicle;

    @BeforeEach
    void begin() {
        history = new HistoryFile(folder.resolve("history"), Clock.systemUTC());
        chronicle = new Chronicle(SELF, history);
    }

    @AfterEach
    void end() {
        history.close();
    }

    private List<String> told() {
        return history.entries().stream()
                .map(entry -> entry.epoch() + " " + entry.what() + " " + entry.detail())
                .toList();
    }

    @Test
    void aNodeOfAnotherClusterIsToldOnceAndNotWithEachOfItsDatagrams() {
        // given
        Notice foreign = new Notice.ForeignCluster(OTHER, -1);
        String words = "the database of n2 is that of another cluster (18446744073709551615)";
        try (Logged logged = Logged.by(Chronicle.class.getName())) {
            // when
            for (int datagram = 0; datagram < 100; datagram++) {
                chronicle.tell(foreign, EPOCH, BEGIN + datagram);
            }
            // then
            assertThat(told()).containsExactly("3 foreign " + words);
            assertThat(logged.lines()).hasSize(1).allMatch(line -> line.endsWith(words));

            // and again, for whoever reads the end of the log
            chronicle.tell(foreign, EPOCH, BEGIN + Foreigners.REST.toNanos());
            assertThat(told()).containsExactly("3 foreign " + words, "3 foreign " + words);
            assertThat(logged.lines()).hasSize(2);
        }
    }

    @Test
    void theRestOfOneNoticeHoldsBackNoOther() {
        chronicle.tell(new Notice.ForeignCluster(OTHER, 7), EPOCH, BEGIN);
        chronicle.tell(new Notice.Failed("promotion", "no space left"), EPOCH, BEGIN);
        chronicle.tell(new Notice.Failed("promotion", "no space left"), EPOCH, BEGIN);
        chronicle.tell(new Notice.ForeignCluster(OTHER, 8), EPOCH, BEGIN);
        assertThat(told())
                .containsExactly(
                        "3 foreign the database of n2 is that of another cluster (7)",
                        "3 failed promotion: no space left",
                        "3 failed promotion: no space left",
                        "3 foreign the database of n2 is that of another cluster (8)");
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void everyNoticeHasWords(Notice notice) {
        try (Logged logged = Logged.by(Chronicle.class.getName())) {
            chronicle.tell(notice, EPOCH, BEGIN);
            assertThat(logged.lines()).hasSize(1);
        }
    }

    @Test
    void oneOfEachIsOneOfEach() {
        assertThat(oneOfEach().map(Object::getClass).toList())
                .doesNotHaveDuplicates()
                .hasSameSizeAs(Notice.class.getPermittedSubclasses());
    }

    static Stream<Notice> oneOfEach() {
        return Stream.of(
                new Notice.RoleChanged(Role.ACTIVE, EPOCH, SELF),
                new Notice.Stands(EPOCH, "the active one is silent"),
                new Notice.LeaseChanged(EPOCH, true),
                new Notice.ConfigurationChanged(Configuration.NONE),
                new Notice.ForeignCluster(OTHER, 7),
                new Notice.SwitchoverAborted(EPOCH, "n2 is behind"),
                new Notice.Forced(EPOCH, Configuration.NONE),
                new Notice.Failed("promotion", "no space left"));
    }
}
