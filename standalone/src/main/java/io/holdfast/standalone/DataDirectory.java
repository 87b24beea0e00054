package io.holdfast.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds one stack's whole state, locked for the life of this object: the operating system gives the lock back when
 * the process dies, however it dies. Not thread-safe.
 */
final class DataDirectory implements AutoCloseable {
    private static final int SECRET_KEY_BYTES = 32;
    private static final int PASSWORD_BYTES = 18;

    private final Path root;
    private final FileChannel lockFile;
    private final SecureRandom random = new SecureRandom();
    private final AtomicBoolean closed = new AtomicBoolean();

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Makes the directory (mode 0700) where it is missing. @throws StartRefused if another process holds it, or it cannot be written */
    static DataDirectory open(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
            Path root = directory.toRealPath();
            Files.createDirectories(root.resolve("run"));
            Files.createDirectories(root.resolve("logs"));
            FileChannel channel =
                    FileChannel.open(root.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartRefused("Holdfast runs already on " + root + "; see ./holdfast status --data " + root);
            }
            return new DataDirectory(root, channel);
        } catch (IOException e) {
            throw new StartRefused("cannot use the data directory " + directory + ": " + why(e), e);
        }
    }

    /** Some errors of files say nothing but the file's name. */
    private static String why(IOException e) {
        if (e instanceof FileAlreadyExistsException there) {
            return there.getFile() + " is there, and is no directory";
        }
        if (e instanceof AccessDeniedException denied) {
            return "this user may not write " + denied.getFile();
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " cannot be made";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Real path: no symbolic link, no dot. */
    Path root() {
        return root;
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path broker() {
        return root.resolve("broker");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path run() {
        return root.resolve("run");
    }

    Path adminPasswordFile() {
        return root.resolve("admin-password");
    }

    /**
     * The key that wraps all other keys, base64. Made at the first start. A key given from outside is kept at the first start and must be
     * the same at every later one: with another one, no stored secret can be read.
     */
    String secretKey(@Nullable String given) {
        Optional<String> kept = read("secret-key");
        if (kept.isPresent()) {
            if (given != null && !given.isBlank() && !given.strip().equals(kept.get())) {
                throw new StartRefused(
                        "HOLDFAST_SECRET_KEY differs from " + root.resolve("secret-key")
                                + ": with another key the stored secrets cannot be read; unset it, or use the data directory's key");
            }
            return kept.get();
        }
        String key =
                given == null || given.isBlank() ? randomBase64(Base64.getEncoder(), SECRET_KEY_BYTES) : given.strip();
        writeSecret("secret-key", key);
        return key;
    }

    /** The first password of the user {@code admin}: {@code given} or a random one, kept at the first start. */
    String adminPassword(@Nullable String given) {
        return read("admin-password").orElseGet(() -> {
            String password = given == null || given.isEmpty() ? newPassword() : given;
            writeSecret("admin-password", password);
            return password;
        });
    }

    /** The password of the embedded PostgreSQL's roles, made at the first start. */
    String databasePassword() {
        return read("database-password").orElseGet(() -> {
            String password = newPassword();
            writeSecret("database-password", password);
            return password;
        });
    }

    /** 144 random bits of letters, digits, {@code -} and {@code _}. */
    String newPassword() {
        return randomBase64(Base64.getUrlEncoder().withoutPadding(), PASSWORD_BYTES);
    }

    private String randomBase64(Base64.Encoder encoder, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return encoder.encodeToString(bytes);
    }

    private Optional<String> read(String name) {
        Path file = root.resolve(name);
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            throw new StartRefused("cannot read " + file + ": " + e, e);
        }
    }

    /** Writes a file that only its owner can read, whole or not at all. */
    void writeSecret(String name, String content) {
        Path file = root.resolve(name);
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(aside);
            Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap((content + "\n").getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartRefused("cannot write " + file + ": " + e, e);
        }
    }

    void delete(String... names) {
        Arrays.stream(names).map(root::resolve).forEach(file -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                lockFile.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
