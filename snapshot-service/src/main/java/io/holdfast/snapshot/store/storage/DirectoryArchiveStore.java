package io.holdfast.snapshot.store.storage;

import io.holdfast.archive.ArchiveNames;
import io.holdfast.snapshot.store.ArchiveStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code <directory>/<tenant>/<id>.zip}. What is being written lies in {@code <directory>/.aside/} under the instance's id, on the same
 * file system, so that publishing is a rename. Instances are told apart by locked files: a lock dies with its process, so the next
 * start of the same instance gets the same id and knows that whatever carries it is dead.
 */
@ApplicationScoped
public class DirectoryArchiveStore implements ArchiveStore {

    private static final Logger LOG = Logger.getLogger(DirectoryArchiveStore.class);
    private static final String ASIDE = ".aside";
    private static final int MAX_INSTANCES = 64;

    private final Path directory;
    private final AtomicLong asides = new AtomicLong();
    private @Nullable FileChannel lockFile;
    private @Nullable String instanceId;

    @Inject
    DirectoryArchiveStore(StoreConfig config, @ConfigProperty(name = "holdfast.data") Optional<Path> data) {
        this(
                config.directory()
                        .or(() -> data.map(path -> path.resolve("archives")))
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        "set holdfast.data (HOLDFAST_DATA) or holdfast.snapshot.store.directory: archives need a place")));
    }

    DirectoryArchiveStore(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    void open(@Observes StartupEvent start) {
        try {
            open();
        } catch (IOException e) {
            throw new UncheckedIOException("the archive store " + directory + " cannot be used", e);
        }
    }

    synchronized void open() throws IOException {
        makeDirectory(directory);
        makeDirectory(directory.resolve(ASIDE));
        if (instanceId == null) {
            takeInstanceId();
        }
        sweep();
    }

    synchronized void close(@Observes ShutdownEvent stop) throws IOException {
        if (lockFile != null) {
            lockFile.close();
            lockFile = null;
            instanceId = null;
        }
    }

    @Override
    public Path aside(String tenantName, String snapshotId) throws IOException {
        return directory
                .resolve(ASIDE)
                .resolve(instanceId() + "-" + asides.incrementAndGet() + "-" + UUID.randomUUID() + ".part");
    }

    @Override
    public Path partOf(String sha256) {
        return directory.resolve(ASIDE).resolve(instanceId() + "-copy-" + ArchiveNames.segment(sha256) + ".part");
    }

    @Override
    public void publish(Path written, String tenantName, String snapshotId) throws IOException {
        Path archive = path(tenantName, snapshotId);
        Path parent = archive.getParent();
        if (parent == null) {
            throw new IOException("no directory: " + archive);
        }
        makeDirectory(parent);
        if (written.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
        }
        try (FileChannel file = FileChannel.open(written, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(written, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(parent);
    }

    @Override
    public void discard(Path written) {
        try {
            Files.deleteIfExists(written);
        } catch (IOException e) {
            LOG.warnf("%s could not be removed: %s", written, e.getMessage());
        }
    }

    @Override
    public Optional<Path> find(String tenantName, String snapshotId) {
        return Optional.of(path(tenantName, snapshotId)).filter(Files::isRegularFile);
    }

    @Override
    public void delete(String tenantName, String snapshotId) throws IOException {
        Path archive = path(tenantName, snapshotId);
        if (Files.deleteIfExists(archive) && archive.getParent() != null) {
            force(archive.getParent());
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public synchronized String instanceId() {
        if (instanceId == null) {
            throw new IllegalStateException("the archive store is not open");
        }
        return instanceId;
    }

    private Path path(String tenantName, String snapshotId) {
        return directory.resolve(ArchiveNames.segment(tenantName)).resolve(ArchiveNames.segment(snapshotId) + ".zip");
    }

    private void takeInstanceId() throws IOException {
        for (int slot = 1; slot <= MAX_INSTANCES; slot++) {
            FileChannel file = FileChannel.open(
                    directory.resolve(".instance-" + slot),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            boolean taken = false;
            try {
                if (lock(file)) {
                    lockFile = file;
                    instanceId = readOrMakeId(file);
                    taken = true;
                    return;
                }
            } finally {
                if (!taken) {
                    file.close();
                }
            }
        }
        throw new IOException("more than " + MAX_INSTANCES + " instances use " + directory);
    }

    /** The lock is held until the channel closes, so for the life of the process. */
    @SuppressWarnings("resource")
    private static boolean lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static String readOrMakeId(FileChannel file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        file.read(buffer, 0);
        String id = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
        if (!id.matches("[0-9a-f-]{36}")) {
            id = UUID.randomUUID().toString();
            file.truncate(0);
            file.write(ByteBuffer.wrap(id.getBytes(StandardCharsets.UTF_8)), 0);
            file.force(true);
        }
        return id;
    }

    /** What this instance was writing when it died. */
    private void sweep() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory.resolve(ASIDE), instanceId() + "-*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
                LOG.infof("Removed %s, which an earlier run left unfinished", file.getFileName());
            }
        }
    }

    private static void makeDirectory(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }

    /** Makes a rename last. Not every file system lets a directory be opened; then it cannot be had. */
    private static void force(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debugf("%s cannot be forced to the disk: %s", directory, e.getMessage());
        }
    }
}
