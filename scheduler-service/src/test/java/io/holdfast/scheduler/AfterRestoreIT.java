package io.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.SchedulerCommand;
import io.holdfast.scheduler.catchup.app.FindMissedSchedules;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the scheduler makes of a state that a restore has put in its place. Numbers of edge cases are those of docs/restore.md. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class AfterRestoreIT {

    private static final String TENANT = "default_tenant";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Inject
    FindMissedSchedules sweep;

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @ConfigProperty(name = "holdfast.database.url")
    String databaseUrl;

    private Wire wire;
    private String deployment;

    @BeforeEach
    void listen() {
        wire = new Wire(brokerUrl);
        deployment = "d-" + UUID.randomUUID();
    }

    @AfterEach
    void hangUp() {
        wire.close();
    }

    /** Hourly since three and a half hours before T0: four occurrences had passed. */
    private Instant missed(String id, String catchUp, String more) throws SQLException {
        Instant t0 = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(10);
        Instant first = t0.minus(Duration.ofMinutes(3 * 60 + 30));
        sql("INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule, since,"
                + " next_occurrence, missed_until, catch_up, created_by) VALUES ('" + TENANT + "', '" + deployment
                + "', '" + id + "', 'install', '{\"rrule\": \"FREQ=HOURLY" + more + "\"}', '" + first + "', '" + first
                + "', '" + t0 + "', '" + catchUp + "', 'admin')");
        return t0;
    }

    private List<String> runs(String id) throws SQLException {
        return list("SELECT concat_ws('|', outcome, reason, execution_id IS NOT NULL) FROM scheduler.schedule_runs"
                + " WHERE deployment_id = '" + deployment + "' AND schedule_id = '" + id
                + "' AND reason IN ('RESTORE', 'INVALID_RULE') ORDER BY occurrence_at");
    }

    private void awaitSettled() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ask("SELECT count(*) FROM scheduler.execution_schedules"
                                + " WHERE missed_until IS NOT NULL AND deployment_id = '" + deployment + "'"))
                        .isEqualTo("0"));
    }

    private long epoch() throws SQLException {
        return Long.parseLong(ask("SELECT epoch FROM scheduler_control.restore_epoch"));
    }

    @Test
    void eachPolicyDecidesOnWhatWasMissedAndEveryOccurrenceLeavesARow() throws SQLException {
        // given
        Instant t0 = missed("skips", "skip", "");
        missed("once", "once", "");
        missed("all", "all", "");
        missed("fails", "fail", "");
        // when
        wire.send(new SchedulerCommand.RestoreSchedules("r1", epoch() + 1, t0));
        awaitSettled();
        // then
        String row = "missed|RESTORE|f";
        assertThat(runs("skips")).containsExactly(row, row, row, row);
        assertThat(runs("once")).containsExactly(row, row, row);
        assertThat(runs("all")).isEmpty();
        assertThat(runs("fails")).containsExactly(row, row, row, "failed|RESTORE|t");
        assertThat(ask("SELECT (next_occurrence > '" + t0 + "') || ' ' || (last_occurrence <= '" + t0 + "') || ' '"
                        + " || ordinal FROM scheduler.execution_schedules WHERE deployment_id = '" + deployment
                        + "' AND id = 'skips'"))
                .isEqualTo("true true 4");
        // and
        String id = ask("SELECT execution_id FROM scheduler.schedule_runs WHERE deployment_id = '" + deployment
                + "' AND outcome = 'failed'");
        String when = ask("SELECT to_char(occurrence_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                + " FROM scheduler.schedule_runs WHERE execution_id = '" + id + "'");
        assertThat(ask("SELECT status || '|' || reason_code || '|' || schedule_id || '|' || error"
                        + " FROM scheduler.executions WHERE id = '" + id + "'"))
                .isEqualTo("failed|OVERDUE_AT_RESTORE|fails|Execution " + id + " scheduled for " + when
                        + " is overdue. Marking as FAILED.");
    }

    @Test
    void whatAPolicyLeavesOfItIsStartedByTheSchedulesThemselves() throws SQLException {
        // given
        missed("once", "once", "");
        Instant t0 = missed("all", "all", "");
        sql("UPDATE scheduler.execution_schedules SET overlap = 'allow' WHERE deployment_id = '" + deployment + "'");
        // when
        wire.send(new SchedulerCommand.RestoreSchedules("r1", epoch() + 1, t0));
        awaitSettled();
        // then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(outcomes("once")).isEqualTo("missed:3 started:1");
            assertThat(outcomes("all")).isEqualTo("started:4");
        });
        assertThat(ask("SELECT count(DISTINCT e.id) || ' of ' || count(*) FROM scheduler.executions e"
                        + " JOIN scheduler.schedule_runs r ON r.execution_id = e.id WHERE e.deployment_id = '"
                        + deployment + "'"))
                .isEqualTo("5 of 5");
    }

    private String outcomes(String id) throws SQLException {
        return ask("SELECT string_agg(outcome || ':' || n, ' ' ORDER BY outcome) FROM (SELECT outcome, count(*) AS n"
                + " FROM scheduler.schedule_runs WHERE deployment_id = '" + deployment + "' AND schedule_id = '" + id
                + "' GROUP BY outcome) o");
    }

    @Test
    void edgeCase4_theSameCommandAgainChangesNothing() throws SQLException {
        // given
        Instant t0 = missed("twice", "fail", "");
        long epoch = epoch() + 1;
        wire.send(new SchedulerCommand.RestoreSchedules("r1", epoch, t0));
        awaitSettled();
        List<String> runs = runs("twice");
        // when: a crash between the decision and its acknowledgement, as if the schedule had not been settled
        sql("UPDATE scheduler.execution_schedules SET missed_until = '" + t0 + "', next_occurrence = '"
                + t0.minus(Duration.ofMinutes(210)) + "' WHERE deployment_id = '" + deployment + "'");
        wire.send(new SchedulerCommand.RestoreSchedules("r1", epoch, t0));
        awaitSettled();
        // then
        assertThat(runs("twice")).isEqualTo(runs).hasSize(4);
        assertThat(ask("SELECT count(*) FROM scheduler.executions WHERE deployment_id = '" + deployment + "'"))
                .isEqualTo("1");
    }

    @Test
    void missedOccurrencesCountAndAScheduleWithoutFurtherOnesIsCompleted() throws SQLException {
        // given
        Instant t0 = missed("counted", "skip", ";COUNT=3");
        // when
        wire.send(new SchedulerCommand.RestoreSchedules("r1", epoch() + 1, t0));
        awaitSettled();
        // then
        assertThat(runs("counted")).hasSize(3);
        assertThat(ask("SELECT coalesce(next_occurrence::text, 'none') || ' ' || ordinal FROM"
                        + " scheduler.execution_schedules WHERE deployment_id = '" + deployment + "'"))
                .isEqualTo("none 3");
    }

    @Test
    void aRuleThatIsNoneHoldsUpNoOtherSchedule() throws SQLException {
        // given
        missed("broken", "skip", ";BYNONSENSE=1");
        Instant t0 = missed("sound", "skip", "");
        // when
        wire.send(new SchedulerCommand.RestoreSchedules("r1", epoch() + 1, t0));
        awaitSettled();
        // then
        assertThat(runs("broken")).containsExactly("failed|INVALID_RULE|f");
        assertThat(runs("sound")).hasSize(4);
    }

    @Test
    void aCommandThatWasLostWithTheBrokerIsNotMissed() throws SQLException {
        // given
        missed("lost", "skip", "");
        // when
        sweep.find();
        // then
        awaitSettled();
        assertThat(runs("lost")).hasSize(4);
    }

    @Test
    void edgeCase5_commandsOfBeforeARestoreAreRefused() throws Exception {
        // given: an execution that runs, and a restore that is heard of
        String id = UUID.randomUUID().toString();
        long old = epoch();
        scheduled(id, "statement_timestamp()", old);
        JsonNode start = JSON.readTree(wire.awaitCommandFor(id).body());
        wire.send(new RestoreEvent.Completed("r", "s", TENANT, old + 2, Instant.now(), 0, 0, 0));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(epoch()).isEqualTo(old + 2));
        sql("UPDATE scheduler.executions SET status = 'cancelled', dispatch_token = NULL, restore_epoch = " + (old + 2)
                + " WHERE id = '" + id + "'");
        Instant t0 = Instant.now();
        // when: its worker of before the restore reports, and commands of an earlier restore arrive late
        wire.send(new SchedulerCommand.RecordWorkflowOutcome(
                id,
                TENANT,
                "terminated",
                null,
                start.get("token").asText(),
                start.get("epoch").asLong(),
                t0));
        wire.send(new SchedulerCommand.ScheduleExecution(id, TENANT, t0, old + 1));
        wire.send(new SchedulerCommand.RestoreSchedules("earlier", old + 1, t0));
        String after = UUID.randomUUID().toString();
        missed(after, "skip", "");
        wire.send(new SchedulerCommand.RestoreSchedules("of now", old + 2, t0));
        awaitSettled();
        // then
        assertThat(ask("SELECT status FROM scheduler.executions WHERE id = '" + id + "'"))
                .isEqualTo("cancelled");
        assertThat(epoch()).isEqualTo(old + 2);
        assertThat(wire.commandsFor(id)).hasSize(1);
    }

    @Test
    void edgeCase6_whatBecameDueAfterT0IsLateAndNotOverdue() throws SQLException {
        // given: restored while the scheduler was down; its time has come since, its command waited in the queue
        String id = UUID.randomUUID().toString();
        long epoch = epoch() + 1;
        scheduled(id, "statement_timestamp() - interval '1 second'", epoch);
        // when
        wire.send(
                new SchedulerCommand.ScheduleExecution(id, TENANT, Instant.now().minusSeconds(1), epoch));
        // then: it runs, and nobody says that it was overdue
        wire.awaitCommandFor(id);
        assertThat(ask("SELECT status || coalesce(error, '') || coalesce(reason_code, '') FROM scheduler.executions"
                        + " WHERE id = '" + id + "'"))
                .isEqualTo("pending");
        assertThat(ask("SELECT count(*) FROM scheduler.events WHERE execution_id = '" + id
                        + "' AND message LIKE '%overdue%'"))
                .isEqualTo("0");
    }

    @Test
    void edgeCase7_aSnapshotInTheMiddleOfADispatchSeesItBeforeOrAfterButNotBetween() throws SQLException {
        // given: many that become due at once, in more than one claim
        String mark = "cut-" + UUID.randomUUID();
        sql(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at)"
                        + " SELECT '" + TENANT + "', '" + mark + "-' || n, 'install', 'scheduled',"
                        + " statement_timestamp() + interval '1 second', statement_timestamp() FROM generate_series(1, 1500) n");
        // when: snapshot after snapshot, each one consistent cut as archives are
        Set<String> seen = new HashSet<>();
        await().atMost(PATIENCE).until(() -> {
            List<String> cut = cut(mark);
            assertThat(cut.stream().filter(line -> line.endsWith("!")).toList()).isEmpty();
            seen.addAll(cut);
            return cut.stream().noneMatch(line -> line.startsWith("scheduled"));
        });
        // then
        assertThat(seen).containsExactlyInAnyOrder("scheduled", "pending");
    }

    /**
     * The statuses in one cut; with an exclamation mark where a row is neither wholly before nor wholly after its claim: the token comes
     * with the status, and no start command is there of what still waits.
     */
    private List<String> cut(String mark) throws SQLException {
        try (Connection connection = owner();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            List<String> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT DISTINCT status || CASE"
                    + " WHEN status = 'scheduled' AND dispatch_token IS NULL AND NOT EXISTS (SELECT FROM"
                    + " scheduler_control.start_batch b WHERE e.storage_id = ANY (b.storage_ids)) THEN ''"
                    + " WHEN status = 'pending' AND dispatch_token IS NOT NULL THEN ''"
                    + " ELSE '!' END FROM scheduler.executions e WHERE id LIKE '" + mark + "-%'")) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            connection.rollback();
            return found;
        }
    }

    private void scheduled(String id, String when, long epoch) throws SQLException {
        sql("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at,"
                + " restore_epoch) VALUES ('" + TENANT + "', '" + id + "', 'install', 'scheduled', " + when
                + ", statement_timestamp() - interval '1 hour', " + epoch + ")");
    }

    private Connection owner() throws SQLException {
        return DriverManager.getConnection(databaseUrl, "holdfast", "holdfast");
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = owner();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException {
        List<String> values = list(sql);
        return values.isEmpty() ? "(no row)" : values.get(0);
    }

    private List<String> list(String sql) throws SQLException {
        try (Connection connection = owner();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(String.valueOf(row.getString(1)));
            }
            return values;
        }
    }
}
