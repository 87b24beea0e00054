package io.holdfast.snapshot.catalogue.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.archive.ArchiveOptions;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.catalogue.Snapshots;
import io.holdfast.snapshot.catalogue.StoredArchive;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** The catalogue by Hibernate. */
@ApplicationScoped
class PanacheSnapshots implements Snapshots {

    private static final TypeReference<LinkedHashMap<String, Long>> COUNTS = new TypeReference<>() {};

    private final ObjectMapper json;

    PanacheSnapshots(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public Optional<Snapshot> find(@Nullable String tenantName, String id) {
        return row(tenantName, id).map(this::snapshot);
    }

    @Override
    public void add(Snapshot snapshot) {
        if (row(snapshot.tenantName(), snapshot.id()).isPresent()) {
            throw exists(snapshot, null);
        }
        SnapshotEntity row = new SnapshotEntity();
        row.tenantName = snapshot.tenantName();
        row.id = snapshot.id();
        row.status = snapshot.status().wireName();
        row.error = snapshot.error();
        row.createdBy = snapshot.createdBy();
        row.createdAt = snapshot.createdAt();
        row.finishedAt = snapshot.finishedAt();
        row.includeCredentials = snapshot.options().includeCredentials();
        row.includeLogs = snapshot.options().includeLogs();
        row.includeEvents = snapshot.options().includeEvents();
        row.executionId = snapshot.executionId();
        set(row, snapshot.archive());
        try {
            row.persistAndFlush();
        } catch (PersistenceException e) {
            // Somebody else was faster.
            if (e instanceof ConstraintViolationException || e.getCause() instanceof ConstraintViolationException) {
                throw exists(snapshot, e);
            }
            throw e;
        }
    }

    @Override
    public void mark(Snapshot snapshot, SnapshotStatus status, String error) {
        row(snapshot.tenantName(), snapshot.id()).ifPresent(row -> {
            row.status = status.wireName();
            row.error = error;
        });
    }

    @Override
    public void replaceArchive(Snapshot snapshot, StoredArchive archive, Instant at) {
        row(snapshot.tenantName(), snapshot.id()).ifPresent(row -> {
            set(row, archive);
            row.finishedAt = at;
            row.status = SnapshotStatus.UPLOADED.wireName();
            row.error = "";
        });
    }

    @Override
    public void remove(Snapshot snapshot) {
        // Of two that remove it at once, one finds it.
        if (SnapshotEntity.delete("tenantName = ?1 and id = ?2", snapshot.tenantName(), snapshot.id()) == 0) {
            throw Snapshots.missing(snapshot.id());
        }
    }

    private void set(SnapshotEntity row, @Nullable StoredArchive archive) {
        if (archive != null) {
            row.archiveBytes = archive.bytes();
            row.archiveSha256 = archive.sha256();
            row.layout = archive.layout();
            row.contents = write(archive);
        }
    }

    private static Optional<SnapshotEntity> row(@Nullable String tenantName, String id) {
        if (tenantName != null) {
            return SnapshotEntity.<SnapshotEntity>find("tenantName = ?1 and id = ?2", tenantName, id)
                    .firstResultOptional();
        }
        List<SnapshotEntity> rows =
                SnapshotEntity.<SnapshotEntity>find("id = ?1", id).page(0, 2).list();
        return rows.size() == 1 ? Optional.of(rows.get(0)) : Optional.empty();
    }

    private Snapshot snapshot(SnapshotEntity row) {
        StoredArchive archive = null;
        if (row.archiveBytes != null && row.archiveSha256 != null && row.layout != null) {
            archive = new StoredArchive(row.archiveBytes, row.archiveSha256, row.layout, read(row.contents));
        }
        return new Snapshot(
                row.tenantName,
                row.id,
                SnapshotStatus.of(row.status).orElseThrow(),
                row.error,
                row.createdBy,
                row.createdAt,
                row.finishedAt,
                new ArchiveOptions(row.includeCredentials, row.includeLogs, row.includeEvents),
                row.executionId,
                archive,
                new Snapshot.Progress(
                        row.phase, row.attempts, row.progressBytes, row.progressRows, row.estimatedBytes));
    }

    private static ManagerException exists(Snapshot snapshot, @Nullable Throwable cause) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "<Snapshot id=`" + snapshot.id() + "` tenant=`" + snapshot.tenantName()
                        + "`> already exists on <Tenant name=`" + snapshot.tenantName()
                        + "`> or with global visibility",
                null,
                cause);
    }

    private String write(StoredArchive archive) {
        try {
            return json.writeValueAsString(archive.contents());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always JSON", e);
        }
    }

    private LinkedHashMap<String, Long> read(@Nullable String contents) {
        try {
            return contents == null ? new LinkedHashMap<>() : json.readValue(contents, COUNTS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row's contents are not the JSON that was written", e);
        }
    }
}
