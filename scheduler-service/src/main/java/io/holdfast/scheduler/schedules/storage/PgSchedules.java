package io.holdfast.scheduler.schedules.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.Statements;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.schedules.DstPolicy;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.ScheduleRun;
import io.holdfast.scheduler.schedules.Schedules;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plain SQL: locks and the history's key are the point here. {@code statement_timestamp()}, never {@code clock_timestamp()}. */
@ApplicationScoped
class PgSchedules implements Schedules {

    /** Wakes the schedule loop; the payload says nothing. */
    private static final String CHANNEL = "holdfast_schedules";

    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private static final String GATE_IS_OPEN =
            " AND NOT EXISTS (SELECT FROM cluster_control.gate WHERE status <> 'deactivated')";

    private static final String KEY = "tenant_name = ? AND deployment_id = ? AND id = ?";

    private static final String WRITTEN = "workflow_id, rule, since, until, slip, parameters, execution_arguments,"
            + " stop_on_fail, enabled, next_occurrence, latest_execution_id, visibility, created_by, created_at, time_zone,"
            + " dst_gap, dst_overlap, overlap, catch_up, catch_up_limit, jitter_seconds, priority, concurrency_key,"
            + " pause_note, last_occurrence, ordinal, tzdb_version, updated_at";

    private static final String VALUES =
            "?, ?::jsonb, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " ?, ?, ?, ?, ?, ?, ?, ?";

    private static final String SELECT = "SELECT tenant_name, deployment_id, id, missed_until,"
            + " coalesce(since, created_at, next_occurrence, '1970-01-01Z') AS begin, " + WRITTEN
            + " FROM scheduler.execution_schedules WHERE " + KEY;

    private static final String RECORD = "INSERT INTO scheduler.schedule_runs AS r (tenant_name, deployment_id,"
            + " schedule_id, occurrence_at, outcome, reason, detail, execution_id, backfill, lateness_ms, decided_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_name, deployment_id, schedule_id, occurrence_at)";

    private static final String RUNS = " FROM scheduler.schedule_runs WHERE tenant_name = ? AND deployment_id = ?"
            + " AND schedule_id = ? AND (?::text IS NULL OR outcome = ?)";

    private final Statements statements;
    private final ObjectMapper json;
    private volatile boolean gateExists;

    PgSchedules(@DataSource("scheduler") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource, "schedules");
        this.json = json;
    }

    @Override
    public List<Schedule.Key> due(String tzdbVersion, int limit) {
        return statements.read(
                "SELECT tenant_name, deployment_id, id FROM scheduler.execution_schedules WHERE enabled"
                        + " AND missed_until IS NULL AND (next_occurrence <= statement_timestamp()"
                        + " OR tzdb_version IS DISTINCT FROM ?)" + gate()
                        + " ORDER BY next_occurrence NULLS FIRST, storage_id LIMIT ?",
                statement -> {
                    statement.setString(1, tzdbVersion);
                    statement.setInt(2, limit);
                },
                row -> new Schedule.Key(row.getString(1), row.getString(2), row.getString(3)));
    }

    @Override
    public Optional<Duration> untilNext() {
        return statements
                .read(
                        "SELECT extract(epoch FROM min(next_occurrence) - statement_timestamp())"
                                + " FROM scheduler.execution_schedules WHERE enabled AND missed_until IS NULL" + gate(),
                        statement -> {},
                        row -> {
                            double seconds = row.getDouble(1);
                            return row.wasNull()
                                    ? Optional.<Duration>empty()
                                    : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
                        })
                .get(0);
    }

    @Override
    public Optional<Schedule> find(Schedule.Key key) {
        return one(SELECT, key);
    }

    @Override
    public Optional<Schedule> lockIfFree(Schedule.Key key) {
        return one(SELECT + " FOR UPDATE SKIP LOCKED", key);
    }

    @Override
    public Optional<Schedule> lock(Schedule.Key key) {
        return one(SELECT + " FOR UPDATE", key);
    }

    @Override
    public boolean add(Schedule schedule) {
        return statements.write(
                        "INSERT INTO scheduler.execution_schedules (" + WRITTEN
                                + ", tenant_name, deployment_id, id) VALUES (" + VALUES
                                + ", ?, ?, ?) ON CONFLICT DO NOTHING",
                        statement -> bind(statement, schedule))
                == 1;
    }

    @Override
    public void update(Schedule schedule) {
        int changed = statements.write(
                "UPDATE scheduler.execution_schedules SET version = version + 1, (" + WRITTEN + ") = ROW(" + VALUES
                        + ") WHERE " + KEY,
                statement -> bind(statement, schedule));
        if (changed != 1) {
            throw new IllegalStateException("schedule " + schedule.key() + " is not there to be changed");
        }
    }

    @Override
    public boolean remove(Schedule.Key key) {
        statements.write(
                "DELETE FROM scheduler.schedule_runs WHERE tenant_name = ? AND deployment_id = ? AND schedule_id = ?",
                statement -> bind(statement, 1, key));
        return statements.write(
                        "DELETE FROM scheduler.execution_schedules WHERE " + KEY, statement -> bind(statement, 1, key))
                == 1;
    }

    /** A backfill may decide anew on what came to nothing. */
    @Override
    public boolean record(Schedule.Key key, ScheduleRun run) {
        String again = run.backfill()
                ? " DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail,"
                        + " execution_id = excluded.execution_id, backfill = true, lateness_ms = excluded.lateness_ms,"
                        + " decided_at = excluded.decided_at"
                        + " WHERE r.outcome IN ('skipped', 'missed', 'failed') AND r.execution_id IS NULL"
                : " DO NOTHING";
        return statements.write(RECORD + again, statement -> {
                    bind(statement, 1, key);
                    statement.setTimestamp(4, timestamp(run.occurrence()));
                    statement.setString(5, Schedule.nameOf(run.outcome()));
                    statement.setString(6, run.reason());
                    statement.setString(7, run.detail());
                    statement.setString(8, run.executionId());
                    statement.setBoolean(9, run.backfill());
                    statement.setObject(10, run.latenessMillis(), Types.BIGINT);
                    statement.setTimestamp(11, timestamp(run.decidedAt()));
                })
                == 1;
    }

    @Override
    public List<ScheduleRun> runs(Schedule.Key key, ScheduleRun.@Nullable Outcome outcome, int size, int offset) {
        return statements.read(
                "SELECT occurrence_at, outcome, reason, detail, execution_id, backfill, lateness_ms, decided_at" + RUNS
                        + " ORDER BY occurrence_at DESC LIMIT ? OFFSET ?",
                statement -> {
                    bindRuns(statement, key, outcome);
                    statement.setInt(6, size);
                    statement.setInt(7, offset);
                },
                row -> new ScheduleRun(
                        row.getTimestamp(1).toInstant(),
                        ScheduleRun.Outcome.of(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getBoolean(6),
                        row.getObject(7, Long.class),
                        row.getTimestamp(8).toInstant()));
    }

    @Override
    public long countRuns(Schedule.Key key, ScheduleRun.@Nullable Outcome outcome) {
        return statements
                .read("SELECT count(*)" + RUNS, statement -> bindRuns(statement, key, outcome), row -> row.getLong(1))
                .get(0);
    }

    private static void bindRuns(PreparedStatement statement, Schedule.Key key, ScheduleRun.@Nullable Outcome outcome)
            throws SQLException {
        bind(statement, 1, key);
        String name = outcome == null ? null : Schedule.nameOf(outcome);
        statement.setString(4, name);
        statement.setString(5, name);
    }

    @Override
    public List<Unended> unended(Schedule.Key key) {
        return statements.read(
                "SELECT id, status FROM scheduler.executions WHERE tenant_name = ? AND deployment_id = ? AND schedule_id = ?"
                        + " AND status IN ('scheduled', 'queued', 'pending', 'started', 'cancelling', 'force_cancelling',"
                        + " 'kill_cancelling') ORDER BY created_at, storage_id",
                statement -> bind(statement, 1, key),
                row -> new Unended(row.getString(1), ExecutionStatus.of(row.getString(2))));
    }

    @Override
    public void announceChange() {
        statements.read("SELECT pg_notify('" + CHANNEL + "', '')", statement -> {}, row -> Boolean.TRUE);
    }

    @Override
    public Instant now() {
        return statements
                .read(
                        "SELECT statement_timestamp()",
                        statement -> {},
                        row -> row.getTimestamp(1).toInstant())
                .get(0);
    }

    /** The cluster-service makes the gate; until it is there, nothing can be closed. Once seen it is not asked for again. */
    private String gate() {
        if (!gateExists) {
            gateExists = statements
                    .read(
                            "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                    + " WHERE n.nspname = 'cluster_control' AND c.relname = 'gate'"
                                    + " AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))",
                            statement -> {},
                            row -> row.getBoolean(1))
                    .get(0);
        }
        return gateExists ? GATE_IS_OPEN : "";
    }

    private void bind(PreparedStatement statement, Schedule schedule) throws SQLException {
        Schedule.Timing timing = schedule.timing();
        Schedule.Policy policy = schedule.policy();
        Schedule.State state = schedule.state();
        int at = 1;
        statement.setString(at++, schedule.workflowId());
        statement.setString(at++, text(timing.rule()));
        statement.setTimestamp(at++, timestamp(timing.since()));
        statement.setTimestamp(at++, timestamp(timing.until()));
        statement.setInt(at++, policy.slipMinutes());
        statement.setString(at++, text(schedule.parameters()));
        statement.setString(at++, text(schedule.arguments()));
        statement.setBoolean(at++, policy.stopOnFail());
        statement.setBoolean(at++, state.enabled());
        statement.setTimestamp(at++, timestamp(state.next()));
        statement.setString(at++, state.latestExecutionId());
        statement.setString(at++, schedule.visibility());
        statement.setString(at++, schedule.createdBy());
        statement.setTimestamp(at++, timestamp(schedule.createdAt()));
        statement.setString(at++, timing.zone());
        statement.setString(at++, Schedule.nameOf(timing.dst().gap()));
        statement.setString(at++, Schedule.nameOf(timing.dst().overlap()));
        statement.setString(at++, Schedule.nameOf(policy.overlap()));
        statement.setString(at++, Schedule.nameOf(policy.catchUp()));
        statement.setInt(at++, policy.catchUpLimit());
        statement.setInt(at++, policy.jitterSeconds());
        statement.setInt(at++, policy.priority());
        statement.setString(at++, policy.concurrencyKey());
        statement.setString(at++, state.pauseNote());
        statement.setTimestamp(at++, timestamp(state.last()));
        statement.setLong(at++, state.ordinal());
        statement.setString(at++, state.tzdbVersion());
        statement.setTimestamp(at++, timestamp(state.updatedAt()));
        bind(statement, at, schedule.key());
    }

    private static void bind(PreparedStatement statement, int at, Schedule.Key key) throws SQLException {
        statement.setString(at, key.tenantName());
        statement.setString(at + 1, key.deploymentId());
        statement.setString(at + 2, key.id());
    }

    private Schedule schedule(ResultSet row) throws SQLException {
        Map<String, Object> rule = object(row.getString("rule"));
        Timestamp created = row.getTimestamp("created_at");
        return new Schedule(
                new Schedule.Key(row.getString("tenant_name"), row.getString("deployment_id"), row.getString("id")),
                row.getString("workflow_id"),
                object(row.getString("parameters")),
                object(row.getString("execution_arguments")),
                row.getString("visibility"),
                row.getString("created_by"),
                (created == null ? row.getTimestamp("begin") : created).toInstant(),
                new Schedule.Timing(
                        rule == null ? Map.of() : rule,
                        row.getString("time_zone"),
                        DstPolicy.of(row.getString("dst_gap"), row.getString("dst_overlap")),
                        row.getTimestamp("begin").toInstant(),
                        instant(row, "until")),
                new Schedule.Policy(
                        row.getInt("slip"),
                        row.getBoolean("stop_on_fail"),
                        Schedule.Overlap.of(row.getString("overlap")),
                        Schedule.CatchUp.of(row.getString("catch_up")),
                        row.getInt("catch_up_limit"),
                        row.getInt("jitter_seconds"),
                        row.getInt("priority"),
                        row.getString("concurrency_key")),
                new Schedule.State(
                        row.getBoolean("enabled"),
                        row.getString("pause_note"),
                        instant(row, "next_occurrence"),
                        instant(row, "last_occurrence"),
                        row.getLong("ordinal"),
                        row.getString("tzdb_version"),
                        instant(row, "updated_at"),
                        row.getString("latest_execution_id"),
                        instant(row, "missed_until")));
    }

    /** An archive may carry JSON that is no object: then it is as if there was none. */
    private @Nullable Map<String, Object> object(@Nullable String text) {
        if (text == null || !text.startsWith("{")) {
            return null;
        }
        try {
            return json.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a jsonb column holds something unreadable", e);
        }
    }

    private @Nullable String text(@Nullable Map<String, ?> value) {
        try {
            return value == null ? null : json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        }
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }

    private Optional<Schedule> one(String sql, Schedule.Key key) {
        return statements.read(sql, statement -> bind(statement, 1, key), this::schedule).stream()
                .findFirst();
    }
}
