package io.holdfast.restore.requests.storage;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A row of {@code restore_control.restores}; V1__restores.sql and V2__rule.sql say what the columns mean. The swap writes it, too, by SQL. */
@Entity
@DynamicUpdate
@Table(schema = "restore_control", name = "restores")
class RestoreEntity extends PanacheEntityBase {

    @Id
    String id = "";

    @Column(name = "snapshot_id")
    String snapshotId = "";

    @Column(name = "tenant_name")
    String tenantName = "";

    @Column(name = "requested_by")
    String requestedBy = "";

    @Column(name = "requested_at")
    Instant requestedAt = Instant.EPOCH;

    String options = "{}";

    @Column(name = "hash_salt_enc")
    @Nullable
    String hashSaltEnc;

    @Column(name = "dry_run")
    boolean dryRun;

    String status = "requested";

    @Nullable
    String phase;

    @Column(name = "bytes_expected")
    long bytesExpected;

    @Column(name = "bytes_done")
    long bytesDone;

    @Column(name = "rows_done")
    long rowsDone;

    @Nullable
    String counts;

    @Nullable
    String warnings;

    @Nullable
    String source;

    @Nullable
    String error;

    @Column(name = "error_code")
    @Nullable
    String errorCode;

    @Nullable
    String hint;

    @Nullable
    Instant t0;

    @Column(name = "overdue_grace_ms")
    @Nullable
    Long overdueGraceMs;

    @Column(name = "missed_schedules")
    @Nullable
    Long missedSchedules;

    @Nullable
    Long epoch;

    @Column(name = "started_at")
    @Nullable
    Instant startedAt;

    @Column(name = "ended_at")
    @Nullable
    Instant endedAt;

    @Column(name = "claim_token")
    @Nullable
    String claimToken;

    @Column(name = "heartbeat_at")
    @Nullable
    Instant heartbeatAt;

    @Column(name = "gate_held")
    boolean gateHeld;

    @Column(name = "lines_logged")
    boolean linesLogged = true;

    @Column(name = "undo_state")
    String undoState = "none";
}
