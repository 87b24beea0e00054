package io.holdfast.scheduler.catchup.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.catchup.CatchUp;
import io.holdfast.scheduler.catchup.CatchUpPolicy;
import io.holdfast.scheduler.catchup.MissedSchedule;
import io.holdfast.scheduler.catchup.MissedSchedules;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Missed schedules as rows of {@code scheduler.execution_schedules} with {@code missed_until}. */
@ApplicationScoped
class PgMissedSchedules implements MissedSchedules {

    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private static final String LOCK = """
            SELECT s.tenant_name, s.deployment_id, s.id, s.workflow_id, s.rule, s.time_zone, s.dst_gap, s.dst_overlap,
                   coalesce(s.since, s.created_at, s.next_occurrence, s.missed_until) AS since, s.until, s.catch_up,
                   s.catch_up_limit, s.next_occurrence, s.missed_until, s.parameters, s.visibility, s.created_by,
                   s.priority, s.concurrency_key, e.deployment_display_name, e.blueprint_id
              FROM scheduler.execution_schedules s
              LEFT JOIN LATERAL (SELECT x.deployment_display_name, x.blueprint_id FROM scheduler.executions x
                                  WHERE x.tenant_name = s.tenant_name AND x.deployment_id = s.deployment_id
                                  ORDER BY x.created_at DESC LIMIT 1) e ON true
             WHERE s.missed_until IS NOT NULL
             ORDER BY s.missed_until, s.storage_id LIMIT ? FOR UPDATE OF s SKIP LOCKED""";

    private static final String RECORD = "INSERT INTO scheduler.schedule_runs (tenant_name, deployment_id, schedule_id,"
            + " occurrence_at, outcome, reason, detail, execution_id, decided_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final String SETTLE = "UPDATE scheduler.execution_schedules SET missed_until = NULL,"
            + " next_occurrence = ?, last_occurrence = coalesce(?, last_occurrence), ordinal = ordinal + ?,"
            + " version = version + 1 WHERE tenant_name = ? AND deployment_id = ? AND id = ?";

    private final AgroalDataSource dataSource;
    private final ObjectMapper json;

    PgMissedSchedules(@DataSource("scheduler") AgroalDataSource dataSource, ObjectMapper json) {
        this.dataSource = dataSource;
        this.json = json;
    }

    @Override
    public List<MissedSchedule> lockSome(int limit) {
        List<MissedSchedule> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement(LOCK)) {
            query.setInt(1, limit);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(schedule(row));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the schedules that a restore missed", e);
        }
        return found;
    }

    private MissedSchedule schedule(ResultSet row) throws SQLException {
        Map<String, @Nullable Object> rule = object(row.getString("rule"));
        return new MissedSchedule(
                row.getString("tenant_name"),
                row.getString("deployment_id"),
                row.getString("id"),
                row.getString("workflow_id"),
                rule == null ? Map.of() : rule,
                new MissedSchedule.Zone(
                        row.getString("time_zone"), row.getString("dst_gap"), row.getString("dst_overlap")),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                instant(row, "until"),
                CatchUpPolicy.ofWireName(row.getString("catch_up")),
                row.getInt("catch_up_limit"),
                instant(row, "next_occurrence"),
                row.getObject("missed_until", OffsetDateTime.class).toInstant(),
                new MissedSchedule.Maker(
                        object(row.getString("parameters")),
                        row.getString("visibility"),
                        row.getString("created_by"),
                        row.getString("deployment_display_name"),
                        row.getString("blueprint_id"),
                        row.getInt("priority"),
                        row.getString("concurrency_key")));
    }

    @Override
    public boolean any() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT EXISTS (SELECT FROM scheduler.execution_schedules WHERE missed_until IS NOT NULL)");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look for schedules that a restore missed", e);
        }
    }

    @Override
    public List<CatchUp.Missed> recordMissed(
            MissedSchedule schedule, List<CatchUp.Missed> missed, String reason, Instant at) {
        List<CatchUp.Missed> fresh = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(RECORD)) {
            for (CatchUp.Missed one : missed) {
                bind(insert, schedule, one.occurrenceAt(), "missed", reason, one.detail(), null, at);
                insert.addBatch();
            }
            int[] inserted = insert.executeBatch();
            for (int i = 0; i < inserted.length; i++) {
                if (inserted[i] != 0) {
                    fresh.add(missed.get(i));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot note what schedule " + schedule.id() + " missed", e);
        }
        return fresh;
    }

    @Override
    public boolean recordFailed(
            MissedSchedule schedule,
            Instant occurrenceAt,
            String reason,
            String detail,
            @Nullable String executionId,
            Instant at) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(RECORD)) {
            bind(insert, schedule, occurrenceAt, "failed", reason, detail, executionId, at);
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot note that schedule " + schedule.id() + " failed", e);
        }
    }

    private static void bind(
            PreparedStatement insert,
            MissedSchedule schedule,
            Instant occurrenceAt,
            String outcome,
            String reason,
            @Nullable String detail,
            @Nullable String executionId,
            Instant at)
            throws SQLException {
        insert.setString(1, schedule.tenantName());
        insert.setString(2, schedule.deploymentId());
        insert.setString(3, schedule.id());
        insert.setObject(4, at(occurrenceAt));
        insert.setString(5, outcome);
        insert.setString(6, reason);
        insert.setString(7, detail);
        insert.setString(8, executionId);
        insert.setObject(9, at(at));
    }

    @Override
    public void settle(MissedSchedule schedule, @Nullable Instant last, @Nullable Instant next, long decided) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(SETTLE)) {
            update.setObject(1, next == null ? null : at(next));
            update.setObject(2, last == null ? null : at(last));
            update.setLong(3, decided);
            update.setString(4, schedule.tenantName());
            update.setString(5, schedule.deploymentId());
            update.setString(6, schedule.id());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("schedule " + schedule.id() + " is not there to be changed");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot let schedule " + schedule.id() + " go on", e);
        }
    }

    /** An archive may carry JSON that is no object: no rule and no parameters then. */
    private @Nullable Map<String, @Nullable Object> object(@Nullable String text) {
        try {
            return text == null ? null : json.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
