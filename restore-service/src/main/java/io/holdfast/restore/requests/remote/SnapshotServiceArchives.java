package io.holdfast.restore.requests.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.restore.requests.SnapshotArchives;
import io.holdfast.restore.requests.SnapshotFacts;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;

/** The snapshot-service's catalogue and archives: {@code GET /v1/snapshots/{id}} and {@code GET /snapshots/{id}/archive}. */
@ApplicationScoped
public class SnapshotServiceArchives implements SnapshotArchives {

    private static final int BUFFER = 128 * 1024;

    /** What must be left on the disk beside the work file. */
    private static final long SPARE_BYTES = 64L << 20;

    private final InternalHttp http;
    private final Clock clock;

    SnapshotServiceArchives(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public SnapshotFacts requireRestorable(String snapshotId, String tenantName) {
        JsonNode snapshot = in(tenantName).get("/v1/snapshots/" + InternalHttp.segment(snapshotId), JsonNode.class);
        String status = snapshot.path("status").asText("");
        if (status.equals("failed")) {
            throw new ManagerException(
                    ErrorCode.SNAPSHOT_ACTION, "Failed snapshot cannot be restored", "make another snapshot");
        }
        if (!status.equals("created") && !status.equals("uploaded")) {
            throw new ManagerException(
                    ErrorCode.SNAPSHOT_ACTION,
                    "Snapshot `" + snapshotId + "` is in status `" + status + "`; only a complete one can be restored",
                    "wait until it is created");
        }
        String sha256 = snapshot.path("sha256").asText(null);
        long bytes = snapshot.path("size_bytes").asLong(-1);
        return new SnapshotFacts(snapshotId, tenantName, status, bytes, sha256);
    }

    @Override
    public void fetch(SnapshotFacts snapshot, Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            long usable = Files.getFileStore(directory).getUsableSpace();
            if (snapshot.archiveBytes() > 0 && usable < snapshot.archiveBytes() + SPARE_BYTES) {
                throw new ManagerException(
                        ErrorCode.INSUFFICIENT_STORAGE,
                        "the archive needs " + snapshot.archiveBytes() + " bytes in " + directory + "; " + usable
                                + " are free",
                        "make room there, or set holdfast.restore.staging.directory");
            }
            HttpResponse<InputStream> answer = in(snapshot.tenantName())
                    .open(
                            "GET",
                            "/snapshots/" + InternalHttp.segment(snapshot.id()) + "/archive",
                            BodyPublishers.noBody());
            MessageDigest digest = sha256();
            long bytes = 0;
            try (InputStream in = answer.body();
                    OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
                byte[] buffer = new byte[BUFFER];
                int length = in.read(buffer);
                while (length >= 0) {
                    digest.update(buffer, 0, length);
                    out.write(buffer, 0, length);
                    bytes += length;
                    length = in.read(buffer);
                }
            }
            check(snapshot, bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "the archive of snapshot `" + snapshot.id() + "` could not be copied: " + e,
                    "see whether snapshot-service runs and " + file.getParent() + " is writable",
                    e);
        }
    }

    private static void check(SnapshotFacts snapshot, long bytes, String sha256) {
        if (snapshot.archiveBytes() >= 0 && snapshot.archiveBytes() != bytes) {
            throw changed(snapshot, bytes + " bytes", snapshot.archiveBytes() + " bytes");
        }
        String expected = snapshot.sha256();
        if (expected != null && !expected.equalsIgnoreCase(sha256)) {
            throw changed(snapshot, "the SHA-256 " + sha256, expected);
        }
    }

    private static ManagerException changed(SnapshotFacts snapshot, String found, String expected) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                "the archive of snapshot `" + snapshot.id() + "` has " + found + "; the catalogue says " + expected,
                "it was changed or cut after it was stored; upload it again, or restore another snapshot");
    }

    private InternalHttp.Service in(String tenantName) {
        return http.to("snapshot")
                .as(CallerIdentity.ofService("restore", clock.instant()).in(tenantName));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }
}
