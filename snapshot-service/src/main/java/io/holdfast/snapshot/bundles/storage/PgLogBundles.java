package io.holdfast.snapshot.bundles.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.SnapshotSql;
import io.holdfast.snapshot.bundles.LogBundle;
import io.holdfast.snapshot.bundles.LogBundles;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue by SQL: each change a single statement, so that two instances never make the same bundle. */
@ApplicationScoped
class PgLogBundles implements LogBundles {

    private static final String COLUMNS =
            "tenant_name, id, status, error, created_by, created_at, finished_at, execution_id, archive_bytes";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM snapshot_control.log_bundles ";
    private static final String THIS = " WHERE tenant_name = ? AND id = ?";

    /** Whoever marks a bundle as being created does not make it one that is. */
    private static final String NOBODY = "marked by hand";

    private final SnapshotSql sql;

    PgLogBundles(@DataSource(SnapshotMessaging.SERVICE) AgroalDataSource dataSource) {
        this.sql = new SnapshotSql(dataSource, "the catalogue of log bundles");
    }

    @Override
    public Optional<LogBundle> find(@Nullable String tenantName, String id) {
        List<LogBundle> found = tenantName == null
                ? sql.query(PgLogBundles::bundle, SELECT + "WHERE id = ? LIMIT 2", id)
                : sql.query(PgLogBundles::bundle, SELECT + THIS, tenantName, id);
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    @Override
    public void add(LogBundle bundle) {
        int added = sql.update(
                "INSERT INTO snapshot_control.log_bundles (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (tenant_name, id) DO NOTHING",
                bundle.tenantName(),
                bundle.id(),
                bundle.status().wireName(),
                bundle.error(),
                bundle.createdBy(),
                time(bundle.createdAt()),
                time(bundle.finishedAt()),
                bundle.executionId(),
                bundle.archiveBytes());
        if (added == 0) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "<LogBundle id=`" + bundle.id() + "` tenant=`" + bundle.tenantName()
                            + "`> already exists on <Tenant name=`" + bundle.tenantName()
                            + "`> or with global visibility",
                    null);
        }
    }

    @Override
    public Optional<LogBundle> claimNext(String instanceId, Instant now) {
        return sql
                .query(
                        PgLogBundles::bundle,
                        "UPDATE snapshot_control.log_bundles SET claimed_by = ?, claimed_at = ? WHERE storage_id ="
                                + " (SELECT storage_id FROM snapshot_control.log_bundles WHERE status = 'creating' AND claimed_by IS NULL"
                                + " ORDER BY created_at, storage_id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING "
                                + COLUMNS,
                        instanceId,
                        time(now))
                .stream()
                .findFirst();
    }

    @Override
    public boolean finish(
            LogBundle bundle,
            String instanceId,
            SnapshotStatus status,
            String error,
            @Nullable Long archiveBytes,
            Instant now) {
        return sql.update(
                        "UPDATE snapshot_control.log_bundles SET status = ?, error = ?, archive_bytes = ?, finished_at = ?, told = false"
                                + THIS + " AND status = 'creating' AND claimed_by = ? AND execution_id = ?",
                        status.wireName(),
                        error,
                        archiveBytes,
                        time(now),
                        bundle.tenantName(),
                        bundle.id(),
                        instanceId,
                        bundle.executionId())
                == 1;
    }

    @Override
    public int failAbandoned(@Nullable String deadInstance, Instant claimedBefore, String error, Instant now) {
        return sql.update(
                "UPDATE snapshot_control.log_bundles SET status = 'failed', error = ?, finished_at = ?, told = (execution_id IS NULL)"
                        + " WHERE status = 'creating' AND (claimed_by = ? OR claimed_at < ?)",
                error,
                time(now),
                deadInstance,
                time(claimedBefore));
    }

    @Override
    public void mark(LogBundle bundle, SnapshotStatus status, String error, Instant now) {
        boolean begins = status == SnapshotStatus.CREATING && bundle.status() != SnapshotStatus.CREATING;
        boolean ends = status != SnapshotStatus.CREATING && bundle.status() == SnapshotStatus.CREATING;
        sql.update(
                "UPDATE snapshot_control.log_bundles SET status = ?, error = ?, told = told AND (NOT ? OR execution_id IS NULL),"
                        + " finished_at = CASE WHEN ? THEN ? ELSE finished_at END,"
                        + " claimed_by = CASE WHEN ? THEN ? ELSE claimed_by END, claimed_at = CASE WHEN ? THEN ? ELSE claimed_at END"
                        + THIS,
                status.wireName(),
                error,
                ends,
                ends,
                time(now),
                begins,
                NOBODY,
                begins,
                time(now),
                bundle.tenantName(),
                bundle.id());
    }

    @Override
    public void replaceArchive(LogBundle bundle, long archiveBytes, Instant now) {
        sql.update(
                "UPDATE snapshot_control.log_bundles SET status = 'uploaded', error = '', archive_bytes = ?, finished_at = ?"
                        + THIS,
                archiveBytes,
                time(now),
                bundle.tenantName(),
                bundle.id());
    }

    @Override
    public void remove(LogBundle bundle) {
        sql.update("DELETE FROM snapshot_control.log_bundles" + THIS, bundle.tenantName(), bundle.id());
    }

    @Override
    public List<LogBundle> untold() {
        return sql.query(PgLogBundles::bundle, SELECT + "WHERE NOT told AND status <> 'creating' ORDER BY created_at");
    }

    @Override
    public void markTold(LogBundle bundle) {
        sql.update(
                "UPDATE snapshot_control.log_bundles SET told = true" + THIS + " AND execution_id = ?",
                bundle.tenantName(),
                bundle.id(),
                bundle.executionId());
    }

    @Override
    public List<LogBundle> surplus(int keep) {
        return sql.query(
                PgLogBundles::bundle,
                SELECT + "WHERE status <> 'creating' ORDER BY finished_at DESC NULLS LAST, storage_id DESC OFFSET ?",
                keep);
    }

    private static LogBundle bundle(ResultSet row) throws SQLException {
        return new LogBundle(
                row.getString("tenant_name"),
                row.getString("id"),
                SnapshotStatus.of(row.getString("status")).orElseThrow(),
                row.getString("error"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("finished_at", OffsetDateTime.class)),
                row.getString("execution_id"),
                row.getObject("archive_bytes", Long.class));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
