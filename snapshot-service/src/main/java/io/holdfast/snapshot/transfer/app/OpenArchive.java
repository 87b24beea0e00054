package io.holdfast.snapshot.transfer.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.catalogue.StoredArchive;
import io.holdfast.snapshot.catalogue.app.ReadSnapshot;
import io.holdfast.snapshot.copies.Wanted;
import io.holdfast.snapshot.copies.app.FetchFromHolders;
import io.holdfast.snapshot.store.ArchiveStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the archive of a snapshot for a download. */
@ApplicationScoped
public class OpenArchive {

    private final ReadSnapshot read;
    private final ArchiveStore store;
    private final FetchFromHolders elsewhere;

    OpenArchive(ReadSnapshot read, ArchiveStore store, FetchFromHolders elsewhere) {
        this.elsewhere = elsewhere;
        this.read = read;
        this.store = store;
    }

    /** @param file where it lies now; a delete or replacement unlinks it, which readers that have opened it do not notice */
    public record Download(Path file, String snapshotId, StoredArchive archive) {}

    /** @throws ManagerException {@code snapshot_action_error} for a failed one, {@code not_found_error} while there is no archive */
    public Download open(@Nullable String tenantName, String id) throws IOException {
        Snapshot snapshot = read.get(tenantName, id);
        if (snapshot.status() == SnapshotStatus.FAILED) {
            throw new ManagerException(
                    ErrorCode.SNAPSHOT_ACTION, "Failed snapshot cannot be downloaded", snapshot.error());
        }
        if (snapshot.status() == SnapshotStatus.CREATING) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "Snapshot `" + id + "` has no archive yet: it is being created",
                    "wait until its status is `created`");
        }
        StoredArchive archive = snapshot.archive();
        Path file = store.find(snapshot.tenantName(), snapshot.id()).orElse(null);
        if (archive == null) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "snapshot `" + id + "` has no archive", "upload it, or create another one");
        }
        if (file == null) {
            file = elsewhere.fetch(new Wanted(snapshot.tenantName(), snapshot.id(), archive.bytes(), archive.sha256()));
        }
        if (Files.size(file) != archive.bytes()) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "the archive of snapshot `" + id + "` has " + Files.size(file) + " bytes; the catalogue says "
                            + archive.bytes(),
                    "upload it again");
        }
        return new Download(file, snapshot.id(), archive);
    }
}
