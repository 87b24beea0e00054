package io.holdfast.standalone;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs that travel in a jar (zonky's bundles: {@code initdb}, {@code pg_ctl}, {@code postgres}), unpacked once. */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /** Unpacks below {@code parent} unless done. What a process killed midway leaves is never taken for complete. */
    static Path unpackedUnder(Path parent) {
        Path home = parent.resolve("programs");
        Path marker = home.resolve("bundle");
        String bundle = bundle(System.getProperty("os.name"), System.getProperty("os.arch"));
        @Nullable URL location = PostgresBinaries.class.getClassLoader().getResource(bundle);
        if (location == null) {
            throw new StartRefused("no embedded PostgreSQL for this machine (" + bundle
                    + " is not in the program); start with --database and a PostgreSQL of yours");
        }
        try {
            URLConnection connection = location.openConnection();
            String identity = bundle + " " + connection.getContentLengthLong();
            if (Files.exists(marker) && Files.readString(marker).equals(identity)) {
                return home;
            }
            Files.createDirectories(parent);
            // a name of its own: two stacks may share the parent
            Path aside = Files.createTempDirectory(parent, "programs.new");
            Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream packed = connection.getInputStream()) {
                unpack(packed, aside);
            }
            Files.writeString(aside.resolve("bundle"), identity);
            deleteTree(home);
            // fails if another stack was faster just now; the next start finds its copy
            Files.move(aside, home, StandardCopyOption.ATOMIC_MOVE);
            return home;
        } catch (IOException e) {
            throw new StartRefused("cannot unpack PostgreSQL into " + parent + ": " + e, e);
        }
    }

    /** The bundle's file name for an operating system and processor as the JVM names them. */
    static String bundle(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String arch = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> osArch;
        };
        return "postgres-" + os + "-" + arch + ".txz";
    }

    private static void unpack(InputStream packed, Path target) throws IOException {
        Files.createDirectories(target);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed, 1 << 16)))) {
            @Nullable TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("entry outside of the bundle: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(file.getParent());
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
