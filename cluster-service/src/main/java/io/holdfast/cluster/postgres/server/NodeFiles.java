package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.ReservedTimelines;
import io.holdfast.cluster.postgres.TimelineHistory;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files of a node that the agent writes for its PostgreSQL: whole, on disk when the call returns, and owned by who runs the server. */
final class NodeFiles {
    private static final Pattern HISTORY = Pattern.compile("([0-9A-F]{8})\\.history");
    /** A Unix socket's path has 107 bytes at most; this leaves room for the socket's own name. */
    private static final int LONGEST_SOCKET_DIRECTORY = 85;

    private final Path directory;
    private final Path data;
    private final ServerUser user;

    private NodeFiles(Path directory, Path data, ServerUser user) {
        this.directory = directory;
        this.data = data;
        this.user = user;
    }

    /** Makes the node's directory and what must exist below it. */
    static NodeFiles open(PostgresSettings settings) {
        Path directory = settings.directory();
        try {
            Files.createDirectories(directory.resolve("log"));
            Files.createDirectories(settings.data().getParent());
            ServerUser user = ServerUser.of(directory, settings.data());
            NodeFiles files = new NodeFiles(directory, settings.data(), user);
            Path socket = files.socketDirectory();
            if (!Files.isDirectory(socket)) {
                Files.createDirectories(socket);
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwx------"));
            }
            user.handOver(socket);
            return files;
        } catch (IOException e) {
            throw failed("cannot prepare " + directory, e);
        }
    }

    ServerUser user() {
        return user;
    }

    Path data() {
        return data;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    Path log() {
        return directory.resolve("log").resolve("postgres.log");
    }

    Path passwordFile() {
        return directory.resolve("postgres.pgpass");
    }

    /** Below the node's directory; elsewhere where that path is too long for a socket. */
    Path socketDirectory() {
        Path preferred = directory.resolve("run");
        if (preferred.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_DIRECTORY) {
            return preferred;
        }
        String name = UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        return Path.of("/tmp", "holdfast-" + name);
    }

    /** Replaces a file of the node's directory or of the data directory; one that has the text already stays as it is. */
    void write(Path file, String text) {
        write(file, text, true);
    }

    /**
     * As {@link #write}, but after a loss of power the former text may be there again, or none. For what the agent writes anew before each
     * start of the server, and what an election waits for.
     */
    void writeUnflushed(Path file, String text) {
        write(file, text, false);
    }

    private void write(Path file, String text, boolean flush) {
        if (Files.exists(file) && read(file).equals(text)) {
            return; // it was on disk when it was written
        }
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-------"));
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (flush) {
                    channel.force(true);
                }
            }
            user.handOver(aside);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (flush) {
                sync(file.getParent());
            }
        } catch (IOException e) {
            throw failed("cannot write " + file, e);
        }
    }

    String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw failed("cannot read " + file, e);
        }
    }

    void remove(Path file) {
        try {
            if (Files.deleteIfExists(file)) {
                sync(file.getParent());
            }
        } catch (IOException e) {
            throw failed("cannot remove " + file, e);
        }
    }

    void rename(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            sync(from.getParent());
        } catch (IOException e) {
            throw failed("cannot rename " + from + " to " + to, e);
        }
    }

    static void sync(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    Path standbySignal() {
        return data.resolve("standby.signal");
    }

    private Path wal() {
        return data.resolve("pg_wal");
    }

    /** Texts of all history files, by timeline. */
    Map<Long, String> histories() {
        Map<Long, String> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(wal(), "*.history")) {
            for (Path file : files) {
                Matcher name = HISTORY.matcher(file.getFileName().toString());
                if (name.matches()) {
                    found.put(Long.parseLong(name.group(1), 16), read(file));
                }
            }
        } catch (IOException e) {
            throw failed("cannot list " + wal(), e);
        }
        return found;
    }

    /** The same text for all, on disk together. */
    void writeHistories(List<Long> timelines, String text) {
        try {
            for (long timeline : timelines) {
                Path file = wal().resolve(TimelineHistory.fileName(timeline));
                Path aside = file.resolveSibling(file.getFileName() + ".new");
                Files.writeString(aside, text, StandardCharsets.UTF_8);
                Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-------"));
                user.handOver(aside);
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            sync(wal());
        } catch (IOException e) {
            throw failed("cannot reserve timelines in " + wal(), e);
        }
    }

    void removeHistory(long timeline) {
        remove(wal().resolve(TimelineHistory.fileName(timeline)));
    }

    /** Removes files reserved for promotions that never came. */
    void removeObsoleteReservations() {
        Map<Long, String> all = histories();
        Map<Long, String> reserved = new TreeMap<>(all);
        reserved.values().removeIf(text -> !ReservedTimelines.isReserved(text));
        Map<Long, String> real = new TreeMap<>(all);
        real.keySet().removeAll(reserved.keySet());
        try {
            // not flushed: those that a loss of power brings back are removed before the next start
            for (long timeline : ReservedTimelines.obsolete(reserved.keySet(), real.keySet())) {
                Files.deleteIfExists(wal().resolve(TimelineHistory.fileName(timeline)));
            }
        } catch (IOException e) {
            throw failed("cannot remove reserved timelines in " + wal(), e);
        }
    }

    void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw failed("cannot delete " + root, e);
        }
    }

    private static ManagerException failed(String what, IOException cause) {
        String text = String.valueOf(cause.getMessage());
        boolean full = text.contains("No space left") || text.contains("quota");
        return new ManagerException(
                full ? ErrorCode.INSUFFICIENT_STORAGE : ErrorCode.INTERNAL_SERVER,
                what + ": " + cause,
                full ? "free space on the disk of the node's directory" : null,
                cause);
    }
}
