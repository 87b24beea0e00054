package io.holdfast.snapshot.building.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.archive.ArchiveOptions;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.SnapshotSql;
import io.holdfast.snapshot.building.BuildClaims;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.StoredArchive;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Claims by SQL: each a single statement, so that two instances never hold the same one. */
@ApplicationScoped
class PgBuildClaims implements BuildClaims {

    private static final String COLUMNS = "tenant_name, id, created_by, created_at, include_credentials, include_logs,"
            + " include_events, execution_id, attempts";
    private static final String NOBODYS = "status = 'creating' AND (claimed_by IS NULL OR heartbeat_at < ?)";
    private static final String MINE =
            " WHERE tenant_name = ? AND id = ? AND status = 'creating' AND claimed_by = ? AND attempts = ?";

    private final SnapshotSql sql;
    private final ObjectMapper json;

    PgBuildClaims(@DataSource(SnapshotMessaging.SERVICE) AgroalDataSource dataSource, ObjectMapper json) {
        this.sql = new SnapshotSql(dataSource, "claims on builds");
        this.json = json;
    }

    @Override
    public Optional<Claim> claimNext(String instanceId, Instant now, Instant aliveSince, int maxAttempts) {
        return sql
                .query(
                        PgBuildClaims::claimed,
                        "UPDATE snapshot_control.snapshots SET claimed_by = ?, heartbeat_at = ?, attempts = attempts + 1,"
                                + " phase = 'waiting', progress_bytes = 0, progress_rows = 0"
                                + " WHERE storage_id = (SELECT storage_id FROM snapshot_control.snapshots WHERE "
                                + NOBODYS
                                + " AND attempts < ? ORDER BY created_at, storage_id FOR UPDATE SKIP LOCKED LIMIT 1)"
                                + " RETURNING " + COLUMNS,
                        instanceId,
                        time(now),
                        time(aliveSince),
                        maxAttempts)
                .stream()
                .map(found -> new Claim(found.snapshot(), instanceId, found.attempts()))
                .findFirst();
    }

    @Override
    public List<Exhausted> failExhausted(Instant now, Instant aliveSince, int maxAttempts, String error) {
        return sql.query(
                PgBuildClaims::claimed,
                "UPDATE snapshot_control.snapshots SET status = 'failed', error = ?, finished_at = ?, claimed_by = NULL WHERE "
                        + NOBODYS + " AND attempts >= ? RETURNING " + COLUMNS,
                error,
                time(now),
                time(aliveSince),
                maxAttempts);
    }

    @Override
    public int release(String instanceId) {
        return sql.update(
                "UPDATE snapshot_control.snapshots SET claimed_by = NULL WHERE status = 'creating' AND claimed_by = ?",
                instanceId);
    }

    @Override
    public boolean heartbeat(Claim claim, Instant now, BuildProgress progress) {
        return sql.update(
                        "UPDATE snapshot_control.snapshots SET heartbeat_at = ?, phase = ?, progress_bytes = ?, progress_rows = ?,"
                                + " estimated_bytes = ?" + MINE,
                        time(now),
                        progress.phase().name().toLowerCase(Locale.ROOT),
                        progress.rawBytes(),
                        progress.rows(),
                        progress.estimatedBytes(),
                        claim.snapshot().tenantName(),
                        claim.snapshot().id(),
                        claim.instanceId(),
                        claim.attempt())
                == 1;
    }

    @Override
    public boolean complete(Claim claim, Instant now, StoredArchive archive, BuildProgress progress) {
        return sql.update(
                        "UPDATE snapshot_control.snapshots SET status = 'created', error = '', finished_at = ?, claimed_by = NULL,"
                                + " archive_bytes = ?, archive_sha256 = ?, layout = ?, contents = ?, phase = 'done',"
                                + " progress_bytes = ?, progress_rows = ?" + MINE,
                        time(now),
                        archive.bytes(),
                        archive.sha256(),
                        archive.layout(),
                        write(archive),
                        progress.rawBytes(),
                        progress.rows(),
                        claim.snapshot().tenantName(),
                        claim.snapshot().id(),
                        claim.instanceId(),
                        claim.attempt())
                == 1;
    }

    @Override
    public boolean fail(Claim claim, Instant now, String error) {
        return sql.update(
                        "UPDATE snapshot_control.snapshots SET status = 'failed', error = ?, finished_at = ?, claimed_by = NULL"
                                + MINE,
                        error,
                        time(now),
                        claim.snapshot().tenantName(),
                        claim.snapshot().id(),
                        claim.instanceId(),
                        claim.attempt())
                == 1;
    }

    private static Exhausted claimed(ResultSet row) throws SQLException {
        return new Exhausted(snapshot(row), row.getInt("attempts"));
    }

    private static Snapshot snapshot(ResultSet row) throws SQLException {
        return Snapshot.requested(
                row.getString("tenant_name"),
                row.getString("id"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                new ArchiveOptions(
                        row.getBoolean("include_credentials"),
                        row.getBoolean("include_logs"),
                        row.getBoolean("include_events")),
                row.getString("execution_id"));
    }

    private static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private String write(StoredArchive archive) {
        try {
            return json.writeValueAsString(archive.contents());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always JSON", e);
        }
    }
}
