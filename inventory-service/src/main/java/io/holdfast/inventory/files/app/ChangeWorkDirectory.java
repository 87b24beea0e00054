package io.holdfast.inventory.files.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.TemporaryFile;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.files.FilePath;
import io.holdfast.inventory.files.ModificationTime;
import io.holdfast.inventory.files.Place;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Changes work directories of deployments: each change as a whole or not at all, one after the other. */
@ApplicationScoped
public class ChangeWorkDirectory {

    /** Directories that share one wait for each other without need, which is seldom. */
    private static final int LOCKS = 64;

    private final DeploymentRecords deployments;
    private final WorkDirectories directories;
    private final ContentLibrary content;
    private final FileArchives archives;
    private final FileArchives.Limits limits;
    private final Clock clock;

    /** Those who wait for a directory wait here, where they hold no connection. Other processes wait in the database. */
    private final ReentrantLock[] locks =
            IntStream.range(0, LOCKS).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    ChangeWorkDirectory(
            DeploymentRecords deployments,
            WorkDirectories directories,
            ContentLibrary content,
            FileArchives archives,
            WorkDirectoryConfig config,
            Clock clock) {
        this.deployments = deployments;
        this.directories = directories;
        this.content = content;
        this.archives = archives;
        this.limits =
                new FileArchives.Limits(config.maxFiles(), config.maxSize().asLongValue());
        this.clock = clock;
    }

    /**
     * Puts a file there, in place of the one that there may be.
     *
     * @param modifiedAt null: now
     * @return it and its time
     */
    public SortedMap<String, Instant> put(
            Place place, FilePath path, Path file, @Nullable Instant modifiedAt, CallerIdentity caller) {
        if (path.text().equals(FilePath.INDEX)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    path.text() + " is the directory's index, which is made of its files",
                    null);
        }
        Instant time = ModificationTime.rounded(modifiedAt == null ? clock.instant() : modifiedAt);
        return change(place, caller, (zip, into) -> {
            archives.put(zip, path, file, time, limits, into);
            return new Change(true, new TreeMap<>(Map.of(path.text(), time)));
        });
    }

    /**
     * Puts all files of an archive there; others stay.
     *
     * @param prefix of the directory that they are put in; empty: the whole one
     * @return them and their times
     */
    public SortedMap<String, Instant> extract(Place place, String prefix, Path archive, CallerIdentity caller) {
        return change(place, caller, (zip, into) -> {
            SortedMap<String, Instant> put = archives.extract(zip, prefix, archive, limits, into);
            return new Change(zip != null || !put.isEmpty(), put);
        });
    }

    /** Removes a file, or a directory with all that is in it. @param path empty: everything */
    public void remove(Place place, String path, CallerIdentity caller) {
        change(place, caller, (zip, into) -> {
            SortedMap<String, Instant> files = archives.index(zip);
            String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
            boolean there = path.isEmpty()
                    || files.containsKey(path)
                    || !Served.below(files, prefix).files().isEmpty();
            if (!there) {
                throw new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "`" + path + "` is not in the work directory of deployment `" + place.id() + "`",
                        null);
            }
            boolean filesLeft = zip != null && !archives.remove(zip, path, into).isEmpty();
            return new Change(filesLeft, new TreeMap<>());
        });
    }

    /** @param filesLeft whether the directory has files now */
    private record Change(boolean filesLeft, SortedMap<String, Instant> put) {}

    private interface Changing {
        Change change(@Nullable Path zip, Path into) throws IOException;
    }

    private SortedMap<String, Instant> change(Place place, CallerIdentity caller, Changing changing) {
        SeenDeployments.requireOwn(place, deployments, caller);
        ReentrantLock lock = locks[Math.floorMod(place.hashCode(), LOCKS)];
        lock.lock();
        try {
            return QuarkusTransaction.requiringNew().call(() -> changed(directories.forChanging(place), changing));
        } finally {
            lock.unlock();
        }
    }

    private SortedMap<String, Instant> changed(WorkDirectories.Held former, Changing changing) {
        String place = former.place().id();
        try (WorkingCopy copy = WorkingCopy.of(former.sha256(), content);
                TemporaryFile next = TemporaryFile.of("workdir")) {
            Change change = changing.change(copy.path(), next.path());
            String sha256 = change.filesLeft() ? content.store(next.path()).sha256() : null;
            directories.replace(former, sha256);
            String replaced = former.sha256();
            if (replaced != null && !replaced.equals(sha256)) {
                content.dropIfUnused(replaced);
            }
            return change.put();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change the work directory of deployment " + place, e);
        }
    }
}
