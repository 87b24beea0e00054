package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.Blob;
import io.holdfast.archive.cloudify.NotBase64Exception;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.StagingTarget;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files of an archive on their way into the content store. */
final class Contents {

    private final StagingTarget target;
    private final Progress progress;
    private final Findings findings;

    Contents(StagingTarget target, Progress progress, Findings findings) {
        this.target = target;
        this.progress = progress;
        this.findings = findings;
    }

    /** Stores a file as it is. @return its SHA-256 */
    String put(Blob blob) {
        try (InputStream in = blob.open()) {
            String sha256 = target.putContent(in);
            progress.advance(blob.path(), blob.bytes(), 0);
            return sha256;
        } catch (IOException e) {
            throw damaged(blob, e);
        }
    }

    String put(InputStream in) throws IOException {
        return target.putContent(in);
    }

    /** Stores a zip; empty, with a warning, if the file is not there, is empty, or is not what a zip begins like. */
    Optional<String> putZip(Blob blob, String title) {
        Path spooled = null;
        try {
            spooled = spool(blob);
            if (!beginsAsZip(spooled)) {
                findings.add("no zip in the archive, restored without", title);
                return Optional.empty();
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(spooled))) {
                return Optional.of(target.putContent(in));
            }
        } catch (NotBase64Exception garbage) {
            findings.add("no zip in the archive, restored without", title);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + blob.path() + " aside", e);
        } finally {
            delete(spooled);
        }
    }

    /** Copies a file to disk, for formats that are not read as streams. The caller deletes it. */
    Path spool(Blob blob) throws IOException {
        Path file = Files.createTempFile("holdfast-import-", ".tmp");
        try (InputStream in = blob.open()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            progress.advance(blob.path(), blob.bytes(), 0);
            return file;
        } catch (IOException | RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    static void delete(@Nullable Path spooled) {
        if (spooled != null) {
            try {
                Files.deleteIfExists(spooled);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + spooled, e);
            }
        }
    }

    static ManagerException damaged(Blob blob, IOException cause) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                blob.path() + " is not readable",
                "the archive is damaged or cut off; fetch it again, or take a new snapshot",
                cause);
    }

    private static boolean beginsAsZip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(4);
            return start.length == 4
                    && start[0] == 'P'
                    && start[1] == 'K'
                    && (start[2] == 3 && start[3] == 4 || start[2] == 5 && start[3] == 6);
        }
    }
}
