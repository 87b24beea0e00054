package io.holdfast.scheduler.executions.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.ExecutionSql;
import io.holdfast.scheduler.Statements;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Executions in the tables of the state schema {@code scheduler}. Plain SQL: claims and locks are the point here. */
@ApplicationScoped
class PgExecutions implements Executions {

    /** Wakes the dispatch loop; the payload says nothing. */
    static final String DUE_CHANNEL = "holdfast_execution_due";

    /** The literal lists are what lets PostgreSQL use the partial indexes; it does not put two of them together by itself. */
    private static final String ENDED = "status IN ('terminated', 'failed', 'cancelled')";

    private static final String QUEUED = "status = 'queued'";

    private static final String NEWEST = " ORDER BY created_at DESC, storage_id DESC LIMIT 1";

    private static final String OF_WANTED =
            "SELECT * FROM scheduler.executions WHERE tenant_name = tenant AND deployment_id = deployment";

    /** The newest of all of a {@code deployment} of a {@code tenant}. */
    private static final String NEWEST_OF_ALL = OF_WANTED + NEWEST;

    /**
     * The same of those that do not wait for their turn or their time: what waits is nothing that a deployment is known for yet. Not by a
     * condition on the others' status: in a deployment with very many that wait, PostgreSQL would walk over them.
     */
    static final String NEWEST_HANDED_OUT = "SELECT * FROM ((" + OF_WANTED + " AND " + ExecutionSql.ACTIVE + NEWEST
            + ") UNION ALL (" + OF_WANTED + " AND " + ENDED + NEWEST + ")) AS handed_out" + NEWEST;

    private static final String COLUMNS =
            "tenant_name, id, workflow_id, deployment_id, deployment_display_name, blueprint_id, status, parameters,"
                    + " is_system_workflow, is_dry_run, allow_custom_parameters, resume, error, total_operations,"
                    + " finished_operations, scheduled_for, created_at, started_at, ended_at, visibility, created_by,"
                    + " dispatch_token, restore_epoch, priority, concurrency_key, parallel, schedule_id, occurrence_at,"
                    + " dispatch_attempt, wait_after_fail";

    private final Statements statements;
    private final Json json;
    private final AnsweredStarts answered;

    PgExecutions(@DataSource("scheduler") AgroalDataSource dataSource, Json json, AnsweredStarts answered) {
        this.statements = new Statements(dataSource, "executions");
        this.json = json;
        this.answered = answered;
    }

    @Override
    public Optional<Execution> lock(String tenantName, String id) {
        return one(
                "SELECT " + COLUMNS + " FROM scheduler.executions WHERE tenant_name = ? AND id = ? FOR UPDATE",
                tenantName,
                id);
    }

    @Override
    public Optional<Execution> find(String tenantName, String id) {
        return one("SELECT " + COLUMNS + " FROM scheduler.executions WHERE tenant_name = ? AND id = ?", tenantName, id);
    }

    @Override
    public List<Execution> findAll(List<Ref> refs) {
        return query(
                "SELECT " + COLUMNS
                        + " FROM scheduler.executions JOIN unnest(?::text[], ?::text[]) AS wanted(tenant, execution)"
                        + " ON tenant_name = tenant AND id = execution",
                statement -> {
                    statement.setArray(
                            1,
                            statement
                                    .getConnection()
                                    .createArrayOf(
                                            "text",
                                            refs.stream().map(Ref::tenantName).toArray()));
                    statement.setArray(
                            2,
                            statement
                                    .getConnection()
                                    .createArrayOf(
                                            "text", refs.stream().map(Ref::id).toArray()));
                });
    }

    @Override
    public List<Execution> latest(List<Ref> deployments) {
        return newest(deployments, NEWEST_OF_ALL);
    }

    @Override
    public List<Execution> latestHandedOut(List<Ref> deployments) {
        return newest(deployments, NEWEST_HANDED_OUT);
    }

    private List<Execution> newest(List<Ref> deployments, String newest) {
        return query(
                "SELECT " + COLUMNS
                        + " FROM unnest(?::text[], ?::text[]) AS wanted(tenant, deployment) CROSS JOIN LATERAL ("
                        + newest + ") AS newest",
                statement -> {
                    statement.setArray(
                            1,
                            statement
                                    .getConnection()
                                    .createArrayOf(
                                            "text",
                                            deployments.stream()
                                                    .map(Ref::tenantName)
                                                    .toArray()));
                    statement.setArray(
                            2,
                            statement
                                    .getConnection()
                                    .createArrayOf(
                                            "text",
                                            deployments.stream().map(Ref::id).toArray()));
                });
    }

    @Override
    public List<Execution> latestChanged(Instant since) {
        return query(
                "SELECT " + COLUMNS
                        + " FROM (SELECT e.tenant_name, e.deployment_id FROM scheduler.execution_history h"
                        + "       JOIN scheduler.executions e ON e.tenant_name = h.tenant_name AND e.id = h.execution_id"
                        + "       WHERE h.changed_at >= ? AND e.deployment_id IS NOT NULL"
                        + "       UNION SELECT tenant_name, deployment_id FROM scheduler.executions WHERE deployment_id IS NOT NULL"
                        + "       AND " + ExecutionSql.ACTIVE + ") AS wanted(tenant, deployment) CROSS JOIN LATERAL ("
                        + NEWEST_HANDED_OUT + ") AS newest",
                statement -> statement.setTimestamp(1, timestamp(since)));
    }

    @Override
    public boolean add(Execution execution, @Nullable Instant leaseUntil) {
        return statements.write(
                        "INSERT INTO scheduler.executions (" + COLUMNS + ", lease_until, dispatched_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                                + " ?, ?, ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN statement_timestamp() END)"
                                + " ON CONFLICT (tenant_name, id) DO NOTHING",
                        statement -> {
                            bind(statement, execution);
                            statement.setTimestamp(31, timestamp(leaseUntil));
                            statement.setBoolean(32, execution.dispatchToken() != null);
                        })
                == 1;
    }

    /** What a change made of a row. */
    private record Changed(int version, @Nullable Instant dispatchedAt) {}

    @Override
    public int update(
            Execution execution,
            @Nullable String reasonCode,
            @Nullable Instant leaseUntil,
            @Nullable String changedBy) {
        List<Changed> changed = statements.read(
                "UPDATE scheduler.executions SET status = ?, error = ?, started_at = ?, ended_at = ?, resume = ?,"
                        + " dispatched_at = CASE WHEN ?::text <> coalesce(dispatch_token, '') THEN statement_timestamp()"
                        + " ELSE dispatched_at END, dispatch_token = ?, lease_until = ?,"
                        + " reason_code = CASE WHEN ? THEN coalesce(?, CASE WHEN status <> 'queued' THEN reason_code END) END,"
                        + " restore_epoch = ?, dispatch_attempt = ?, changed_by = ?, version = version + 1"
                        + " WHERE tenant_name = ? AND id = ? RETURNING version, dispatched_at",
                statement -> {
                    statement.setString(1, execution.status().wireName());
                    statement.setString(2, execution.error());
                    statement.setTimestamp(3, timestamp(execution.startedAt()));
                    statement.setTimestamp(4, timestamp(execution.endedAt()));
                    statement.setBoolean(5, execution.resume());
                    statement.setString(6, execution.dispatchToken());
                    statement.setString(7, execution.dispatchToken());
                    statement.setTimestamp(8, timestamp(leaseUntil));
                    statement.setBoolean(9, execution.status() != ExecutionStatus.PENDING);
                    statement.setString(10, reasonCode);
                    statement.setLong(11, execution.restoreEpoch());
                    statement.setInt(12, execution.turn().attempt());
                    statement.setString(13, changedBy);
                    statement.setString(14, execution.tenantName());
                    statement.setString(15, execution.id());
                },
                row -> new Changed(row.getInt(1), instant(row.getTimestamp(2))));
        if (changed.size() != 1) {
            throw new IllegalStateException("execution " + execution.id() + " is not there to be changed");
        }
        answered.changed(execution, changed.get(0).dispatchedAt());
        return changed.get(0).version();
    }

    @Override
    public void count(Ref execution, int total, int finished) {
        statements.write(
                "UPDATE scheduler.executions SET total_operations = ?, finished_operations = ?"
                        + " WHERE tenant_name = ? AND id = ?",
                statement -> {
                    statement.setInt(1, total);
                    statement.setInt(2, finished);
                    statement.setString(3, execution.tenantName());
                    statement.setString(4, execution.id());
                });
    }

    @Override
    public void reopenOperations(String tenantName, String id, boolean alsoUnderWay) {
        // Those that were over are counted again when they are over again.
        statements.write("""
                WITH undone AS (
                    SELECT o.storage_id, o.type, o.state FROM scheduler.operations o
                    JOIN scheduler.tasks_graphs g ON g.tenant_name = o.tenant_name AND g.id = o.tasks_graph_id
                    WHERE g.tenant_name = ? AND g.execution_id = ?
                      AND (o.state IN ('rescheduled', 'failed') OR ? AND o.state IN ('sending', 'sent', 'started'))
                    FOR UPDATE OF o),
                reopened AS (
                    UPDATE scheduler.operations o SET state = 'pending',
                        parameters = jsonb_set(coalesce(o.parameters, '{}'), '{current_retries}', '0')
                    FROM undone WHERE o.storage_id = undone.storage_id)
                UPDATE scheduler.executions SET finished_operations = greatest(finished_operations - (
                    SELECT count(*) FROM undone WHERE state IN ('rescheduled', 'failed') AND type IS DISTINCT FROM 'NOPLocalWorkflowTask'),
                    0)
                WHERE tenant_name = ? AND id = ? AND finished_operations IS NOT NULL""", statement -> {
            statement.setString(1, tenantName);
            statement.setString(2, id);
            statement.setBoolean(3, alsoUnderWay);
            statement.setString(4, tenantName);
            statement.setString(5, id);
        });
    }

    @Override
    public void lockDeployment(String tenantName, String deploymentId) {
        run(
                "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
                statement -> statement.setString(1, tenantName + "/" + deploymentId));
    }

    @Override
    public boolean isLimited(String tenantName, @Nullable String concurrencyKey) {
        return concurrencyKey != null
                || !strings(
                                "SELECT tenant_name FROM scheduler.tenant_limits WHERE tenant_name = ?"
                                        + " AND (max_running IS NOT NULL OR starts_per_minute IS NOT NULL)",
                                statement -> statement.setString(1, tenantName))
                        .isEmpty();
    }

    @Override
    public List<String> busy(String tenantName, String deploymentId) {
        String ofDeployment = OF_WANTED + " AND ";
        return strings(
                "SELECT id FROM (SELECT ?::text AS tenant, ?::text AS deployment) AS wanted CROSS JOIN LATERAL ("
                        + ofDeployment + ExecutionSql.ACTIVE + " UNION ALL " + ofDeployment + QUEUED
                        + ") AS unfinished ORDER BY created_at, storage_id",
                statement -> {
                    statement.setString(1, tenantName);
                    statement.setString(2, deploymentId);
                });
    }

    @Override
    public boolean blockingSystemWorkflowRuns() {
        return statements
                .read("SELECT " + ExecutionSql.SYSTEM_WORKFLOW_BLOCKS, statement -> {}, row -> row.getBoolean(1))
                .get(0);
    }

    @Override
    public List<Execution> unfinished() {
        return query(
                "SELECT " + COLUMNS
                        + " FROM (SELECT * FROM scheduler.executions WHERE " + ExecutionSql.ACTIVE
                        + " UNION ALL SELECT * FROM scheduler.executions WHERE " + QUEUED
                        + ") AS unfinished WHERE NOT (is_system_workflow AND workflow_id = 'restore_snapshot')"
                        + " ORDER BY created_at, storage_id",
                statement -> {});
    }

    @Override
    public void announceDue() {
        run("SELECT pg_notify('" + DUE_CHANNEL + "', '')", statement -> {});
    }

    @Override
    public long epoch() {
        return statements
                .read("SELECT epoch FROM scheduler_control.restore_epoch", statement -> {}, row -> row.getLong(1))
                .get(0);
    }

    @Override
    public void sawEpoch(long epoch) {
        statements.write("UPDATE scheduler_control.restore_epoch SET epoch = ? WHERE epoch < ?", statement -> {
            statement.setLong(1, epoch);
            statement.setLong(2, epoch);
        });
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

    private void bind(PreparedStatement statement, Execution execution) throws SQLException {
        statement.setString(1, execution.tenantName());
        statement.setString(2, execution.id());
        statement.setString(3, execution.workflowId());
        statement.setString(4, execution.deploymentId());
        statement.setString(5, execution.deploymentDisplayName());
        statement.setString(6, execution.blueprintId());
        statement.setString(7, execution.status().wireName());
        statement.setString(8, json.writeOrNull(execution.parameters()));
        statement.setBoolean(9, execution.systemWorkflow());
        statement.setBoolean(10, execution.dryRun());
        statement.setBoolean(11, execution.allowCustomParameters());
        statement.setBoolean(12, execution.resume());
        statement.setString(13, execution.error());
        statement.setObject(14, execution.totalOperations(), Types.INTEGER);
        statement.setObject(15, execution.finishedOperations(), Types.INTEGER);
        statement.setTimestamp(16, timestamp(execution.scheduledFor()));
        statement.setTimestamp(17, Timestamp.from(execution.createdAt()));
        statement.setTimestamp(18, timestamp(execution.startedAt()));
        statement.setTimestamp(19, timestamp(execution.endedAt()));
        statement.setString(20, execution.visibility());
        statement.setString(21, execution.createdBy());
        statement.setString(22, execution.dispatchToken());
        statement.setLong(23, execution.restoreEpoch());
        Execution.Turn turn = execution.turn();
        statement.setInt(24, turn.priority());
        statement.setString(25, turn.concurrencyKey());
        statement.setBoolean(26, turn.parallel());
        statement.setString(27, turn.scheduleId());
        statement.setTimestamp(28, timestamp(turn.occurrenceAt()));
        statement.setInt(29, turn.attempt());
        statement.setObject(30, execution.waitAfterFail(), Types.INTEGER);
    }

    private Execution execution(ResultSet row) throws SQLException {
        return new Execution(
                row.getString("tenant_name"),
                row.getString("id"),
                row.getString("workflow_id"),
                row.getString("deployment_id"),
                row.getString("deployment_display_name"),
                row.getString("blueprint_id"),
                ExecutionStatus.of(row.getString("status")),
                json.mapOrNull(row.getString("parameters")),
                row.getBoolean("is_system_workflow"),
                row.getBoolean("is_dry_run"),
                row.getBoolean("allow_custom_parameters"),
                row.getBoolean("resume"),
                row.getObject("wait_after_fail", Integer.class),
                row.getString("error"),
                row.getObject("total_operations", Integer.class),
                row.getObject("finished_operations", Integer.class),
                instant(row.getTimestamp("scheduled_for")),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("started_at")),
                instant(row.getTimestamp("ended_at")),
                row.getString("visibility"),
                row.getString("created_by"),
                row.getString("dispatch_token"),
                row.getLong("restore_epoch"),
                new Execution.Turn(
                        row.getInt("priority"),
                        row.getString("concurrency_key"),
                        row.getBoolean("parallel"),
                        row.getString("schedule_id"),
                        instant(row.getTimestamp("occurrence_at")),
                        row.getInt("dispatch_attempt")));
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }

    private Optional<Execution> one(String sql, String tenantName, String id) {
        return query(sql, statement -> {
                    statement.setString(1, tenantName);
                    statement.setString(2, id);
                })
                .stream()
                .findFirst();
    }

    private List<Execution> query(String sql, Statements.Binder binder) {
        return statements.read(sql, binder, this::execution);
    }

    private List<String> strings(String sql, Statements.Binder binder) {
        return statements.read(sql, binder, row -> row.getString(1));
    }

    private void run(String sql, Statements.Binder binder) {
        statements.read(sql, binder, row -> Boolean.TRUE);
    }
}
