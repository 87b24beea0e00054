package io.holdfast.snapshot.bundles.app;

import io.holdfast.archive.SafeZip;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.snapshot.bundles.LogBundle;
import io.holdfast.snapshot.catalogue.SnapshotStatus;
import io.holdfast.snapshot.store.ArchiveStore;
import io.holdfast.snapshot.transfer.app.TransferConfig;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hands out archives of log bundles, and takes in those of other managers. */
@ApplicationScoped
public class BundleArchives {

    private static final Logger LOG = Logger.getLogger(BundleArchives.class);
    private static final int BUFFER = 64 * 1024;

    /** A bundle is logs: some megabytes. */
    private static final long MOST_BYTES = 1L << 30;

    private final BundleSteps steps;
    private final ArchiveStore store;
    private final TransferConfig limits;

    BundleArchives(BundleSteps steps, @Identifier(Bundles.STORE) ArchiveStore store, TransferConfig limits) {
        this.steps = steps;
        this.store = store;
        this.limits = limits;
    }

    /** @throws ManagerException {@code log_bundle_action_error} for a failed one, {@code not_found_error} while there is no archive */
    public Path open(@Nullable String tenantName, String id) {
        LogBundle bundle = steps.get(tenantName, id);
        if (bundle.status() == SnapshotStatus.FAILED) {
            throw new ManagerException(
                    ErrorCode.LOG_BUNDLE_ACTION, "Failed log bundle cannot be downloaded", bundle.error());
        }
        if (bundle.status() == SnapshotStatus.CREATING) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "Log bundle `" + id + "` has no archive yet: it is being created",
                    "wait until its status is `created`");
        }
        return store.find(bundle.tenantName(), bundle.id())
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "the archive of log bundle `" + id + "` is not on this node",
                        "bundles are kept by the node that made them; create another one"));
    }

    /** @throws ManagerException {@code bad_parameters_error} for what is no zip file, {@code payload_too_large_error}, {@code insufficient_storage_error} */
    public LogBundle receive(String tenantName, String id, String uploadedBy, InputStream body) throws IOException {
        ResourceId.check("log_bundle_id", id);
        steps.find(tenantName, id).ifPresent(there -> BundleSteps.refuseWhileCreating(there, "upload"));
        Path aside = store.aside(tenantName, id);
        try {
            long bytes = write(body, aside);
            try (SafeZip zip = SafeZip.open(aside)) {
                zip.verify();
            } catch (ManagerException e) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the upload is no log bundle: " + e.detail(),
                        "expected is the zip file that a download of one gives",
                        e);
            }
            return steps.register(tenantName, id, uploadedBy, aside, bytes);
        } finally {
            store.discard(aside);
        }
    }

    /** @throws ManagerException {@code log_bundle_action_error} while it is being created, {@code not_found_error} */
    public LogBundle delete(@Nullable String tenantName, String id) {
        LogBundle deleted = steps.delete(tenantName, id);
        try {
            store.delete(deleted.tenantName(), deleted.id());
        } catch (IOException e) {
            LOG.errorf(e, "The archive of the deleted log bundle %s could not be removed", deleted.id());
        }
        return deleted;
    }

    private long write(InputStream body, Path aside) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long written = 0;
        try (OutputStream out = Files.newOutputStream(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int read;
            while ((read = body.read(buffer)) >= 0) {
                written += read;
                if (written > MOST_BYTES) {
                    throw new ManagerException(
                            ErrorCode.PAYLOAD_TOO_LARGE,
                            "the archive has more than " + MOST_BYTES + " bytes, which no log bundle has",
                            null);
                }
                if (store.usableBytes() < limits.keepFree().asLongValue()) {
                    throw new ManagerException(
                            ErrorCode.INSUFFICIENT_STORAGE,
                            "the store of log bundles has no bytes to spare",
                            "delete log bundles, or give the store more space");
                }
                out.write(buffer, 0, read);
            }
        }
        return written;
    }
}
