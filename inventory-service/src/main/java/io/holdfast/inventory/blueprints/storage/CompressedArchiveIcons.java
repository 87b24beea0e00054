package io.holdfast.inventory.blueprints.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.blueprints.app.ArchiveIcons;
import io.holdfast.inventory.content.app.TemporaryFile;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.jspecify.annotations.Nullable;

/** Copies entry by entry; those of Zip files as they are compressed. */
@Singleton
class CompressedArchiveIcons implements ArchiveIcons {

    private static final String ICON = "icon.png";

    @Override
    public void write(InputStream archive, String format, byte @Nullable [] icon, Path into) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(into))) {
            if (format.equals("zip")) {
                zip(archive, icon, out);
            } else {
                tar(archive, format, icon, out);
            }
        }
    }

    /** A Zip file's entries can be read safely by its directory only, which is at its end. */
    private static void zip(InputStream archive, byte @Nullable [] icon, OutputStream out) throws IOException {
        try (TemporaryFile former = TemporaryFile.of("blueprint")) {
            Files.copy(archive, former.path(), StandardCopyOption.REPLACE_EXISTING);
            try (ZipFile files = ZipFile.builder().setPath(former.path()).get();
                    ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
                String top = null;
                for (ZipArchiveEntry entry : Collections.list(files.getEntriesInPhysicalOrder())) {
                    top = top == null ? top(entry.getName()) : top;
                    if (!isIcon(entry.getName(), top)) {
                        zip.addRawArchiveEntry(entry, files.getRawInputStream(entry));
                    }
                }
                String place = place(top);
                if (icon != null) {
                    zip.putArchiveEntry(new ZipArchiveEntry(place));
                    zip.write(icon);
                    zip.closeArchiveEntry();
                }
            }
        }
    }

    private static void tar(InputStream archive, String format, byte @Nullable [] icon, OutputStream out)
            throws IOException {
        try (TarArchiveInputStream files = (TarArchiveInputStream)
                        CompressedArchiveReader.opened(new BufferedInputStream(archive), format);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(compressed(out, format))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            String top = null;
            for (TarArchiveEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                top = top == null ? top(entry.getName()) : top;
                if (!isIcon(entry.getName(), top)) {
                    tar.putArchiveEntry(entry);
                    files.transferTo(tar);
                    tar.closeArchiveEntry();
                }
            }
            String place = place(top);
            if (icon != null) {
                TarArchiveEntry entry = new TarArchiveEntry(place);
                entry.setSize(icon.length);
                tar.putArchiveEntry(entry);
                tar.write(icon);
                tar.closeArchiveEntry();
            }
        }
    }

    private static OutputStream compressed(OutputStream out, String format) throws IOException {
        return switch (format) {
            case "tar.gz" -> new GzipCompressorOutputStream(out);
            case "tar.bz2" -> new BZip2CompressorOutputStream(out);
            default -> out;
        };
    }

    private static String relative(String name) {
        String path = name.replace('\\', '/');
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        return path;
    }

    /** The top directory that the entry is, or is in; null: the archive's own root. */
    private static @Nullable String top(String name) {
        String path = relative(name);
        int slash = path.indexOf('/');
        String first = slash < 0 ? path : path.substring(0, slash);
        return first.isEmpty() || first.equals(".") ? null : first;
    }

    private static boolean isIcon(String name, @Nullable String top) {
        return relative(name).equals(top + "/" + ICON);
    }

    private static String place(@Nullable String top) {
        if (top == null) {
            throw new ManagerException(
                    ErrorCode.INVALID_BLUEPRINT,
                    "the blueprint's archive is empty",
                    "upload the blueprint's archive again, with PUT …/archive");
        }
        return top + "/" + ICON;
    }
}
