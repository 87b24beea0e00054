package io.holdfast.cluster.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.election.SyncSetting;
import io.holdfast.cluster.postgres.PostgresStatus;
import io.holdfast.cluster.postgres.Promotion;
import io.holdfast.cluster.postgres.RejoinReport;
import io.holdfast.cluster.postgres.RejoinReport.Way;
import io.holdfast.cluster.postgres.ReservedTimelines;
import io.holdfast.cluster.postgres.StandbyStatus;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.cluster.postgres.TimelineHistory.Ancestor;
import io.holdfast.contracts.errors.ManagerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the election relies on, with real servers of every PostgreSQL that is installed: promotion, fence, position, and the traps. */
class LocalPostgresIT {

    /** Records of 64 bytes, and a last one that is as long as the page has room: 51 bytes and what it says. */
    private static final String TO_THE_END_OF_A_PAGE = """
            DO $$
            DECLARE room int;
            BEGIN
                LOOP
                    room := 8192 - (pg_current_wal_insert_lsn() - '0/0') % 8192;
                    EXIT WHEN room = 8192 - 24;
                    PERFORM pg_logical_emit_message(
                        false, '', repeat('x', CASE WHEN room BETWEEN 100 AND 250 THEN room - 51 ELSE 8 END));
                END LOOP;
            END $$""";

    static Stream<PostgresBinaries> versions() {
        List<PostgresBinaries> installed = PostgresBinaries.installed();
        Assumptions.assumeFalse(
                installed.isEmpty(),
                "skipped: no complete PostgreSQL below /usr/lib/postgresql or on the PATH (Debian: postgresql-15)");
        return installed.stream();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theTimelineOfAPromotionIsTheEpoch(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 3)) {
            // given
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            lab.node(1).kill();
            lab.node(3).stopReceiver(PostgresLab.PATIENCE);
            Position before = lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            // when
            Promotion promotion = lab.node(2).promote(7, lab.quorum(2), PostgresLab.PATIENCE);
            lab.node(3).follow(lab.upstream(2));
            lab.node(2).commitEpoch(7, PostgresLab.PATIENCE);
            // then
            assertThat(before.timeline()).isEqualTo(2);
            assertThat(promotion.history().timeline()).isEqualTo(7);
            assertThat(promotion.history().ancestors().get(1)).isEqualTo(new Ancestor(2, before.lsn()));
            assertThat(lab.node(2).probe().position().timeline()).isEqualTo(7);
            await("the other standby on the new timeline")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(lab.node(3).probe().position().timeline())
                                    .isEqualTo(7));
            assertThat(lab.query(3, "SELECT count(*) FROM t")).isEqualTo("1");
            assertThat(lab.administer(
                            2, "SELECT string_agg(epoch || node, ',' ORDER BY epoch) FROM holdfast_ha.epochs"))
                    .isEqualTo("2n1,7n2");

            // and the former active, which has nothing of its own, only follows
            RejoinReport report = lab.node(1).rejoin(lab.upstream(2), 7, false);
            assertThat(report.way()).isEqualTo(Way.FOLLOWED);
            await("it counts for the quorum")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(lab.node(2).probe().standbys())
                            .filteredOn(StandbyStatus::inQuorum)
                            .extracting(standby -> standby.node().value())
                            .containsExactlyInAnyOrder("n1", "n3"));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aPromotionThatNeverCameLeavesNothingBehind(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given: a node that reserved timelines and died before the promotion
            Position position = lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            lab.node(2).kill();
            Path wal = lab.directory(2).resolve("pgdata/pg_wal");
            Files.writeString(
                    wal.resolve("00000003.history"), ReservedTimelines.text(position.timeline(), position.lsn()));
            // when
            lab.node(2).startStandby();
            lab.node(2).follow(lab.upstream(1));
            // then
            assertThat(wal.resolve("00000003.history")).doesNotExist();
            await("it streams")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(lab.node(2).probe().receiver().map(PostgresStatus.Receiver::streaming))
                                    .contains(true));
        }
    }

    /** Else a standby that follows is sent to a segment of the reserved timeline, which nobody has, and the epoch never gets its quorum. */
    @ParameterizedTest
    @MethodSource("versions")
    void aReservedTimelineIsNobodysParent(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given: a standby that has seen the reservation before the order to be promoted
            Position position = lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            Files.writeString(
                    lab.directory(2).resolve("pgdata/pg_wal/00000003.history"),
                    ReservedTimelines.text(position.timeline(), position.lsn()));
            await("it has looked for newer timelines")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(Files.readString(
                                    lab.directory(2).resolve("log").resolve("postgres.log")))
                            .contains("new timeline 3 is not a child of database system timeline 2"));
            // when
            Promotion promotion = lab.node(2).promote(4, new SyncSetting(0, List.of()), PostgresLab.PATIENCE);
            // then
            assertThat(promotion.history().timeline()).isEqualTo(4);
            assertThat(promotion.history().ancestors())
                    .extracting(Ancestor::timeline)
                    .containsExactly(1L, 2L);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aNodeThatHeardOfALaterTimelineIsPromotedFromWhereItIs(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given: the history of a timeline 5 that it never reached, which began further on
            Position position = lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            Path wal = lab.directory(2).resolve("pgdata/pg_wal");
            String parent = Files.readString(wal.resolve("00000002.history"));
            Lsn later = new Lsn(position.lsn().value() + 1_000_000);
            for (int timeline = 3; timeline <= 5; timeline++) {
                Files.writeString(
                        wal.resolve("0000000" + timeline + ".history"),
                        parent + "2\t" + later + "\tno recovery target specified\n");
            }
            // when
            Promotion promotion = lab.node(2).promote(6, new SyncSetting(0, List.of()), PostgresLab.PATIENCE);
            // then
            assertThat(promotion.history().ancestors().get(1)).isEqualTo(new Ancestor(2, position.lsn()));
            assertThat(promotion.history().ancestors())
                    .extracting(Ancestor::end)
                    .doesNotContain(later);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void stoppedReceiversLetNobodyAcknowledge(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.running(binaries, 3)) {
            // given
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)");
            // when
            Position two = lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            lab.node(3).stopReceiver(PostgresLab.PATIENCE);
            CompletableFuture<Void> commit =
                    CompletableFuture.runAsync(() -> lab.execute(1, "INSERT INTO t VALUES (1)"));
            // then: it is committed on the active and waits, also after a standby's restart
            await("the commit waits for standbys")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(lab.administer(
                                    1, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                            .isEqualTo("1"));
            PostgresStatus restarted = lab.node(2).startStandby();
            assertThat(restarted.position()).isEqualTo(two);
            assertThat(restarted.receiver()).isEmpty();
            assertThat(commit).isNotDone();
            // and a standby that follows again releases it
            lab.node(3).follow(lab.upstream(1));
            commit.get(60, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void thePositionDoesNotGoBackWhereTheReceivedOneDoes(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 100)");
            Position before = lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            // when: it streams again, while nothing is written
            lab.node(2).startStandby();
            String received = lab.administer(2, "SELECT coalesce(pg_last_wal_receive_lsn()::text, 'nothing')");
            lab.node(2).follow(lab.upstream(1));
            await("it streams")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(lab.node(2).probe().receiver().map(PostgresStatus.Receiver::streaming))
                                    .contains(true));
            // then
            assertThat(received).isEqualTo("nothing");
            assertThat(lab.node(2).probe().position()).isGreaterThanOrEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatIsReceivedCountsBeforeItIsReplayed(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)");
            lab.administer(2, "SELECT pg_wal_replay_pause()");
            Position paused = lab.node(2).probe().position();
            // when: a commit that the standby confirms and does not replay
            lab.execute(1, "INSERT INTO t SELECT generate_series(1, 1000)");
            // then
            Position active = lab.node(1).probe().position();
            assertThat(lab.node(2).probe().position()).isGreaterThan(paused);
            assertThat(Lsn.parse(lab.administer(2, "SELECT pg_last_wal_replay_lsn()")))
                    .isLessThan(active.lsn());
            lab.administer(2, "SELECT pg_wal_replay_resume()");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theTimelineIsRightWhereTheControlFileIsStale(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.of(binaries, 1)) {
            // given
            lab.node(1).startStandby();
            // when
            lab.node(1).promote(4, lab.quorum(1), PostgresLab.PATIENCE);
            PostgresStatus status = lab.node(1).probe();
            // then: the checkpoint after a promotion is what a rewind waits for
            assertThat(status.position().timeline()).isEqualTo(4);
            lab.node(1).checkpoint();
            assertThat(lab.administer(1, "SELECT timeline_id FROM pg_control_checkpoint()"))
                    .isEqualTo("4");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aCommitWhoseWaitIsCancelledIsUnknown(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given: an active that nobody confirms to
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)");
            lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            try (Connection connection = lab.sql(1);
                    Statement sql = connection.createStatement()) {
                connection.setAutoCommit(false);
                sql.execute("INSERT INTO t VALUES (1)");
                // when
                CompletableFuture<Void> cancelled = CompletableFuture.runAsync(() -> await("the wait")
                        .atMost(PostgresLab.PATIENCE)
                        .until(() -> !lab.administer(
                                        1,
                                        "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event ="
                                                + " 'SyncRep'")
                                .equals("0")));
                // then: PostgreSQL itself says success, with a warning
                assertThatThrownBy(() -> QuorumCommit.commit(connection))
                        .isInstanceOf(ManagerException.class)
                        .hasMessageContaining("unknown")
                        .hasCauseInstanceOf(SQLWarning.class);
                cancelled.get(60, java.util.concurrent.TimeUnit.SECONDS);
            }
            assertThat(lab.query(1, "SELECT count(*) FROM t"))
                    .as("visible, and on no standby")
                    .isEqualTo("1");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void steppingDownReleasesNoCommitAsASuccess(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)");
            lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            CompletableFuture<Void> commit =
                    CompletableFuture.runAsync(() -> lab.execute(1, "INSERT INTO t VALUES (1)"));
            await("the commit waits")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(lab.administer(
                                    1, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                            .isEqualTo("1"));
            // when
            assertThat(lab.node(1).cutClients()).isTrue();
            // then
            assertThatThrownBy(() -> commit.get(60, java.util.concurrent.TimeUnit.SECONDS))
                    .cause()
                    .cause()
                    .isInstanceOf(java.sql.SQLException.class);
            assertThat(lab.administer(1, "SHOW synchronous_standby_names")).isEqualTo("ANY 1 (\"n2\")");
            assertThatThrownBy(() -> lab.execute(1, "INSERT INTO t VALUES (2)"))
                    .rootCause()
                    .hasMessageContaining("read-only");
        }
    }

    /** Until it has read the setting commits wait for nobody, whatever is shown; and it reads nothing while it flushes a checkpoint. */
    @ParameterizedTest
    @MethodSource("versions")
    void aSettingIsNotAppliedBeforeTheCheckpointerHasReadIt(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given: an active that is enough by itself, as a cluster begins
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)");
            lab.node(1).applySync(new SyncSetting(0, List.of()), PostgresLab.PATIENCE);
            lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            await("commits wait for nobody")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(waiting(lab, 1)).isZero());
            lab.execute(1, "INSERT INTO t VALUES (1)");
            Suspended suspended = Suspended.of(lab, 1, "checkpointer");
            try {
                // when, then
                assertThatThrownBy(() -> lab.node(1).applySync(lab.quorum(1), Duration.ofSeconds(1)))
                        .isInstanceOf(ManagerException.class)
                        .hasMessageContaining("commits that wait for standbys");
                lab.execute(1, "INSERT INTO t VALUES (2)");
            } finally {
                suspended.goOn();
            }
            // when
            lab.node(1).applySync(lab.quorum(1), PostgresLab.PATIENCE);
            CompletableFuture<Void> commit =
                    CompletableFuture.runAsync(() -> lab.execute(1, "INSERT INTO t VALUES (3)"));
            // then
            await("the commit waits")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(waiting(lab, 1)).isOne());
            assertThat(lab.administer(1, "SHOW synchronous_standby_names")).isEqualTo("ANY 1 (\"n2\")");
            lab.node(2).follow(lab.upstream(1));
            commit.get(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aPromotionIsNotDoneBeforeCommitsWait(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.of(binaries, 2)) {
            // given: a server that began as one which is enough by itself
            lab.node(1).applySync(new SyncSetting(0, List.of()), PostgresLab.PATIENCE);
            lab.node(1).startStandby();
            lab.node(2).startStandby();
            Suspended suspended = Suspended.of(lab, 1, "checkpointer");
            try {
                // when, then
                assertThatThrownBy(() -> lab.node(1).promote(2, lab.quorum(1), Duration.ofSeconds(2)))
                        .isInstanceOf(ManagerException.class)
                        .hasMessageContaining("commits that wait for standbys");
                assertThat(lab.node(1).isRunning()).isFalse();
            } finally {
                suspended.goOn();
            }
            // when
            lab.node(1).startStandby();
            lab.node(1).promote(3, lab.quorum(1), PostgresLab.PATIENCE);
            CompletableFuture<Void> epoch =
                    CompletableFuture.runAsync(() -> lab.node(1).commitEpoch(3, PostgresLab.PATIENCE));
            await("the epoch's row waits")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(waiting(lab, 1)).isOne());
            lab.node(2).follow(lab.upstream(1));
            // then
            epoch.get(60, TimeUnit.SECONDS);
        }
    }

    /**
     * The log's writer flushes whole pages, so that what is received may end within a record. Such a piece is replaced by the new timeline,
     * and whoever reported to have it has nothing of that.
     */
    @ParameterizedTest
    @MethodSource("versions")
    void havingATornRecordConfirmsNothingOfTheNewTimeline(PostgresBinaries binaries) throws Exception {
        try (PostgresLab lab = PostgresLab.running(binaries, 3)) {
            // given: an active that dies within a record, which its transaction would have had flushed to the end
            String torn = "SELECT pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn() > 50000";
            try (Connection connection = lab.sql(1);
                    Statement sql = connection.createStatement()) {
                connection.setAutoCommit(false);
                sql.execute("SELECT pg_logical_emit_message(false, '', repeat('x', 100000))");
                for (int standby : new int[] {2, 3}) {
                    await("a torn record at " + standby)
                            .atMost(PostgresLab.PATIENCE)
                            .untilAsserted(() ->
                                    assertThat(lab.administer(standby, torn)).isEqualTo("t"));
                }
                lab.node(1).kill();
            }
            lab.node(3).stopReceiver(PostgresLab.PATIENCE);
            lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            // and a standby that streams from the next active before its promotion, and says nothing after it
            lab.node(3).follow(lab.upstream(2));
            await("its report of the torn record")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(lab.administer(
                                    2,
                                    "SELECT flush_lsn - pg_last_wal_replay_lsn() > 50000 FROM pg_stat_replication"
                                            + " WHERE application_name = 'n3'"))
                            .isEqualTo("t"));
            assertThat(lab.administer(2, torn)).isEqualTo("t");
            CompletableFuture<Void> epoch;
            Suspended suspended = Suspended.of(lab, 3, "walreceiver");
            try {
                // when
                lab.node(2).promote(5, lab.quorum(2), PostgresLab.PATIENCE);
                epoch = CompletableFuture.runAsync(() -> lab.node(2).commitEpoch(5, PostgresLab.PATIENCE));
                // then
                await("the epoch's row waits").atMost(PostgresLab.PATIENCE).untilAsserted(() -> {
                    assertThat(epoch).isNotDone();
                    assertThat(waiting(lab, 2)).isOne();
                });
            } finally {
                suspended.goOn();
            }
            epoch.get(60, TimeUnit.SECONDS);
            await("the row at the standby")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() -> assertThat(lab.administer(3, "SELECT max(epoch) FROM holdfast_ha.epochs"))
                            .isEqualTo("5"));
        }
    }

    private static int waiting(PostgresLab lab, int node) {
        return Integer.parseInt(
                lab.administer(node, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"));
    }

    /** A process of PostgreSQL that does nothing for a while. */
    private record Suspended(String pid) {
        static Suspended of(PostgresLab lab, int node, String type) throws Exception {
            String pid = lab.administer(node, "SELECT pid FROM pg_stat_activity WHERE backend_type = '" + type + "'");
            assertThat(signal("-STOP", pid)).isZero();
            return new Suspended(pid);
        }

        private static int signal(String signal, String pid) throws Exception {
            return new ProcessBuilder("kill", signal, pid).start().waitFor();
        }

        void goOn() throws Exception {
            signal("-CONT", pid); // which may have been ended meanwhile
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aKilledActiveComesBackAsAStandby(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 1)) {
            // given
            AtomicInteger deaths = new AtomicInteger();
            lab.node(1).onDeath(deaths::incrementAndGet);
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            // when
            ProcessHandle.of(lab.node(1).pid().orElseThrow()).orElseThrow().destroyForcibly();
            // then
            await("the death is told").atMost(PostgresLab.PATIENCE).untilAtomic(deaths, org.hamcrest.Matchers.is(1));
            PostgresStatus status = lab.node(1).startStandby();
            assertThat(status.inRecovery()).isTrue();
            assertThat(status.position().timeline()).isEqualTo(2);
            assertThat(lab.query(1, "SELECT count(*) FROM t")).isEqualTo("1");
            lab.node(1).stop(StopMode.FAST, PostgresLab.PATIENCE);
            assertThat(deaths).as("an end that was asked for is no death").hasValue(1);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aDrainEndsAtTheLogsLastRecord(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)");
            // when
            Lsn end = lab.node(1).drain(PostgresLab.PATIENCE);
            // then
            assertThatThrownBy(() -> lab.execute(1, "INSERT INTO t VALUES (1)"))
                    .rootCause()
                    .hasMessageContaining("read-only");
            await("the standby has it all")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(lab.node(2).probe().position().lsn()).isGreaterThanOrEqualTo(end));
            lab.node(1).undrain();
            await("it is writable again")
                    .atMost(PostgresLab.PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        lab.execute(1, "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING");
                        assertThat(lab.query(1, "SELECT count(*) FROM t")).isEqualTo("1");
                    });
        }
    }

    /** PostgreSQL says that it ends behind the next page's header, and no standby has that before there is something on the page. */
    @ParameterizedTest
    @MethodSource("versions")
    void aDrainAtTheEndOfAPageEndsThere(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given, unless PostgreSQL has meanwhile written a record of its own
            Lsn end = Lsn.ZERO;
            String behind = "";
            for (int attempt = 0; attempt < 20 && !behind.equals("24"); attempt++) {
                lab.node(1).undrain();
                lab.administer(1, TO_THE_END_OF_A_PAGE);
                // when
                end = lab.node(1).drain(PostgresLab.PATIENCE);
                behind = lab.administer(1, "SELECT (pg_current_wal_insert_lsn() - '0/0') % 8192");
            }
            // then
            assertThat(behind).isEqualTo("24");
            assertThat(end.value() % 8192).isZero();
            Lsn all = end;
            await("the standby has it all")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(lab.node(2).probe().position().lsn()).isGreaterThanOrEqualTo(all));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theSafetySlotIsNeverPastWhatAQuorumHas(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.running(binaries, 2)) {
            // given
            lab.execute(1, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            Position confirmed = lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            lab.executeAlone(1, "INSERT INTO t VALUES (2)");
            // when
            Lsn slot = lab.node(1).advanceSafetySlot();
            // then
            assertThat(slot).isLessThanOrEqualTo(confirmed.lsn());
            // and it moves on once a standby confirms
            lab.node(2).follow(lab.upstream(1));
            await("the slot moves")
                    .atMost(PostgresLab.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(lab.node(1).advanceSafetySlot()).isGreaterThan(confirmed.lsn()));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void withAQuorumOfTwoEachStandbyHasOneConnection(PostgresBinaries binaries) {
        try (PostgresLab lab = PostgresLab.of(binaries, 3)) {
            // given: as in a cluster of five
            SyncSetting two = new SyncSetting(2, List.of(lab.id(2), lab.id(3)));
            for (int node = 1; node <= 3; node++) {
                lab.node(node).startStandby();
                lab.node(node).applySync(new SyncSetting(2, lab.quorum(node).standbys()), PostgresLab.PATIENCE);
            }
            // when
            lab.node(1).promote(2, two, PostgresLab.PATIENCE);
            lab.node(2).follow(lab.upstream(1));
            lab.node(3).follow(lab.upstream(1));
            lab.node(1).commitEpoch(2, PostgresLab.PATIENCE);
            lab.node(1).checkpoint();
            // then
            assertThat(lab.administer(
                            1,
                            "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots"
                                    + " WHERE active AND slot_type = 'physical'"))
                    .isEqualTo("holdfast_n2,holdfast_n3");
            // and a former active keeps none
            lab.node(2).stopReceiver(PostgresLab.PATIENCE);
            lab.node(3).stopReceiver(PostgresLab.PATIENCE);
            assertThat(lab.node(1).startStandby().inRecovery()).isTrue();
            assertThat(lab.administer(1, "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical'"))
                    .isEqualTo("0");
        }
    }
}
