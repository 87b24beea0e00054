package io.holdfast.snapshot.building.storage;

import io.holdfast.archive.ArchiveNames;
import io.holdfast.archive.ArchiveWriter;
import io.holdfast.archive.BoundedTar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * Extracts a blueprint's archive into {@code blueprints/}, for people who look into the snapshot; a restore ignores it. Best effort:
 * what cannot be extracted is simply not there, as the archive itself is in {@code uploaded-blueprints/}.
 */
record ExtractTask(ContentTask.Named content) implements PgStateExport.Task {

    /** Blueprints are text; larger archives carry software, which needs no second copy. */
    static final long MAX_ARCHIVE_BYTES = 8 << 20;

    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final long MAX_TOTAL_BYTES = 32L << 20;
    private static final int MAX_FILES = 2000;

    @Override
    public void run(Connection connection, ArchiveWriter.Worker worker) throws IOException {
        String folder = content.extractTo();
        if (folder == null || content.bytes() > MAX_ARCHIVE_BYTES) {
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) content.bytes());
        ContentTask.copy(connection, content, bytes);
        Set<String> names = new HashSet<>();
        long total = 0;
        try (ArchiveInputStream<?> archive = open(bytes.toByteArray())) {
            ArchiveEntry entry;
            while ((entry = archive.getNextEntry()) != null && names.size() < MAX_FILES) {
                if (entry.isDirectory() || entry instanceof TarArchiveEntry tar && !tar.isFile()) {
                    continue;
                }
                byte[] file = archive.readNBytes(MAX_FILE_BYTES + 1);
                total += Math.max(file.length, entry.getSize());
                if (total > MAX_TOTAL_BYTES) {
                    return;
                }
                String name = ArchiveNames.path(entry.getName());
                if (file.length <= MAX_FILE_BYTES && !name.isEmpty() && names.add(name)) {
                    write(worker, folder + name, file);
                }
            }
        } catch (NotExtractable | RuntimeException notAnArchive) {
            return;
        } catch (WriteFailed e) {
            throw e.failure;
        } catch (IOException broken) {
            return;
        }
    }

    private static void write(ArchiveWriter.Worker worker, String name, byte[] file) throws WriteFailed {
        try {
            worker.copy(name, file, file.length);
        } catch (IOException e) {
            throw new WriteFailed(e);
        }
    }

    private static ArchiveInputStream<?> open(byte[] bytes) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes);
        if (begins(bytes, 'P', 'K')) {
            return new ZipArchiveInputStream(in, "UTF-8", true, true);
        }
        if (begins(bytes, 0x1f, 0x8b)) {
            return BoundedTar.of(in, "tar.gz");
        }
        if (begins(bytes, 'B', 'Z')) {
            return BoundedTar.of(in, "tar.bz2");
        }
        if (bytes.length < 512) {
            throw new NotExtractable();
        }
        return BoundedTar.of(in);
    }

    private static boolean begins(byte[] bytes, int first, int second) {
        return bytes.length > 2 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
    }

    private static final class NotExtractable extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Tells a failure of our own file from one of the blueprint's archive. */
    private static final class WriteFailed extends IOException {
        private static final long serialVersionUID = 1L;
        private final IOException failure;

        WriteFailed(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
