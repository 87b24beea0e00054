package io.holdfast.inventory.files.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.files.FilePath;
import io.holdfast.inventory.files.Place;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads work directories of deployments. */
@ApplicationScoped
public class ReadWorkDirectory {

    private final DeploymentRecords deployments;
    private final WorkDirectories directories;
    private final ContentLibrary content;
    private final FileArchives archives;

    ReadWorkDirectory(
            DeploymentRecords deployments, WorkDirectories directories, ContentLibrary content, FileArchives archives) {
        this.deployments = deployments;
        this.directories = directories;
        this.content = content;
        this.archives = archives;
    }

    /**
     * @param path empty: the whole directory; what ends with a slash is a directory, anything else whichever there is
     * @param packed a directory as an archive, not as its index
     * @throws ManagerException {@code not_found_error}
     */
    public Served read(Place place, String path, boolean packed, CallerIdentity caller) {
        SeenDeployments.require(place, deployments, caller);
        try (WorkingCopy copy = copy(place)) {
            return read(place, copy.path(), path, packed);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the work directory of deployment " + place.id(), e);
        }
    }

    /** Copied while nobody changes it, so that the client may take its time afterwards. */
    private WorkingCopy copy(Place place) {
        return QuarkusTransaction.requiringNew()
                .call(() -> WorkingCopy.of(directories.forReading(place).sha256(), content));
    }

    private Served read(Place place, @Nullable Path zip, String path, boolean packed) throws IOException {
        SortedMap<String, Instant> files = archives.index(zip);
        if (path.equals(FilePath.INDEX)) {
            return new Served.Index(files);
        }
        if (files.containsKey(path)) {
            return Served.File.of(path, into -> archives.read(Objects.requireNonNull(zip), path, into));
        }
        String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        Served.Index index = Served.below(files, prefix);
        if (!prefix.isEmpty() && index.files().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "`" + path + "` is not in the work directory of deployment `" + place.id() + "`",
                    "its index tells what is: GET /resources/deployments/" + place.tenant() + "/" + place.id() + "/");
        }
        return packed ? Served.File.of(place.id() + ".tar.gz", into -> archives.pack(zip, prefix, into)) : index;
    }
}
