package io.holdfast.restore.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.restore.rule.Fate;
import io.holdfast.restore.support.TestManager;
import io.holdfast.restore.support.TestRestore;
import io.holdfast.state.StateMigrator;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of earlier state revisions. */
class OldRevisionIT {

    @TempDir
    Path folder;

    @AfterEach
    void dropManagers() {
        TestManager.dropAll();
    }

    @Test
    void anArchiveOfRevision1ComesBackWithTodaysDefaultsAndUnderTheRule() {
        // given
        TestManager source = TestManager.create(1, "1");
        source.fill(8);
        source.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at)"
                        + " VALUES ('default_tenant', 'past', 'W', 'scheduled', '2020-03-13T04:00:00Z', now()),"
                        + " ('default_tenant', 'future', 'W', 'scheduled', '2999-01-01T00:00:00Z', now())");
        source.execute("INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule,"
                + " next_occurrence) VALUES ('default_tenant', 'd', 'nightly', 'W', '{}', '2020-03-13T04:00:00Z')");
        assertThat(source.ask("SELECT to_regclass('scheduler.schedule_runs')")).isNull();
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        // when
        SwapResult result = restore.restore(source.archive(folder.resolve("old.zip"), null));
        // then
        assertThat(target.ask("SELECT max(version::int) FROM access.state_history WHERE success"))
                .isEqualTo(StateMigrator.latestRevision());
        assertThat(result.count(Fate.OVERDUE)).isEqualTo(1);
        assertThat(result.count(Fate.RESCHEDULED)).isEqualTo(1);
        assertThat(target.list("SELECT DISTINCT concat_ws(' ', priority, parallel, coalesce(concurrency_key, '-'))"
                        + " FROM scheduler.executions"))
                .containsExactly("5 f -");
        assertThat(target.list("SELECT DISTINCT concat_ws(' ', time_zone, dst_gap, dst_overlap, overlap, catch_up,"
                        + " catch_up_limit, jitter_seconds) FROM scheduler.execution_schedules"))
                .containsExactly("UTC shift first skip skip 100 0");
        assertThat(target.list(
                        "SELECT id FROM scheduler.execution_schedules WHERE missed_until = '" + result.t0() + "'"))
                .containsExactly("nightly");
        assertThat(target.ask("SELECT count(*) FROM inventory.blueprints"))
                .isEqualTo(source.ask("SELECT count(*) FROM inventory.blueprints"));
        assertThat(target.ask("SELECT count(*) FROM scheduler.events"))
                .as("those of the archive, and two about the overdue one")
                .isEqualTo(String.valueOf(
                        2 + Integer.parseInt(String.valueOf(source.ask("SELECT count(*) FROM scheduler.events")))));
        assertThat(target.wrongRowCounts()).isEmpty();
        // and numbers go on
        target.execute(
                "INSERT INTO scheduler.schedule_runs (tenant_name, deployment_id, schedule_id, occurrence_at, outcome,"
                        + " decided_at) VALUES ('default_tenant', 'd', 'nightly', now(), 'missed', now())");
    }
}
