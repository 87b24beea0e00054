package io.holdfast.snapshot.catalogue.storage;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of the catalogue. The columns of a running build are written by SQL beside it and only read here. */
@Entity
@Table(schema = "snapshot_control", name = "snapshots")
class SnapshotEntity extends PanacheEntityBase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "storage_id")
    @Nullable
    Long storageId;

    @Column(name = "tenant_name", updatable = false)
    String tenantName = "";

    @Column(name = "id", updatable = false)
    String id = "";

    String status = "";
    String error = "";
    String visibility = "private";

    @Column(name = "created_by", updatable = false)
    String createdBy = "";

    @Column(name = "created_at", updatable = false)
    Instant createdAt = Instant.EPOCH;

    @Column(name = "finished_at")
    @Nullable
    Instant finishedAt;

    @Column(name = "include_credentials", updatable = false)
    boolean includeCredentials;

    @Column(name = "include_logs", updatable = false)
    boolean includeLogs;

    @Column(name = "include_events", updatable = false)
    boolean includeEvents;

    @Column(name = "execution_id", updatable = false)
    @Nullable
    String executionId;

    @Column(name = "archive_bytes")
    @Nullable
    Long archiveBytes;

    @Column(name = "archive_sha256")
    @Nullable
    String archiveSha256;

    @Nullable
    String layout;

    @Nullable
    String contents;

    @Column(insertable = false, updatable = false)
    int attempts;

    @Column(insertable = false, updatable = false)
    @Nullable
    String phase;

    @Column(name = "progress_bytes", insertable = false, updatable = false)
    long progressBytes;

    @Column(name = "progress_rows", insertable = false, updatable = false)
    long progressRows;

    @Column(name = "estimated_bytes", insertable = false, updatable = false)
    long estimatedBytes;
}
