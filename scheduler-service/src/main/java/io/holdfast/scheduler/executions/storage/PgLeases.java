package io.holdfast.scheduler.executions.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.ExecutionSql;
import io.holdfast.scheduler.MaintenanceGate;
import io.holdfast.scheduler.executions.ExecutionStatus;
import io.holdfast.scheduler.executions.Executions.Ref;
import io.holdfast.scheduler.executions.Leases;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leases in the columns {@code dispatch_token} and {@code lease_until}; the database's clock says what has run out. */
@ApplicationScoped
class PgLeases implements Leases {

    /** Pending ones without a lease are of a version that gave none. */
    private static final String UNANSWERED =
            "status = 'pending' AND dispatch_token IS NOT NULL AND coalesce(lease_until, '-infinity') <= statement_timestamp()";

    /** Of those handed out since, the first start command may not have been published yet. */
    private static final String BEFORE_WHAT_WAITS =
            " AND coalesce(dispatched_at, created_at) < coalesce((SELECT min(dispatched_at)"
                    + " FROM scheduler_control.start_batch), 'infinity')";

    /** Handed out before one that a worker has come to: the queue is in order, so it is not in there any more. Binds: when that one was. */
    private static final String OVERTAKEN = " AND coalesce(dispatched_at, created_at) < ? ORDER BY lease_until";

    private static final String NEWEST = " ORDER BY coalesce(dispatched_at, created_at) DESC";

    private static final String TELL_AGAIN = " INSERT INTO scheduler_control.outbox " + ExecutionSql.OUTBOX_COLUMNS
            + " SELECT " + ExecutionSql.START_COMMAND + " FROM again ON CONFLICT (message_id) DO NOTHING";

    /** At the first step: what waits is among what is said again. What a relay has at hand comes twice, and is dropped there. */
    private static final String COVERED_BY_ALL = "DELETE FROM scheduler_control.start_batch WHERE ? = 0 AND seq IN"
            + " (SELECT seq FROM scheduler_control.start_batch FOR UPDATE SKIP LOCKED)";

    /**
     * The statuses that it must not have, not those that it may have: they would let the planner take the index of all that is active,
     * which is next to empty by its statistics as long as they are of a quieter hour, and walk through the tenant's for each heartbeat.
     */
    static final String PROLONG = "UPDATE scheduler.executions"
            + " SET lease_until = statement_timestamp() + ? * interval '1 millisecond'"
            + " WHERE tenant_name = ? AND id = ? AND dispatch_token = ? AND restore_epoch = ?"
            + " AND status NOT IN ('scheduled', 'queued', 'kill_cancelling', 'terminated', 'failed', 'cancelled')";

    private final AgroalDataSource dataSource;
    private final MaintenanceGate gate;
    private final AnsweredStarts answered;

    PgLeases(@DataSource("scheduler") AgroalDataSource dataSource, MaintenanceGate gate, AnsweredStarts answered) {
        this.dataSource = dataSource;
        this.gate = gate;
        this.answered = answered;
    }

    @Override
    public List<Lapse> lapsed(int limit) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        ("SELECT tenant_name, id, status FROM scheduler.executions WHERE " + ExecutionSql.ACTIVE
                                        + " AND status <> 'pending' AND CASE WHEN status = 'started'"
                                        + " THEN lease_until <= statement_timestamp()"
                                        + " ELSE coalesce(lease_until, '-infinity') <= statement_timestamp() END"
                                        + " AND (status <> 'started' OR (true%s))"
                                        + " ORDER BY lease_until LIMIT ?")
                                .formatted(gate.isOpen(connection)))) {
            statement.setInt(1, limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<Lapse> lapsed = new ArrayList<>();
                while (rows.next()) {
                    lapsed.add(new Lapse(
                            new Ref(rows.getString(1), rows.getString(2)), ExecutionStatus.of(rows.getString(3))));
                }
                return lapsed;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see which leases have run out", e);
        }
    }

    @Override
    public boolean isLapsed(Ref execution) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT coalesce(lease_until, '-infinity')"
                        + " <= statement_timestamp() AND NOT (status = 'started' AND lease_until IS NULL)"
                        + " FROM scheduler.executions WHERE tenant_name = ? AND id = ?")) {
            statement.setString(1, execution.tenantName());
            statement.setString(2, execution.id());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see the lease of " + execution.id(), e);
        }
    }

    @Override
    public int sendOvertakenAgain(int limit, Duration first, Duration longest) {
        Instant answered = this.answered.newest();
        return answered == null ? 0 : sendAgain(OVERTAKEN, answered, limit, first, longest);
    }

    @Override
    public int sendNewestAgain(Duration first, Duration longest) {
        return sendAgain(NEWEST, null, 1, first, longest);
    }

    private int sendAgain(String which, @Nullable Instant answered, int limit, Duration first, Duration longest) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("WITH lapsed AS MATERIALIZED (SELECT storage_id"
                                + " FROM scheduler.executions WHERE " + UNANSWERED + BEFORE_WHAT_WAITS
                                + gate.isOpen(connection) + which
                                + " LIMIT ? FOR UPDATE SKIP LOCKED), again AS (UPDATE scheduler.executions e"
                                + " SET lease_until = statement_timestamp() + greatest(? * interval '1 millisecond',"
                                + " least(? * interval '1 millisecond', statement_timestamp() - coalesce(dispatched_at, created_at)))"
                                + " FROM lapsed WHERE e.storage_id = lapsed.storage_id RETURNING e.*), told AS ("
                                + TELL_AGAIN + ") SELECT n, CASE WHEN n > 0 THEN " + ExecutionSql.WAKE_RELAY
                                + " END FROM (SELECT count(*) AS n FROM again) q")) {
            int bind = 0;
            if (answered != null) {
                statement.setTimestamp(++bind, Timestamp.from(answered));
            }
            statement.setInt(++bind, limit);
            statement.setLong(++bind, first.toMillis());
            statement.setLong(++bind, longest.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot send start commands again", e);
        }
    }

    @Override
    public List<Long> sendAllAgain(long afterStorageId, int limit) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("WITH again AS MATERIALIZED (SELECT *"
                        + " FROM scheduler.executions WHERE status = 'pending' AND dispatch_token IS NOT NULL"
                        + " AND storage_id > ? ORDER BY storage_id LIMIT ?), covered AS (" + COVERED_BY_ALL
                        + "), told AS ("
                        + TELL_AGAIN
                        + ") SELECT max(storage_id), " + ExecutionSql.WAKE_RELAY + " FROM again")) {
            statement.setLong(1, afterStorageId);
            statement.setInt(2, limit);
            statement.setLong(3, afterStorageId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long highest = row.getLong(1);
                return row.wasNull() ? List.of() : List.of(highest);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot send start commands again", e);
        }
    }

    @Override
    public boolean prolong(Ref execution, String token, long epoch, Duration lease) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PROLONG)) {
            statement.setLong(1, lease.toMillis());
            statement.setString(2, execution.tenantName());
            statement.setString(3, execution.id());
            statement.setString(4, token);
            statement.setLong(5, epoch);
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot prolong the lease of " + execution.id(), e);
        }
    }
}
