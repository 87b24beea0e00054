package io.holdfast.restore.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.SchedulerCommand;
import io.holdfast.restore.rule.storage.RuleSql;
import io.holdfast.restore.staging.Phases;
import io.holdfast.restore.staging.StagedState;
import io.holdfast.restore.support.TestManager;
import io.holdfast.restore.support.TestRestore;
import io.holdfast.restore.swap.SwapResult;
import io.holdfast.state.StateSchemas;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edge cases of docs/restore.md by their numbers; 6 and 7 are the scheduler's ({@code AfterRestoreIT} there). */
class RestoreRuleEdgeCasesIT {

    private static final Instant T0 = Instant.parse("2020-03-13T06:00:00.000500Z");

    @TempDir
    Path folder;

    @AfterEach
    void dropManagers() {
        TestManager.dropAll();
    }

    private static void scheduled(TestManager manager, String id, @Nullable String when) {
        manager.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at)"
                        + " VALUES ('default_tenant', '" + id + "', 'W', 'scheduled', "
                        + (when == null ? "NULL" : "'" + when + "'") + ", '2020-03-13T01:00:00Z')");
    }

    private static RuleOutcome apply(TestManager manager, String restore, Instant t0, Duration grace, String... session)
            throws SQLException {
        try (Connection connection = manager.database().open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String setting : session) {
                statement.execute(setting);
            }
            RuleOutcome outcome = RuleSql.apply(
                    connection, StateSchemas.LIVE, StateSchemas.LIVE, new RuleTerms(restore, null, t0, grace, 7));
            connection.commit();
            return outcome;
        }
    }

    private static String status(TestManager manager, String id) {
        return manager.ask(
                "SELECT concat_ws(' ', status, reason_code) FROM scheduler.executions WHERE id = '" + id + "'");
    }

    @Test
    void edgeCase1_aClockBehindTheSnapshotIsRefusedAndWhenAcceptedTheSnapshotsInstantIsT0() {
        // given
        Instant made = Instant.parse("2999-01-01T00:00:00Z");
        TestManager source = TestManager.create(1);
        scheduled(source, "before", "2998-12-31T23:59:59Z");
        scheduled(source, "after", "2999-01-01T00:00:01Z");
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        StagedState staged = restore.stage(source.archive(folder.resolve("a.zip"), null, made), Phases.NONE);
        Instant created = staged.report().snapshotCreatedAt();
        String id = restore.begin();
        // when, then
        assertThatThrownBy(() -> restore.swap().swap(restore.order(id, created, null, false)))
                .isInstanceOfSatisfying(ManagerException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.CLOCK_BEHIND_SNAPSHOT);
                    assertThat(refused.hint()).contains("accept_clock_skew");
                });
        assertThat(target.ask("SELECT value FROM restore_control.epoch")).isEqualTo("0");
        assertThat(restore.events()).isEmpty();
        // when
        SwapResult result = restore.swap().swap(restore.order(id, created, null, true));
        // then
        assertThat(result.t0()).isEqualTo(made);
        assertThat(status(target, "before")).isEqualTo("failed OVERDUE_AT_RESTORE");
        assertThat(status(target, "after")).isEqualTo("scheduled");
        assertThat(target.ask(
                        "SELECT (t0 = snapshot_created_at AND t0 = '2999-01-01T00:00:00Z') || ' ' || overdue_grace_ms"
                                + " || ' ' || source_installation || ' ' || epoch FROM restore_control.restores"))
                .isEqualTo("true 0 source-installation " + result.epoch());
    }

    @ParameterizedTest
    @CsvSource({"-1, failed OVERDUE_AT_RESTORE", "0, failed OVERDUE_AT_RESTORE", "1, scheduled"})
    void edgeCase2_exactlyAtT0IsOverdueAndAMicrosecondLaterIsNot(long microseconds, String expected)
            throws SQLException {
        TestManager manager = TestManager.create(1);
        scheduled(manager, "e", T0.plus(microseconds, ChronoUnit.MICROS).toString());
        apply(manager, new TestRestore(manager).begin(), T0, Duration.ZERO);
        assertThat(status(manager, "e")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"-10000001, failed OVERDUE_AT_RESTORE", "-10000000, failed OVERDUE_AT_RESTORE", "-9999999, scheduled"})
    void edgeCase2_aGraceMovesTheBoundaryAndNothingElse(long microseconds, String expected) throws SQLException {
        TestManager manager = TestManager.create(1);
        scheduled(manager, "e", T0.plus(microseconds, ChronoUnit.MICROS).toString());
        apply(manager, new TestRestore(manager).begin(), T0, Duration.ofSeconds(10));
        assertThat(status(manager, "e")).isEqualTo(expected);
        if (expected.startsWith("failed")) {
            assertThat(manager.ask("SELECT (ended_at = '" + T0 + "')::text FROM scheduler.executions"))
                    .isEqualTo("true");
        }
    }

    @Test
    void edgeCase2_theGraceOfTheSettingIsThatOfTheSwap() {
        // given
        TestManager source = TestManager.create(1);
        scheduled(source, "just", Instant.now().minusSeconds(60).toString());
        scheduled(source, "long", Instant.now().minusSeconds(7200).toString());
        TestManager target = TestManager.create(2);
        // when
        SwapResult result =
                new TestRestore(target, Duration.ofHours(1)).restore(source.archive(folder.resolve("a.zip"), null));
        // then
        assertThat(result.overdueGrace()).isEqualTo(Duration.ofHours(1));
        assertThat(status(target, "just")).isEqualTo("scheduled");
        assertThat(status(target, "long")).isEqualTo("failed OVERDUE_AT_RESTORE");
        assertThat(target.ask("SELECT overdue_grace_ms FROM restore_control.restores"))
                .isEqualTo("3600000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", "UTC"})
    void edgeCase3_theZoneOfTheSessionChangesNeitherTheDecisionNorTheLine(String zone) throws SQLException {
        // given: the same instants, written with other offsets
        TestManager manager = TestManager.create(1);
        scheduled(manager, "past", "2020-03-13T09:30:00.123456+05:30");
        scheduled(manager, "future", "2020-03-13T03:30:00-03:30");
        // when
        apply(manager, new TestRestore(manager).begin(), T0, Duration.ZERO, "SET LOCAL TIME ZONE '" + zone + "'");
        // then
        assertThat(status(manager, "future")).isEqualTo("scheduled");
        assertThat(manager.ask("SELECT error FROM scheduler.executions WHERE id = 'past'"))
                .isEqualTo("Execution past scheduled for 2020-03-13T04:00:00.123Z is overdue. Marking as FAILED.");
    }

    @Test
    void edgeCase4_theSameRestoreAgainChangesNoRow() throws SQLException {
        // given
        TestManager manager = TestManager.create(1);
        scheduled(manager, "past", "2020-03-13T04:00:00Z");
        scheduled(manager, "future", "2020-03-13T08:00:00Z");
        manager.execute("INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule,"
                + " next_occurrence) VALUES ('default_tenant', 'd', 's', 'W', '{}', '2020-03-13T04:00:00Z')");
        String restore = new TestRestore(manager).begin();
        RuleOutcome first = apply(manager, restore, T0, Duration.ZERO);
        String rows =
                manager.ask("SELECT string_agg(e.xmin::text || e::text, '|' ORDER BY id) FROM scheduler.executions e");
        String schedules = manager.ask("SELECT s.xmin::text || s::text FROM scheduler.execution_schedules s");
        String actions = manager.ask("SELECT string_agg(a.xmin::text || a::text, '|' ORDER BY execution_id)"
                + " FROM restore_control.restore_action a");
        // when
        RuleOutcome second = apply(manager, restore, T0, Duration.ZERO);
        // then: not even written again
        assertThat(second).isEqualTo(first);
        assertThat(manager.ask(
                        "SELECT string_agg(e.xmin::text || e::text, '|' ORDER BY id) FROM scheduler.executions e"))
                .isEqualTo(rows);
        assertThat(manager.ask("SELECT s.xmin::text || s::text FROM scheduler.execution_schedules s"))
                .isEqualTo(schedules);
        assertThat(manager.ask("SELECT string_agg(a.xmin::text || a::text, '|' ORDER BY execution_id)"
                        + " FROM restore_control.restore_action a"))
                .isEqualTo(actions);
        assertThat(manager.ask("SELECT count(*) FROM scheduler.events")).isEqualTo("2");
    }

    @Test
    void edgeCase4_aSecondRestoreOfTheSameSnapshotTellsNothingTwice() {
        // given
        TestManager source = TestManager.create(1);
        scheduled(source, "past", "2020-03-13T04:00:00Z");
        scheduled(source, "future", "2999-01-01T00:00:00Z");
        scheduled(source, "timeless", null);
        source.execute("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at)"
                + " VALUES ('default_tenant', 'running', 'W', 'started', now())");
        Path archive = source.archive(folder.resolve("a.zip"), null);
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        restore.restore(archive);
        assertThat(ends(restore)).containsExactlyInAnyOrder("past", "timeless", "running");
        restore.events().clear();
        // when
        SwapResult second = restore.restore(archive);
        // then: the same decisions, and nobody is told of them again; what waits is put on the queue under the new
        // epoch
        assertThat(second.count(Fate.OVERDUE)).isEqualTo(1);
        assertThat(ends(restore)).isEmpty();
        assertThat(restore.events())
                .contains(new SchedulerCommand.ScheduleExecution(
                        "future", "default_tenant", Instant.parse("2999-01-01T00:00:00Z"), second.epoch()));
        assertThat(target.list("SELECT execution_id || ' ' || known_before FROM restore_control.restore_action"
                        + " WHERE restore_id = '" + restore.lastRestoreId() + "' ORDER BY 1"))
                .containsExactly("future false", "past true", "running true", "timeless true");
        assertThat(target.ask("SELECT count(*) FROM scheduler.events WHERE execution_id = 'past'"))
                .as("the journal of the restored state has it once")
                .isEqualTo("2");
        // when: somebody resumed it between two restores: it is news again
        target.execute("UPDATE scheduler.executions SET status = 'pending', error = NULL WHERE id = 'past'");
        restore.events().clear();
        restore.restore(archive);
        assertThat(ends(restore)).containsExactly("past");
    }

    private static List<String> ends(TestRestore restore) {
        return restore.events().stream()
                .filter(event -> event instanceof ExecutionEvent.Failed || event instanceof ExecutionEvent.Cancelled)
                .map(Event::subject)
                .toList();
    }

    @Test
    void whatACancelledExecutionHasLeftRunningIsFencedByARestoreAndByAnUndo() {
        // given
        TestManager source = TestManager.create(1);
        cancelledWithOperations(source);
        Path archive = source.archive(folder.resolve("a.zip"), null);
        TestManager target = TestManager.create(2);
        cancelledWithOperations(target);
        TestRestore restore = new TestRestore(target);
        String token = "SELECT coalesce(dispatch_token, '-') FROM scheduler.executions WHERE id = 'stopped'";
        // when, then
        restore.restore(archive);
        assertThat(target.ask(token)).isEqualTo("-");
        restore.swap().undo(restore.lastRestoreId(), "admin", Duration.ofSeconds(20));
        assertThat(target.ask(token)).isEqualTo("-");
    }

    private static void cancelledWithOperations(TestManager manager) {
        scheduled(manager, "stopped", "2999-01-01T00:00:00Z");
        manager.execute("ALTER TABLE scheduler.executions DISABLE TRIGGER USER;"
                + " UPDATE scheduler.executions SET status = 'cancelled', dispatch_token = 'old', scheduled_for = NULL,"
                + " ended_at = now(), total_operations = 2, finished_operations = 1;"
                + " ALTER TABLE scheduler.executions ENABLE TRIGGER USER");
    }

    @Test
    void edgeCase5_theEpochGrowsWithEveryRestoreAndUndoAndIsAboveAllThatTheArchiveHasSeen() {
        // given
        TestManager source = TestManager.create(1);
        scheduled(source, "future", "2999-01-01T00:00:00Z");
        source.execute(
                "UPDATE scheduler.executions SET restore_epoch = 7, dispatch_token = 'old', dispatch_attempt = 3,"
                        + " lease_until = now()");
        Path archive = source.archive(folder.resolve("a.zip"), null);
        TestManager target = TestManager.create(2);
        scheduled(target, "mine", "2999-01-01T00:00:00Z");
        TestRestore restore = new TestRestore(target);
        // when, then
        assertThat(restore.restore(archive).epoch()).isEqualTo(8);
        assertThat(target.ask("SELECT concat_ws(' ', restore_epoch, coalesce(dispatch_token, '-'), dispatch_attempt,"
                        + " coalesce(lease_until::text, '-')) FROM scheduler.executions WHERE id = 'future'"))
                .isEqualTo("8 - 0 -");
        assertThat(restore.restore(archive).epoch()).isEqualTo(9);
        long undone = restore.swap().undo(restore.lastRestoreId(), "admin", Duration.ofSeconds(20));
        assertThat(undone).isEqualTo(10);
        assertThat(target.ask("SELECT restore_epoch FROM scheduler.executions WHERE id = 'future'"))
                .as("what came back by the undo is fenced as well")
                .isEqualTo("10");
        assertThat(restore.events())
                .last()
                .isInstanceOfSatisfying(
                        RestoreEvent.Undone.class,
                        event -> assertThat(event.epoch()).isEqualTo(10));
        assertThat(restore.restore(archive).epoch()).isEqualTo(11);
    }

    @Test
    void edgeCase8_aRestoreThatFailsHalfWayShowsNothingOfIt() {
        // given
        TestManager source = TestManager.create(1);
        source.fill(5);
        scheduled(source, "past", "2020-03-13T04:00:00Z");
        scheduled(source, "future", "2999-01-01T00:00:00Z");
        TestManager target = TestManager.create(2);
        target.fill(3);
        scheduled(target, "mine", "2020-03-13T04:00:00Z");
        Map<String, String> before = target.state();
        TestRestore restore = new TestRestore(target);
        Path archive = source.archive(folder.resolve("a.zip"), null);
        for (String failingAt :
                List.of("execution.failed.v1", "scheduler.execution.schedule.v1", "restore.completed.v1")) {
            // when
            restore.failAt(failingAt);
            assertThatThrownBy(() -> restore.restore(archive)).hasMessageContaining("planted at " + failingAt);
            // then
            assertThat(target.state()).as(failingAt).isEqualTo(before);
            assertThat(target.ask("SELECT count(*) FROM restore_control.restore_action"))
                    .as(failingAt)
                    .isEqualTo("0");
            assertThat(target.ask("SELECT value FROM restore_control.epoch"))
                    .as(failingAt)
                    .isEqualTo("0");
            assertThat(target.ask("SELECT status FROM restore_control.restores WHERE status <> 'failed'"))
                    .as(failingAt)
                    .isEqualTo("swapping");
            target.execute("UPDATE restore_control.restores SET status = 'failed'");
        }
        // and it can be done after all
        restore.failAt(null);
        restore.restore(archive);
        assertThat(status(target, "past")).isEqualTo("failed OVERDUE_AT_RESTORE");
    }

    @Test
    void edgeCase9_nothingToDecideIsNothingToDo() {
        TestManager source = TestManager.create(1);
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        SwapResult result = restore.restore(source.archive(folder.resolve("a.zip"), null));
        assertThat(result.outcome()).isEqualTo(new RuleOutcome(Map.of(), 0));
        assertThat(restore.events()).singleElement().isInstanceOf(RestoreEvent.Completed.class);
    }

    @Test
    void edgeCase9_manyAreDecidedOnByTheSameFewStatements() throws SQLException {
        // given
        TestManager manager = TestManager.create(1);
        manager.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at)"
                        + " SELECT 'default_tenant', 'e' || n, 'W', 'scheduled',"
                        + " timestamptz '2020-03-13T06:00:00.0005Z' + (n - 10000) * interval '1 second', '2020-03-13T01:00:00Z'"
                        + " FROM generate_series(1, 20000) n");
        String restore = new TestRestore(manager).begin();
        // when
        RuleOutcome outcome = apply(manager, restore, T0, Duration.ZERO);
        // then
        assertThat(outcome.fates()).isEqualTo(Map.of(Fate.OVERDUE, 10000L, Fate.RESCHEDULED, 10000L));
        assertThat(manager.ask(
                        "SELECT count(*) FROM scheduler.executions WHERE status = 'failed' AND error = 'Execution '"
                                + " || id || ' scheduled for ' || to_char(scheduled_for AT TIME ZONE 'UTC',"
                                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') || ' is overdue. Marking as FAILED.'"))
                .isEqualTo("10000");
        List<String> ids = new ArrayList<>();
        try (Connection connection = manager.database().open()) {
            connection.setAutoCommit(false);
            RuleSql.forEach(connection, restore, decision -> ids.add(decision.executionId()));
            connection.rollback();
        }
        assertThat(ids).hasSize(20000).startsWith("e1", "e2", "e3").endsWith("e20000");
    }

    /** A time from an archive, what becomes of its execution, and the error, in which {@code %s} is the execution. */
    private record Odd(@Nullable String when, String fate, String error) {}

    @Test
    void edgeCase10_oddTimesHaveAStatedFateFromTheArchiveToTheEvents() {
        // given
        String overdue = "failed OVERDUE_AT_RESTORE";
        String invalid = "failed INVALID_SCHEDULE";
        String outside = ", not in the years 1 to 9999. Marking as FAILED.";
        List<Odd> odd = List.of(
                new Odd(
                        "1969-12-31T23:59:59.999Z",
                        overdue,
                        "Execution %s scheduled for 1969-12-31T23:59:59.999Z is overdue. Marking as FAILED."),
                new Odd(
                        "0001-01-01T00:00:00Z",
                        overdue,
                        "Execution %s scheduled for 0001-01-01T00:00:00.000Z is overdue. Marking as FAILED."),
                new Odd(
                        "0001-12-31T23:59:59Z BC",
                        invalid,
                        "Execution %s is scheduled for 0001-12-31 23:59:59 BC" + outside),
                new Odd("2031-01-01T00:00:00Z", "scheduled", ""),
                new Odd("9999-12-31T23:59:59.999999Z", "scheduled", ""),
                new Odd(
                        "10000-01-01T00:00:00Z",
                        invalid,
                        "Execution %s is scheduled for 10000-01-01 00:00:00" + outside),
                new Odd("infinity", invalid, "Execution %s is scheduled for infinity" + outside),
                new Odd("-infinity", invalid, "Execution %s is scheduled for -infinity" + outside),
                new Odd(null, invalid, "Execution %s is scheduled without a time. Marking as FAILED."));
        TestManager source = TestManager.create(1);
        for (int i = 0; i < odd.size(); i++) {
            scheduled(source, "e" + i, odd.get(i).when());
        }
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        // when
        restore.restore(source.archive(folder.resolve("a.zip"), null));
        // then
        for (int i = 0; i < odd.size(); i++) {
            String id = "e" + i;
            Odd one = odd.get(i);
            assertThat(status(target, id)).as("%s", one).isEqualTo(one.fate());
            assertThat(target.ask("SELECT coalesce(error, '') FROM scheduler.executions WHERE id = '" + id + "'"))
                    .isEqualTo(one.error().replace("%s", id));
            assertThat(restore.events())
                    .as("%s", one)
                    .filteredOn(event -> event.subject().equals(id))
                    .isNotEmpty();
            if (one.fate().equals(invalid)) {
                assertThat(target.ask("SELECT coalesce(scheduled_for::text, 'none') FROM scheduler.executions"
                                + " WHERE id = '" + id + "'"))
                        .as("%s", one)
                        .isEqualTo("none");
            }
        }
    }

    @Test
    void schedulesAreMarkedOnlyWhereAnOccurrenceHasPassedAndTheyAreNotPaused() throws SQLException {
        // given
        TestManager manager = TestManager.create(1);
        for (String[] row : new String[][] {
            {"passed", "true", "'2020-03-13T05:00:00Z'"},
            {"at-t0", "true", "'" + T0 + "'"},
            {"coming", "true", "'" + T0.plus(1, ChronoUnit.MICROS) + "'"},
            {"paused", "false", "'2020-03-13T05:00:00Z'"},
            {"unknown", "true", "NULL"},
            {"endless-past", "true", "'-infinity'"}
        }) {
            manager.execute(
                    "INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule,"
                            + " enabled, next_occurrence) VALUES ('default_tenant', 'd', '" + row[0] + "', 'W', '{}', "
                            + row[1]
                            + ", " + row[2] + ")");
        }
        // when
        RuleOutcome outcome = apply(manager, new TestRestore(manager).begin(), T0, Duration.ofHours(12));
        // then
        assertThat(outcome.missedSchedules()).isEqualTo(2);
        assertThat(manager.list(
                        "SELECT id FROM scheduler.execution_schedules WHERE missed_until = '" + T0 + "' ORDER BY id"))
                .containsExactly("at-t0", "passed");
        assertThat(manager.list(
                        "SELECT id FROM scheduler.execution_schedules WHERE next_occurrence IS NULL ORDER BY id"))
                .containsExactly("endless-past", "unknown");
    }
}
