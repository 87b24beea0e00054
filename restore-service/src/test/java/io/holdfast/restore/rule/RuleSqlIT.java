package io.holdfast.restore.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.ExecutionEvent;
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

class RuleSqlIT {

    private static final Instant T0 = Instant.parse("2020-03-13T06:00:00.000500Z");
    private static final List<String> STATUSES = List.of(
            "scheduled",
            "queued",
            "pending",
            "started",
            "cancelling",
            "force_cancelling",
            "kill_cancelling",
            "terminated",
            "failed",
            "cancelled");

    @TempDir
    Path folder;

    @AfterEach
    void dropManagers() {
        TestManager.dropAll();
    }

    private static void execution(
            TestManager manager, String schema, String id, String workflow, String status, Instant scheduledFor) {
        manager.execute("INSERT INTO " + schema
                + ".executions (tenant_name, id, workflow_id, deployment_id, status, scheduled_for,"
                + " created_at, dispatch_token, dispatch_attempt, created_by) VALUES ('default_tenant', '" + id + "', '"
                + workflow + "', 'dep', '" + status + "', " + (scheduledFor == null ? "NULL" : "'" + scheduledFor + "'")
                + ", '2020-03-13T01:00:00Z', 'token', 3, 'admin')");
    }

    private static RuleOutcome apply(
            Connection connection, String restore, @Nullable String createExecution, Instant t0, long epoch)
            throws SQLException {
        return RuleSql.apply(
                connection,
                StateSchemas.LIVE,
                StateSchemas.LIVE,
                new RuleTerms(restore, createExecution, t0, Duration.ZERO, epoch));
    }

    @Test
    void manyDecisionsBuildTheIndexesAnewAndLeaveThemAsTheyWere() throws SQLException {
        // given
        TestManager manager = TestManager.create(1);
        manager.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, status, scheduled_for,"
                        + " created_at, created_by) SELECT 'default_tenant', 'many-' || n, 'install', 'dep', 'scheduled', '"
                        + T0
                        + "'::timestamptz + (n - 6000) * interval '1 s', '2020-03-13T01:00:00Z', 'admin' FROM generate_series(1, 12000) n");
        manager.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, deployment_display_name, blueprint_id,"
                        + " status, parameters, is_dry_run, error, total_operations, finished_operations, scheduled_for, created_at,"
                        + " started_at, ended_at, visibility, created_by, version, restore_epoch, priority, schedule_id, occurrence_at,"
                        + " changed_by) VALUES ('default_tenant', 'ended', 'heal', 'dep', 'Dep', 'bp', 'terminated', '{\"a\": [1]}', true,"
                        + " 'e', 7, 6, '2020-03-12T01:00:00Z', '2020-03-11T01:00:00Z', '2020-03-12T01:00:01Z', '2020-03-12T01:00:02Z',"
                        + " 'global', 'admin', 3, 2, 8, 's', '2020-03-12T01:00:00Z', 'me')");
        manager.execute("ANALYZE scheduler.executions");
        String ended = "SELECT to_jsonb(e) FROM scheduler.executions e WHERE id = 'ended'";
        String endedBefore = manager.ask(ended);
        String numbers = "SELECT md5(string_agg(id || storage_id, ' ' ORDER BY storage_id)) FROM scheduler.executions";
        String numbersBefore = manager.ask(numbers);
        String counted =
                "SELECT string_agg(c::text, E'\n' ORDER BY c::text) FROM scheduler.row_counts c WHERE c::text LIKE '%executions%'";
        String countedBefore = manager.ask(counted);
        String indexes = "SELECT string_agg(pg_get_indexdef(x.indexrelid), E'\n' ORDER BY x.indexrelid::regclass::text)"
                + " FROM pg_index x WHERE x.indisvalid AND x.indrelid IN ('scheduler.executions'::regclass, 'scheduler.events'::regclass,"
                + " 'scheduler.execution_history'::regclass)";
        String constraints =
                "SELECT string_agg(conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid), E'\n' ORDER BY conrelid::regclass::text, conname)"
                        + " FROM pg_constraint"
                        + " WHERE conrelid IN ('scheduler.executions'::regclass, 'scheduler.events'::regclass,"
                        + " 'scheduler.execution_history'::regclass)";
        String due =
                "SELECT 'scheduler.executions_due'::regclass::oid || ' ' || 'scheduler.executions_pkey'::regclass::oid";
        String indexesBefore = manager.ask(indexes);
        String constraintsBefore = manager.ask(constraints);
        String dueBefore = manager.ask(due);
        String restore = new TestRestore(manager).begin();
        RuleOutcome outcome;
        // when
        try (Connection connection = manager.database().open()) {
            connection.setAutoCommit(false);
            outcome = apply(connection, restore, null, T0, 5);
            connection.commit();
        }
        // then
        assertThat(manager.ask(due)).as("built anew").doesNotContain(dueBefore.split(" "));
        assertThat(manager.ask(constraints)).isEqualTo(constraintsBefore);
        assertThat(manager.ask(indexes)).isEqualTo(indexesBefore);
        assertThat(manager.ask(ended)).as("what had ended stays").isEqualTo(endedBefore);
        assertThat(manager.ask(numbers)).isEqualTo(numbersBefore);
        assertThat(manager.ask(counted)).as("counts of rows").isEqualTo(countedBefore);
        assertThat(
                        manager.ask(
                                "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'scheduler.executions'::regclass AND tgenabled <> 'O'"))
                .as("triggers that are off")
                .isEqualTo("0");
        assertThat(manager.ask("SELECT to_regclass('scheduler.executions_before') IS NULL"))
                .isEqualTo("t");
        assertThat(
                        manager.ask(
                                "SELECT string_agg(to_status || ' ' || n, ', ' ORDER BY to_status) FROM (SELECT to_status, count(*) AS n"
                                        + " FROM scheduler.execution_history WHERE epoch = 5 AND changed_by = 'holdfast:restore'"
                                        + " AND from_status = 'scheduled' AND reason_code = 'OVERDUE_AT_RESTORE' GROUP BY to_status) h"))
                .isEqualTo("failed 6000");
        assertThat(outcome.fates()).containsEntry(Fate.OVERDUE, 6_000L).containsEntry(Fate.RESCHEDULED, 6_000L);
        assertThat(manager.ask("SELECT count(*) FROM scheduler.executions WHERE id LIKE 'many-%' AND status = 'failed'"
                        + " AND scheduled_for <= '" + T0
                        + "' AND reason_code = 'OVERDUE_AT_RESTORE' AND restore_epoch = 5"))
                .isEqualTo("6000");
        assertThat(manager.ask("SELECT count(*) FROM scheduler.events WHERE execution_id LIKE 'many-%'"))
                .isEqualTo("12000");
        assertThat(manager.ask("SELECT count(*) FROM scheduler.execution_history WHERE execution_id LIKE 'many-%'"
                        + " AND to_status = 'failed'"))
                .isEqualTo("6000");
        assertThat(manager.ask("SELECT count(*) FROM scheduler.events log JOIN scheduler.events event"
                        + " ON event.execution_id = log.execution_id AND event.type = 'cloudify_event'"
                        + " AND event.storage_id = log.storage_id + 1 WHERE log.type = 'cloudify_log'"))
                .as("log lines right before their events")
                .isEqualTo("6000");
    }

    @Test
    void theSqlDecidesAsTheRuleDoesForEveryStatusAndAroundT0() throws SQLException {
        // given: every status with every time, also as the one that made the snapshot
        TestManager manager = TestManager.create(1);
        List<Instant> times = new ArrayList<>();
        times.add(null);
        for (long micros : new long[] {-1_000_000, -1, 0, 1, 1_000_000}) {
            times.add(T0.plus(micros, ChronoUnit.MICROS));
        }
        Map<String, String> expected = new java.util.TreeMap<>();
        int n = 0;
        for (String status : STATUSES) {
            for (Instant time : times) {
                String id = "e" + ++n;
                execution(manager, "scheduler", id, "install", status, time);
                RestoreRule.of(status, time, false, T0).ifPresent(fate -> expected.put(id, fate.wireName()));
            }
        }
        execution(manager, "scheduler", "made-it", "create_snapshot", "started", null);
        expected.put("made-it", "terminated");
        String restore = new TestRestore(manager).begin();
        // when
        try (Connection connection = manager.database().open()) {
            connection.setAutoCommit(false);
            apply(connection, restore, "made-it", T0, 5);
            connection.commit();
            // then
            Map<String, String> decided = new java.util.TreeMap<>();
            RuleSql.forEach(
                    connection,
                    restore,
                    decision ->
                            decided.put(decision.executionId(), decision.fate().wireName()));
            assertThat(decided).isEqualTo(expected);
            RuleSql.forEach(connection, restore, decision -> {
                if (decision.fate() == Fate.OVERDUE) {
                    assertThat(decision.text())
                            .isEqualTo(RestoreRule.overdueLine(decision.executionId(), decision.scheduledFor()));
                }
            });
            connection.rollback();
        }
        String before = manager.ask("SELECT md5(string_agg(e::text, '' ORDER BY id)) FROM scheduler.executions e");
        String events = manager.ask("SELECT count(*) FROM scheduler.events");
        String history = manager.ask("SELECT count(*) FROM scheduler.execution_history");
        assertThat(manager.list(
                        "SELECT DISTINCT concat_ws('|', h.from_status, h.to_status, h.changed_by, h.reason_code, h.attempt, h.epoch)"
                                + " FROM scheduler.execution_history h JOIN scheduler.executions e ON e.tenant_name = h.tenant_name"
                                + " AND e.id = h.execution_id AND e.status = h.to_status WHERE h.changed_at = '" + T0
                                + "' ORDER BY 1"))
                .containsExactly(
                        "cancelling|cancelled|holdfast:restore|CANCELLED_BY_RESTORE|0|5",
                        "force_cancelling|cancelled|holdfast:restore|CANCELLED_BY_RESTORE|0|5",
                        "kill_cancelling|cancelled|holdfast:restore|CANCELLED_BY_RESTORE|0|5",
                        "pending|cancelled|holdfast:restore|CANCELLED_BY_RESTORE|0|5",
                        "scheduled|failed|holdfast:restore|INVALID_SCHEDULE|0|5",
                        "scheduled|failed|holdfast:restore|OVERDUE_AT_RESTORE|0|5",
                        "started|cancelled|holdfast:restore|CANCELLED_BY_RESTORE|0|5",
                        "started|terminated|holdfast:restore|0|5");
        // when: once more
        try (Connection connection = manager.database().open()) {
            connection.setAutoCommit(false);
            apply(connection, restore, "made-it", T0, 5);
            connection.commit();
        }
        // then: nothing more
        assertThat(manager.ask("SELECT md5(string_agg(e::text, '' ORDER BY id)) FROM scheduler.executions e"))
                .isEqualTo(before);
        assertThat(manager.ask("SELECT count(*) FROM scheduler.events")).isEqualTo(events);
        assertThat(manager.ask("SELECT count(*) FROM scheduler.execution_history"))
                .isEqualTo(history);
    }

    @Test
    void claimOfWhatWasPendingIsInTheHistoryOnceTheRestoreCancelsIt() throws SQLException {
        // given
        TestManager manager = TestManager.create(1);
        execution(manager, "scheduler", "e", "install", "pending", T0.minusSeconds(60));
        manager.execute(
                "UPDATE scheduler.executions SET dispatched_at = '" + T0.minusSeconds(59) + "', restore_epoch = 1");
        String restore = new TestRestore(manager).begin();
        // when
        try (Connection connection = manager.database().open()) {
            connection.setAutoCommit(false);
            apply(connection, restore, null, T0, 5);
            connection.commit();
        }
        // then
        assertThat(manager.list(
                        "SELECT concat_ws('|', from_status, to_status, attempt, epoch) FROM scheduler.execution_history"
                                + " ORDER BY storage_id"))
                .containsExactly("scheduled|pending|3|1", "pending|cancelled|0|5");
        assertThat(manager.ask("SELECT tgenabled FROM pg_trigger WHERE tgname = 'note_transition'"
                        + " AND tgrelid = 'scheduler.executions'::regclass"))
                .isEqualTo("O");
    }

    /** The example of the users' documents: W1 at 4:00, W2 at 8:00, snapshot at 3:00, restored at 6:00. */
    @Test
    void theExampleOfTheUsersDocuments() throws SQLException {
        // given
        TestManager manager = TestManager.create(1);
        execution(manager, "scheduler", "w1-execution", "W1", "scheduled", Instant.parse("2020-03-13T04:00:00Z"));
        execution(manager, "scheduler", "w2-execution", "W2", "scheduled", Instant.parse("2020-03-13T08:00:00Z"));
        String restore = new TestRestore(manager).begin();
        // when
        try (Connection connection = manager.database().open()) {
            connection.setAutoCommit(false);
            apply(connection, restore, null, Instant.parse("2020-03-13T06:00:00Z"), 1);
            connection.commit();
        }
        // then
        String line = "Execution w1-execution scheduled for 2020-03-13T04:00:00.000Z is overdue. Marking as FAILED.";
        assertThat(manager.list("SELECT concat_ws('|', id, status, error, reason_code, restore_epoch, dispatch_attempt)"
                        + " FROM scheduler.executions ORDER BY id"))
                .containsExactly(
                        "w1-execution|failed|" + line + "|OVERDUE_AT_RESTORE|1|0", "w2-execution|scheduled|1|0");
        assertThat(manager.list("SELECT concat_ws('|', type, event_type, level, message) FROM scheduler.events"
                        + " WHERE execution_id = 'w1-execution' ORDER BY storage_id"))
                .containsExactly(
                        "cloudify_log|info|" + line,
                        "cloudify_event|workflow_failed|'W1' workflow execution failed: " + line);
    }

    @Test
    void futureOnesArePutOnTheQueueAndOverdueOnesAreToldInTheSwapsTransaction() {
        // given
        TestManager source = TestManager.create(1);
        Instant future = Instant.parse("2999-01-01T00:00:00Z");
        execution(source, "scheduler", "past", "W1", "scheduled", Instant.parse("2020-03-13T04:00:00Z"));
        execution(source, "scheduler", "future", "W2", "scheduled", future);
        execution(source, "scheduler", "running", "W3", "started", null);
        source.execute(
                "INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule, next_occurrence)"
                        + " VALUES ('default_tenant', 'dep', 'missed', 'W', '{}', '2020-03-13T04:00:00Z'),"
                        + " ('default_tenant', 'dep', 'coming', 'W', '{}', '2999-01-01T00:00:00Z')");
        source.execute(
                "INSERT INTO inventory.deployments (tenant_name, id, latest_execution_id, latest_execution_status,"
                        + " deployment_status) VALUES ('default_tenant', 'dep', 'running', 'started', 'in_progress')");
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        // when
        SwapResult result = restore.restore(source.archive(folder.resolve("a.zip"), null));
        // then
        assertThat(result.count(Fate.RESCHEDULED)).isEqualTo(1);
        assertThat(result.count(Fate.OVERDUE)).isEqualTo(1);
        assertThat(result.count(Fate.CANCELLED)).isEqualTo(1);
        assertThat(restore.events())
                .anySatisfy(event -> assertThat(event)
                        .isEqualTo(new SchedulerCommand.ScheduleExecution(
                                "future", "default_tenant", future, result.epoch())))
                .anySatisfy(event -> assertThat(event)
                        .isEqualTo(new ExecutionEvent.Rescheduled(
                                "future", "default_tenant", "W2", future, result.epoch())))
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(ExecutionEvent.Failed.class, failed -> {
                    assertThat(failed.executionId()).isEqualTo("past");
                    assertThat(failed.reasonCode()).isEqualTo("OVERDUE_AT_RESTORE");
                }));
        assertThat(target.ask("SELECT status || '|' || error FROM scheduler.executions WHERE id = 'running'"))
                .isEqualTo("cancelled|Marked as cancelled by snapshot restore");
        assertThat(target.list("SELECT id || ' ' || (missed_until = '" + result.t0()
                        + "') || ' ' || (next_occurrence AT TIME ZONE 'UTC')"
                        + " FROM scheduler.execution_schedules WHERE missed_until IS NOT NULL"))
                .containsExactly("missed true 2020-03-13 04:00:00");
        assertThat(result.outcome().missedSchedules()).isEqualTo(1);
        assertThat(restore.events())
                .contains(new SchedulerCommand.RestoreSchedules(restore.lastRestoreId(), result.epoch(), result.t0()));
        assertThat(target.ask("SELECT latest_execution_status || '|' || deployment_status FROM inventory.deployments"))
                .isEqualTo("cancelled|requires_attention");
    }

    @Test
    void aClockBehindTheSnapshotIsRefusedUnlessItIsAccepted() {
        // given: the snapshot is of the future
        TestManager source = TestManager.create(1);
        Instant made = Instant.parse("2999-01-01T00:00:00Z");
        execution(source, "scheduler", "before", "W", "scheduled", made.minus(Duration.ofHours(1)));
        execution(source, "scheduler", "after", "W", "scheduled", made.plus(Duration.ofHours(1)));
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        StagedState staged = restore.stage(source.archive(folder.resolve("a.zip"), null, made), Phases.NONE);
        String id = restore.begin();
        // when, then
        assertThatThrownBy(() ->
                        restore.swap().swap(restore.order(id, staged.report().snapshotCreatedAt(), null, false)))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CLOCK_BEHIND_SNAPSHOT));
        assertThat(target.ask("SELECT count(*) FROM scheduler.executions")).isEqualTo("0");
        // when: accepted, the snapshot's instant is now
        SwapResult result =
                restore.swap().swap(restore.order(id, staged.report().snapshotCreatedAt(), null, true));
        assertThat(result.t0()).isEqualTo(made);
        assertThat(target.list(
                        "SELECT id || ' ' || status FROM scheduler.executions WHERE workflow_id = 'W' ORDER BY 1"))
                .containsExactly("after scheduled", "before failed");
    }

    @Test
    void aRehearsalDecidesAndLeavesNothing() {
        TestManager source = TestManager.create(1);
        execution(source, "scheduler", "past", "W1", "scheduled", Instant.parse("2020-03-13T04:00:00Z"));
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        restore.stage(source.archive(folder.resolve("a.zip"), null), Phases.NONE);
        List<String> told = new ArrayList<>();
        // when
        SwapResult result = restore.swap()
                .rehearse(
                        restore.order(restore.begin(), TestManager.CUT, null, false),
                        decision -> told.add(decision.executionId() + " " + decision.fate()));
        // then
        assertThat(told).containsExactly("past OVERDUE");
        assertThat(result.count(Fate.OVERDUE)).isEqualTo(1);
        assertThat(target.ask("SELECT count(*) FROM restore_control.restore_action"))
                .isEqualTo("0");
        assertThat(target.ask("SELECT status FROM scheduler_restoring.executions"))
                .isEqualTo("scheduled");
    }
}
