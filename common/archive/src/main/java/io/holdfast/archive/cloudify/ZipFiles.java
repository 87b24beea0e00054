package io.holdfast.archive.cloudify;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files of a zip, opened with the distrust that a file from elsewhere deserves. */
final class ZipFiles implements ArchiveFiles {

    private static final int MOST_ENTRIES = 2_000_000;

    /** Deflate cannot do better than 1032; text never comes near. Small files are let be. */
    private static final int HIGHEST_RATIO = 1000;

    private static final long RATIO_MATTERS_FROM_BYTES = 10L * 1024 * 1024;

    private final ZipFile zip;
    private final List<Blob> files;

    private ZipFiles(ZipFile zip, List<Blob> files) {
        this.zip = zip;
        this.files = files;
    }

    static ZipFiles open(Path path) {
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "not a readable zip: " + e.getMessage(),
                    "the archive is damaged or cut off; fetch it again, or take a new snapshot",
                    e);
        }
        try {
            return new ZipFiles(zip, files(zip));
        } catch (RuntimeException e) {
            try {
                zip.close();
            } catch (IOException onClosing) {
                e.addSuppressed(onClosing);
            }
            throw e;
        }
    }

    @Override
    public List<Blob> all() {
        return files;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static List<Blob> files(ZipFile zip) {
        if (zip.size() > MOST_ENTRIES) {
            throw unsafe("it has " + zip.size() + " entries; expected at most " + MOST_ENTRIES);
        }
        Set<String> names = new HashSet<>();
        List<Blob> files = new ArrayList<>();
        zip.stream().forEach(entry -> {
            String name = entry.getName();
            if (name.startsWith("/")
                    || name.indexOf('\\') >= 0
                    || name.indexOf(0) >= 0
                    || List.of(name.split("/")).contains("..")) {
                throw unsafe("it has an entry outside of itself: " + name);
            }
            if (!names.add(name)) {
                throw unsafe("it has two entries with the name " + name);
            }
            if (entry.getSize() > RATIO_MATTERS_FROM_BYTES
                    && entry.getSize() / HIGHEST_RATIO > Math.max(1, entry.getCompressedSize())) {
                throw unsafe(name + " unpacks from " + entry.getCompressedSize() + " to " + entry.getSize() + " bytes");
            }
            if (!entry.isDirectory()) {
                files.add(new Blob(name, entry.getSize(), () -> new Bounded(zip.getInputStream(entry), entry)));
            }
        });
        return files;
    }

    private static ManagerException unsafe(String what) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                "the zip is not safe to read: " + what,
                "take a new snapshot on the manager that made it");
    }

    /** Ends with an error where an entry holds more than it said. */
    private static final class Bounded extends FilterInputStream {
        private final ZipEntry entry;
        private long read;

        Bounded(InputStream in, ZipEntry entry) {
            super(in);
            this.entry = entry;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) throws IOException {
            read += bytes;
            if (read > entry.getSize()) {
                throw new IOException(entry.getName() + " holds more than the " + entry.getSize() + " bytes it names");
            }
        }
    }
}
