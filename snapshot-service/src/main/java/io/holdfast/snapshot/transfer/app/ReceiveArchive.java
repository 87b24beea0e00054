package io.holdfast.snapshot.transfer.app;

import io.holdfast.archive.ArchiveInspector;
import io.holdfast.archive.ArchiveLayout;
import io.holdfast.archive.ArchiveReader;
import io.holdfast.archive.ArchiveSummary;
import io.holdfast.archive.Hashes;
import io.holdfast.archive.SafeZip;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.NoAnswer;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.SnapshotIds;
import io.holdfast.snapshot.catalogue.StoredArchive;
import io.holdfast.snapshot.catalogue.app.ReadSnapshot;
import io.holdfast.snapshot.store.ArchiveStore;
import io.holdfast.snapshot.transfer.UploadUrl;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * Takes an archive in: writes it aside, judges it, gives it its name. What is refused leaves no trace. An archive of ours is verified
 * whole, every hash of it; of others, everything that can be known without loading them.
 */
@ApplicationScoped
public class ReceiveArchive {

    private static final int BUFFER = 256 * 1024;
    private static final long SPACE_CHECK_BYTES = 64L << 20;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final String TRY_AGAIN =
            "see whether the manager can reach it, or upload the archive as the request's body";

    private final ArchiveStore store;
    private final ReadSnapshot read;
    private final RegisterUpload register;
    private final TransferConfig config;

    ReceiveArchive(ArchiveStore store, ReadSnapshot read, RegisterUpload register, TransferConfig config) {
        this.store = store;
        this.read = read;
        this.register = register;
        this.config = config;
    }

    /**
     * @param announcedBytes of the body, or -1 if the client does not say
     * @throws ManagerException {@code invalid_snapshot_archive_error}, {@code payload_too_large_error}, {@code insufficient_storage_error},
     *     {@code bad_parameters_error}, {@code snapshot_action_error}
     */
    public Snapshot receive(String tenantName, String id, String uploadedBy, InputStream body, long announcedBytes)
            throws IOException {
        SnapshotIds.validateUploaded(id);
        read.find(tenantName, id).ifPresent(RegisterUpload::refuseWhileCreating);
        checkSpace(Math.max(0, announcedBytes));
        Path aside = store.aside(tenantName, id);
        try {
            String sha256 = write(body, aside);
            ArchiveSummary summary = ArchiveInspector.requireKnown(aside);
            if (summary.layout() == ArchiveLayout.NATIVE) {
                try (ArchiveReader reader = ArchiveReader.open(aside)) {
                    reader.verify(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), verified -> {});
                }
            } else {
                // no manifest: the Zip file's own sums
                try (SafeZip zip = SafeZip.open(aside)) {
                    zip.verify();
                }
            }
            StoredArchive archive = new StoredArchive(
                    summary.archiveBytes(), sha256, summary.layout().name(), summary.contents());
            return register.register(tenantName, id, uploadedBy, aside, archive);
        } finally {
            store.discard(aside);
        }
    }

    /** As {@link #receive}, from a server. */
    public Snapshot fetch(String tenantName, String id, String uploadedBy, UploadUrl url) throws IOException {
        SnapshotIds.validateUploaded(id);
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        HttpRequest request =
                HttpRequest.newBuilder(url.uri()).timeout(config.fetchTimeout()).build();
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw unreachable(url, NoAnswer.why(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(url, "interrupted", e);
        }
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "Cannot fetch URL: " + url.uri() + ": it answered " + response.statusCode(),
                        TRY_AGAIN);
            }
            long announced =
                    response.headers().firstValueAsLong("Content-Length").orElse(-1);
            return receive(tenantName, id, uploadedBy, body, announced);
        }
    }

    private static ManagerException unreachable(UploadUrl url, String reason, Exception cause) {
        return new ManagerException(
                ErrorCode.BAD_PARAMETERS, "Cannot fetch URL: " + url.uri() + ": " + reason, TRY_AGAIN, cause);
    }

    private String write(InputStream body, Path aside) throws IOException {
        MessageDigest digest = Hashes.sha256();
        byte[] buffer = new byte[BUFFER];
        long written = 0;
        long nextCheck = SPACE_CHECK_BYTES;
        try (OutputStream out = Files.newOutputStream(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int read;
            while ((read = body.read(buffer)) >= 0) {
                written += read;
                if (written > config.maxUpload().asLongValue()) {
                    throw tooLarge(written);
                }
                if (written > nextCheck) {
                    checkSpace(0);
                    nextCheck += SPACE_CHECK_BYTES;
                }
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return Hashes.hex(digest.digest());
    }

    private void checkSpace(long needed) throws IOException {
        if (needed > config.maxUpload().asLongValue()) {
            throw tooLarge(needed);
        }
        long usable = store.usableBytes() - config.keepFree().asLongValue();
        if (needed > usable || usable < 0) {
            throw new ManagerException(
                    ErrorCode.INSUFFICIENT_STORAGE,
                    "the archive store has " + Math.max(0, usable) + " bytes to spare"
                            + (needed > 0 ? "; " + needed + " are needed" : ""),
                    "delete snapshots, or give the archive store more space");
        }
    }

    private ManagerException tooLarge(long bytes) {
        return new ManagerException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the archive has " + bytes + " bytes or more; taken in are at most "
                        + config.maxUpload().asLongValue(),
                "raise holdfast.snapshot.transfer.max-upload");
    }
}
